//! A room of real processes, and a run in it.

mod acts;
mod closed;
pub(super) mod open;

use std::collections::BTreeMap;
use std::fs;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, bail};

use super::Broker;
use super::builds::{Builds, Running};
use super::finding::{Fault, Finding};
use super::hands::{Counter, Hand};
use super::journal;
use super::link::Link;
use super::mad::Mad;
use super::memory::Memory;
use super::plan::{Act, Length, Part, SLOTS};
use super::programs::Program;
use super::report::Report;
use super::slots;
use super::stuck;
use super::truth::Life;
use super::verdict::{self, Slot, Sums};
use super::watch::OutputWatch;
use crate::terminal::say_duration;

/// Whatever should be up is up by then.
const PATIENCE: Duration = Duration::from_secs(60);
/// Whatever was accepted has arrived by then, once nothing happens any more.
const SETTLES: Duration = Duration::from_secs(120);
/// From one look at what should happen to the next.
const TICK: Duration = Duration::from_millis(20);
/// From one line of progress to the next, on a terminal and elsewhere.
const TOLD: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// Settings of a run.
pub(super) struct Settings {
    pub(super) broker: Broker,
    pub(super) seed: u64,
    pub(super) length: Length,
    /// Average time between acts.
    pub(super) pace: Duration,
    /// Presses a second.
    pub(super) presses: u32,
    pub(super) without: Vec<String>,
    pub(super) builds: Builds,
    /// Guests who never read are in the room, and memory is to stay flat.
    pub(super) soak: bool,
    /// No progress is told.
    pub(super) quiet: bool,
}

/// A room that runs.
struct Room {
    folder: PathBuf,
    core_program: PathBuf,
    db: PathBuf,
    programs: BTreeMap<Part, Program>,
    running: Running,
    lives: [Vec<Arc<Life>>; SLOTS],
    links: Vec<Link>,
    watch: OutputWatch,
    mad: Mad,
    at_once: Vec<JoinHandle<()>>,
    memory: Memory,
    findings: Vec<Finding>,
}

/// Plays one run: a room is opened, everything in the plan happens to it while hands press, and the journal is compared.
///
/// # Errors
/// When the room does not open.
pub(super) fn play(settings: &Settings) -> anyhow::Result<Report> {
    let begun = eg_clock::monotonic();
    let open::Opened { mut room, acts, pages, operator, skipped } = open::open(settings)?;
    let over = Arc::new(AtomicBool::new(false));
    let taken = Counter::default();
    let mut threads = room.watch.start(pages.clone(), &over);
    let mut other = operator.another();
    threads.push(operator.light(&over));
    if settings.soak {
        threads.extend(stuck::guests(room.mad.broker, &over));
    }
    let pace = Duration::from_secs(SLOTS as u64) / settings.presses.max(1);
    let hands: Vec<Hand> = pages
        .iter()
        .enumerate()
        .map(|(slot, page)| Hand::start(slot, *page, pace, settings.seed, Arc::clone(&taken)))
        .collect();
    let progress = Progress { settings, acts: acts.len(), taken: &taken, begun };
    let played = room.live(&acts, &progress);
    let presses: Vec<_> = hands.into_iter().map(Hand::end).collect();
    over.store(true, Ordering::Relaxed);
    // A thread that panicked has said so.
    threads.into_iter().for_each(|thread| drop(thread.join()));
    played.with_context(|| format!("logs in {}", room.folder.display()))?;
    if !settings.builds.is_open() {
        room.let_in(&mut other)?;
    }
    let lives = room.lives.clone();
    let truth: Vec<Slot> =
        presses.into_iter().zip(lives).map(|(presses, lives)| Slot { presses, lives }).collect();
    let sums = room.settle(&truth)?;
    let (unsafe_outputs, made_safe) = room.watch.findings();
    room.findings.extend(unsafe_outputs);
    room.close();
    let mut kinds = BTreeMap::new();
    acts.iter().for_each(|act| *kinds.entry(act.kind).or_default() += 1);
    let mut report = Report {
        room: settings.builds.name(settings.broker.name()),
        seed: settings.seed,
        took: eg_clock::monotonic() - begun,
        sums,
        acts: kinds,
        made_safe,
        seen_on: room.watch.seen_on(),
        findings: std::mem::take(&mut room.findings),
        folder: room.folder.clone(),
        memory: if settings.soak { room.memory.curves() } else { Vec::new() },
        skipped,
    };
    let grew = report.memory.iter().filter(|curve| !curve.is_flat());
    let grew: Vec<_> =
        grew.map(|curve| Finding { fault: Fault::Grew, what: format!("{curve:?}") }).collect();
    report.findings.extend(grew);
    report.findings.sort_by_key(|finding| finding.fault);
    if report.is_clean() {
        fs::remove_dir_all(&report.folder)?;
    } else {
        let lines: Vec<_> = report.findings.iter().map(ToString::to_string).collect();
        fs::write(report.folder.join("findings.txt"), lines.join("\n"))?;
    }
    Ok(report)
}

impl Room {
    /// Lets every act of the plan begin and end at its time.
    fn live(&mut self, acts: &[Act], progress: &Progress<'_>) -> anyhow::Result<()> {
        let mut steps: Vec<(Duration, usize, bool)> = acts
            .iter()
            .enumerate()
            .flat_map(|(number, act)| [(act.at, number, false), (act.at + act.lasts, number, true)])
            .collect();
        steps.sort();
        let start = eg_clock::monotonic();
        let mut log = fs::File::create(self.folder.join("acts.log"))?;
        for (at, number, ends) in steps {
            loop {
                self.look_after()?;
                let programs = self.programs.values();
                let running = programs.filter_map(|of| Some((of.name.as_str(), of.pid()?)));
                self.memory.sample(eg_clock::monotonic(), running);
                let wait = (start + at).saturating_sub(eg_clock::monotonic());
                if wait.is_zero() {
                    break;
                }
                progress.tell(number);
                thread::sleep(wait.min(TICK));
            }
            let act = &acts[number];
            let now = eg_clock::monotonic().as_secs_f64();
            let word = if ends { "ends" } else { "begins" };
            writeln!(log, "{now:.3} {} {:?} {word}", act.kind.name(), act.part)?;
            if ends {
                self.end(act)?;
            } else {
                self.begin(act)?;
            }
        }
        progress.end();
        Ok(())
    }

    /// Starts again what ended by itself, as systemd would, and notes that it did.
    fn look_after(&mut self) -> anyhow::Result<()> {
        let parts: Vec<Part> = self.programs.keys().copied().collect();
        for part in parts {
            let ended = self.programs.get_mut(&part).and_then(Program::ended_by_itself);
            if let Some(what) = ended {
                self.findings.push(Finding { fault: Fault::Ended, what });
                self.ended(part);
                self.start(part)?;
            }
        }
        Ok(())
    }

    /// Waits until what was surely accepted is in the journal, and compares.
    fn settle(&mut self, truth: &[Slot]) -> anyhow::Result<Sums> {
        let until = eg_clock::monotonic() + SETTLES;
        self.at_once.drain(..).for_each(|thread| drop(thread.join()));
        let mut last = None;
        loop {
            self.look_after()?;
            thread::sleep(Duration::from_secs(2));
            let rows = match journal::presses(&self.db) {
                Ok(rows) => rows,
                Err(error) if eg_clock::monotonic() > until => bail!(error),
                Err(_) => continue,
            };
            let (sums, found) = verdict::compare(truth, &rows);
            let waits = found.iter().any(|finding| finding.fault == Fault::Lost);
            // What came last may come twice.
            let still = last == Some(sums);
            if still && !waits || eg_clock::monotonic() > until {
                self.findings.extend(found);
                return Ok(sums);
            }
            last = Some(sums);
        }
    }

    /// Asks everything to end, and looks at what it leaves behind.
    fn close(&mut self) {
        for program in self.programs.values_mut() {
            // One that has ended is waited for below.
            let _ = program.terminate();
        }
        for program in self.programs.values_mut() {
            if program.join() {
                let what = format!("{} did not end within 20 s after SIGTERM", program.name);
                self.findings.push(Finding { fault: Fault::Ended, what });
            }
            let panics = program.panics().into_iter();
            self.findings.extend(panics.map(|what| Finding { fault: Fault::Ended, what }));
        }
        let outboxes = (0..SLOTS).map(|slot| self.folder.join(format!("{}.db", slots::name(slot))));
        let files = outboxes.chain([self.db.clone()]);
        self.findings.extend(files.filter_map(|file| journal::check(&file)));
        self.findings.extend(journal::replay(&self.core_program, &self.db));
    }
}

/// Progress of a run, told to whoever waits.
struct Progress<'s> {
    settings: &'s Settings,
    acts: usize,
    taken: &'s AtomicUsize,
    begun: Duration,
}

impl Progress<'_> {
    fn tell(&self, act: usize) {
        let on_terminal = std::io::stdout().is_terminal();
        let every = if on_terminal { TOLD.0 } else { TOLD.1 };
        let run = eg_clock::monotonic() - self.begun;
        let due = run.as_millis() / every.as_millis();
        let was = run.saturating_sub(TICK).as_millis() / every.as_millis();
        if self.settings.quiet || due == was {
            return;
        }
        let (broker, taken) = (self.settings.broker.name(), self.taken.load(Ordering::Relaxed));
        let (end, back) = if on_terminal { ("", "\r\x1b[K") } else { ("\n", "") };
        let run = say_duration(run);
        print!("{back}{broker}: act {act} of {}, {taken} presses, {run}{end}", self.acts);
        // A terminal that has gone reads nothing.
        let _ = std::io::stdout().flush();
    }

    fn end(&self) {
        if !self.settings.quiet && std::io::stdout().is_terminal() {
            print!("\r\x1b[K");
        }
    }
}

/// Waits for something, looking again and again.
pub(super) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> anyhow::Result<T> {
    let end = eg_clock::monotonic() + PATIENCE;
    while eg_clock::monotonic() < end {
        if let Some(found) = look() {
            return Ok(found);
        }
        thread::sleep(TICK);
    }
    bail!("waited in vain until {what}")
}

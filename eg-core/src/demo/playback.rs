//! Playback of a recorded session: its presses are pressed on simulated boards at their recorded pace, its acts are
//! done again, and the outcome is compared with the recorded one.

mod board;
mod script;

use super::args::Args;
use super::folder::{Folder, JOURNAL};
use super::ports::Layout;
use super::seat::DemoSlot;
use super::welcome::welcome;
use crate::clock::SteadyClock;
use crate::config::{CoreConfig, Environment, Seeds};
use crate::engine::command::{Actor, Command};
use crate::engine::handle::Handle;
use crate::journal::Entry;
use crate::journal::{Ending, Kind, Record};
use crate::server::Server;
use anyhow::{Context, Result, bail};
use eg_config::Source;
use eg_game::{StepResult, TimerId};
use eg_proto::SlotId;
use script::{Beat, PlaybackStep, script};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{sleep, timeout};

/// Name of the actor in the journal.
const REHEARSAL: &str = "rehearsal";
/// Longest wait for anything that was recorded to happen by itself.
const SETTLE_TIMEOUT: Duration = Duration::from_secs(10);

/// Shortest pause between two presses by one hand: a board has seen the first by then.
const HAND: Duration = Duration::from_millis(60);

/// Outcome of a session, recorded or played.
#[derive(Debug, Serialize)]
struct Outcome {
    results: Vec<StepResult>,
    ending: String,
}

impl Outcome {
    /// Returns `true` if both ended alike, with the same results: by the option that carried and by the tally. The
    /// spans between presses are never the same twice, and are not compared.
    fn is_like(&self, other: &Self) -> bool {
        let same = |(one, two): (&StepResult, &StepResult)| {
            (one.step, one.status, &one.outcome, &one.tally)
                == (two.step, two.status, &two.outcome, &two.tally)
        };
        self.ending == other.ending
            && self.results.len() == other.results.len()
            && self.results.iter().zip(&other.results).all(same)
    }
}

/// Plays the file's session again.
///
/// # Errors
/// The file is no record, a port is taken, or the session comes out otherwise.
pub(super) fn run(args: &Args, file: &Path, layout: Layout, folder: &Folder) -> Result<()> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let record = Record::from_json(&text).with_context(|| {
        format!("{} is no exported session; eg-core export writes one", file.display())
    })?;
    let house = open_house(&record, layout, folder.path())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(rehearse(args, &record, layout, folder.path(), &house))
}

fn open_house(record: &Record, layout: Layout, folder: &Path) -> Result<Server> {
    let session = &record.session;
    let slots: Vec<_> = session.roster.seats.iter().map(|seat| &seat.slot).collect();
    let room = json!({ "slots": slots, "game": session.game, "config": session.config });
    let file = json!({ "rooms": { session.room.as_str(): room } });
    let source = Source::text("the record", file.to_string());
    let mut config = CoreConfig::from_source(&source, &Environment::default())?;
    config.ports = layout.core();
    config.db = folder.join(JOURNAL);
    config.sessions.rules = session.roster.rules();
    if let Some(seed) = seed(record) {
        config.sessions.seeds = Seeds::Only(seed);
    }
    Server::open(&config, Arc::new(SteadyClock::default()))
        .context("the room cannot open; --ports auto takes ports that are free")
}

/// Returns the seed that the session drew from; `None` for a record from before there were seeds.
fn seed(record: &Record) -> Option<u64> {
    let started = record.entries.iter().find(|line| line.kind == Kind::Act)?;
    started.body.get("args")?.get("seed")?.as_u64()
}

async fn rehearse(
    args: &Args,
    record: &Record,
    layout: Layout,
    folder: &Path,
    house: &Server,
) -> Result<()> {
    let script = script(record);
    let access = house.core().access();
    let mut seats = Vec::new();
    for (place, seat) in record.session.roster.seats.iter().enumerate() {
        let board = board::board(&seat.slot, record, folder, house.core().mqtt().port);
        let page = layout.slot(u16::try_from(place).unwrap_or(u16::MAX));
        let sat = DemoSlot::sit(board, page, &access).await;
        seats.push(sat.with_context(|| seat.slot.to_string())?);
    }
    if !args.json {
        welcome(house, &seats, None, &folder.join(JOURNAL));
        script.left_out.iter().for_each(|(what, n)| eprintln!("{n} × {what} cannot be rehearsed"));
    }
    let player = Player { handle: house.handle(), record, seats: &seats, speed: args.speed };
    let played = player.play(script.beats).await;
    for seat in seats {
        seat.leave().await;
    }
    tell(args.json, &recorded(record), &played?)
}

/// Plays one record against a running core.
struct Player<'a> {
    handle: Handle,
    record: &'a Record,
    seats: &'a [DemoSlot],
    speed: f64,
}

impl Player<'_> {
    async fn play(&self, beats: Vec<Beat>) -> Result<Outcome> {
        let session = &self.record.session;
        let slots: Vec<SlotId> = self.seats.iter().map(|seat| seat.slot.clone()).collect();
        super::director::gather(&self.handle, &slots).await?;
        let mut heard = Heard::new(self.handle.live());
        let (room, game) = (session.room.clone(), Some(session.game.clone()));
        // Its own settings, as the room has read them.
        let config = None;
        let by = Actor(REHEARSAL.to_owned());
        let reason = Some("rehearsal".to_owned());
        let start = Command::Start { room, game, config, reason };
        heard.session = self.handle.ask(by, start).await?.number;
        // Acts are told by their number when they are undone: the numbers of then and now.
        let mut acts = BTreeMap::new();
        let mut touched = None;
        for Beat { pause, step } in beats {
            let (slot, least) = match &step {
                PlaybackStep::Press { slot, .. } if touched.as_ref() != Some(slot) => {
                    (Some(slot.clone()), Duration::ZERO)
                }
                PlaybackStep::Press { slot, .. } => (Some(slot.clone()), HAND),
                PlaybackStep::Act { .. } | PlaybackStep::Timer(_) if touched.is_none() => {
                    (None, Duration::ZERO)
                }
                PlaybackStep::Act { .. } | PlaybackStep::Timer(_) => (None, HAND),
            };
            sleep(pause.div_f64(self.speed).max(least)).await;
            self.step(step, &mut heard, &mut acts).await?;
            touched = slot;
        }
        self.settle().await?;
        let wanted = recorded(self.record);
        // What still follows by itself comes soon: the last result and the end.
        let over = heard.until(|heard| heard.outcome().is_like(&wanted));
        drop(timeout(SETTLE_TIMEOUT, over).await);
        Ok(heard.outcome())
    }

    async fn step(
        &self,
        step: PlaybackStep,
        heard: &mut Heard,
        acts: &mut BTreeMap<i64, i64>,
    ) -> Result<()> {
        match step {
            PlaybackStep::Press { slot, device, input, down } => {
                let seat = self.seats.iter().find(|seat| seat.slot == slot);
                let hands = seat.and_then(DemoSlot::hands);
                let hands = hands.with_context(|| format!("nobody sits at {slot}"))?;
                match down {
                    true => hands.press(&device, &input)?,
                    false => hands.release(&device, &input)?,
                }
            }
            PlaybackStep::Act { id, name, mut args, reason } => {
                self.settle().await?;
                let undone = args.get("entry").and_then(Value::as_i64);
                if let Some(now) = undone.and_then(|then| acts.get(&then)) {
                    args.insert("entry".to_owned(), (*now).into());
                }
                let by = Actor(REHEARSAL.to_owned());
                let room = self.record.session.room.clone();
                // One that was refused then is refused now, and changes nothing either.
                let act = Command::Act { room, name, args, reason };
                if let Ok(done) = self.handle.ask(by, act).await {
                    acts.insert(id, done.number);
                }
            }
            PlaybackStep::Timer(timer) => {
                self.settle().await?;
                let so_far = heard.rings.get(&timer).copied().unwrap_or_default();
                let nth = heard.expected.entry(timer).or_insert(0);
                *nth += 1;
                let nth = *nth;
                if so_far < nth {
                    let rang = |heard: &Heard| heard.rings.get(&timer).is_some_and(|n| *n >= nth);
                    drop(timeout(self.patience(), heard.until(rang)).await);
                }
            }
        }
        Ok(())
    }

    /// Returns the longest wait for a timer of the game: none ran longer than the session did.
    fn patience(&self) -> Duration {
        let started = self.record.session.started;
        self.record
            .entries
            .last()
            .map_or(SETTLE_TIMEOUT, |last| last.at.since(started) + SETTLE_TIMEOUT)
    }

    /// Waits until every press is stored.
    async fn settle(&self) -> Result<()> {
        for seat in self.seats {
            seat.watch().wait_for(|slot| slot.outbox.waiting == 0).await?;
        }
        Ok(())
    }
}

/// State of the session that is played, as heard from the core.
struct Heard {
    live: Receiver<Arc<Entry>>,
    session: i64,
    results: Vec<StepResult>,
    ending: Option<String>,
    rings: BTreeMap<TimerId, u32>,
    expected: BTreeMap<TimerId, u32>,
}

impl Heard {
    fn new(live: Receiver<Arc<Entry>>) -> Self {
        let (results, ending) = (Vec::new(), None);
        let (rings, expected) = (BTreeMap::new(), BTreeMap::new());
        Self { live, session: 0, results, ending, rings, expected }
    }

    fn outcome(&self) -> Outcome {
        let ending = self.ending.clone().unwrap_or_else(|| "running".to_owned());
        Outcome { results: self.results.clone(), ending }
    }

    /// Listens until a condition holds, or the core stops.
    async fn until(&mut self, so: impl Fn(&Self) -> bool) {
        while !so(self) {
            match self.live.recv().await {
                Ok(entry) if entry.session == Some(self.session) => self.hear(&entry),
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    }

    fn hear(&mut self, entry: &Entry) {
        let field = |name: &str| entry.body.get(name).cloned().unwrap_or_default();
        match entry.kind {
            Kind::Result => self.results.extend(serde_json::from_value(entry.body.clone()).ok()),
            Kind::Timer => {
                if let Ok(timer) = serde_json::from_value(field("timer")) {
                    *self.rings.entry(timer).or_default() += 1;
                }
            }
            Kind::Status => match field("status").as_str() {
                Some("running") => self.ending = None,
                Some(word) if field("device").is_null() => self.ending = Some(word.to_owned()),
                Some(_) | None => {}
            },
            Kind::Event
            | Kind::Vote
            | Kind::Played
            | Kind::Act
            | Kind::Request
            | Kind::Resumed
            | Kind::Refused
            | Kind::Gap
            | Kind::Note
            | Kind::Unreadable => {}
        }
    }
}

/// Returns the outcome that the record tells of.
fn recorded(record: &Record) -> Outcome {
    let results = record.entries.iter().filter(|line| line.kind.word() == "result");
    let results = results.filter_map(|line| serde_json::from_value(line.body.clone()).ok());
    let ending = match &record.session.ending {
        None => "running",
        Some(Ending::Done) => "done",
        Some(Ending::Aborted) => "aborted",
        Some(Ending::Failed { .. }) => "failed",
    };
    Outcome { results: results.collect(), ending: ending.to_owned() }
}

/// Prints the outcome, and whether it is as recorded; an error if it is not.
fn tell(json: bool, then: &Outcome, now: &Outcome) -> Result<()> {
    let same = then.is_like(now);
    if json {
        println!("{}", json!({ "recorded": then, "rehearsed": now, "same": same }));
    } else {
        for result in &now.results {
            println!("step {}: {}", result.step, result.why.en);
        }
        println!(
            "the session is {}, {}",
            now.ending,
            if same { "as recorded" } else { "otherwise" }
        );
    }
    if !same {
        bail!("it came out otherwise: recorded {}, rehearsed {}", json!(then), json!(now));
    }
    Ok(())
}

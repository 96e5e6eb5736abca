//! Begin and end of each act.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::{PATIENCE, Room};
use crate::torture::disk::DiskFault;
use crate::torture::finding::{Fault, Finding};
use crate::torture::hands::READERS;
use crate::torture::link::Mode;
use crate::torture::plan::{self, Act, Chance, Kind, Part, SLOTS};
use crate::torture::slots;
use crate::torture::truth::Life;

/// Time in which an earlier agent, which does not tell of it, has surely opened its boards.
const OPENS: Duration = Duration::from_secs(8);

impl Room {
    /// Begins an act.
    pub(super) fn begin(&mut self, act: &Act) -> anyhow::Result<()> {
        let mut chance = Chance::new(act.chance);
        match (act.kind, act.part) {
            (Kind::Kill, part) => self.kill(part),
            (Kind::Update, part) => {
                self.kill(part);
                self.running.update(part);
            }
            (Kind::Blackout, _) => self.everything().for_each(|part| self.kill(part)),
            (Kind::Term, part) => {
                // What is asked to end takes nothing from now on.
                self.ended(part);
                self.silence(part, true);
                if let Some(program) = self.programs.get_mut(&part) {
                    program.terminate()?;
                }
            }
            (Kind::Cut, Part::Link(slot)) => self.link(slot, Mode::Cut),
            (Kind::Freeze | Kind::Silence, Part::Link(slot)) => self.link(slot, Mode::Frozen),
            (Kind::Slow, Part::Link(slot)) => {
                let delay = Duration::from_millis(20 + chance.below(600));
                self.links[slot].set(Mode::Slow(delay));
            }
            (Kind::Stop | Kind::Silence, part) => self.stop(part, true)?,
            (Kind::SlowDisk, part) => {
                let millis = u8::try_from(20 + chance.below(130))?;
                self.disk(part, DiskFault::Slow(millis))?;
            }
            (Kind::FailingDisk, part) => self.disk(part, DiskFault::Fails)?,
            (Kind::FullDisk, part) => self.disk(part, DiskFault::Full)?,
            (Kind::Twin, part) => self.start(part)?,
            // It stands in the courses.
            (Kind::Clock, _) => {}
            (kind, _) => {
                let (mad, chance) = (self.mad.clone(), act.chance);
                self.at_once.retain(|thread| !thread.is_finished());
                self.at_once.push(thread::spawn(move || {
                    // A broker that is away or refuses has kept it out.
                    let _ = mad.act(kind, chance);
                }));
            }
        }
        Ok(())
    }

    /// Ends an act: what was stopped goes on or is started again.
    pub(super) fn end(&mut self, act: &Act) -> anyhow::Result<()> {
        match (act.kind, act.part) {
            (Kind::Kill | Kind::Term, part) => self.start_again(part)?,
            (Kind::Update, part) => {
                self.start_again(part)?;
                self.adopt();
            }
            (Kind::Blackout, _) => {
                for part in self.everything() {
                    self.start_again(part)?;
                }
            }
            (Kind::Cut | Kind::Freeze | Kind::Slow | Kind::Silence, Part::Link(slot)) => {
                self.links[slot].set(Mode::Open);
                if act.kind != Kind::Slow {
                    self.watch.silent(slot, false);
                }
            }
            (Kind::Stop | Kind::Silence, part) => self.stop(part, false)?,
            (Kind::SlowDisk | Kind::FailingDisk | Kind::FullDisk, part) => {
                self.disk(part, DiskFault::None)?;
            }
            (Kind::Twin, part) => {
                if let Some(program) = self.programs.get_mut(&part) {
                    program.kill();
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn everything(&self) -> impl Iterator<Item = Part> + use<> {
        plan::programs(self.programs.contains_key(&Part::Broker))
    }

    /// Starts a program. An agent begins a life.
    pub(super) fn start(&mut self, part: Part) -> anyhow::Result<()> {
        let life = match part {
            Part::Agent(slot) => {
                let life = Arc::new(Life::new(READERS.len() + 1));
                if !self.running.tells_events(part)() {
                    life.opens_in(OPENS);
                }
                self.lives[slot].push(Arc::clone(&life));
                self.watch.begin_anew(slot);
                Some(life)
            }
            // Nobody presses at a twin.
            Part::Twin(_) => Some(Arc::new(Life::new(1))),
            Part::Core | Part::Broker | Part::Link(_) | Part::Mad | Part::All | Part::Clock(_) => {
                None
            }
        };
        match self.programs.get_mut(&part) {
            Some(program) => program.start(life),
            None => Ok(()),
        }
    }

    pub(super) fn start_again(&mut self, part: Part) -> anyhow::Result<()> {
        let Some(program) = self.programs.get_mut(&part) else { return Ok(()) };
        if program.join() {
            let what = format!("{} did not end within 20 s after SIGTERM", program.name);
            self.findings.push(Finding { fault: Fault::Ended, what });
        }
        self.silence(part, false);
        self.start(part)
    }

    pub(super) fn kill(&mut self, part: Part) {
        self.ended(part);
        self.silence(part, true);
        if let Some(program) = self.programs.get_mut(&part) {
            program.kill();
        }
    }

    fn stop(&mut self, part: Part, stops: bool) -> anyhow::Result<()> {
        let now = eg_clock::monotonic();
        if let (Part::Agent(slot), true) = (part, stops) {
            self.lives[slot].last().inspect(|life| life.stop(true, now));
        }
        self.silence(part, stops);
        if let Some(program) = self.programs.get_mut(&part) {
            program.stop(stops)?;
        }
        if let (Part::Agent(slot), false) = (part, stops) {
            self.lives[slot].last().inspect(|life| life.stop(false, eg_clock::monotonic()));
            self.watch.begin_anew(slot);
        }
        Ok(())
    }

    /// Has the operator adopt every slot that is to be, each as soon as it asks.
    pub(super) fn adopt(&mut self) {
        if self.mad.secret.is_some() {
            return;
        }
        for slot in self.running.to_be_adopted() {
            let (core, db) = (self.core_program.clone(), self.db.clone());
            self.at_once.push(thread::spawn(move || slots::adopt(&core, &db, slot, PATIENCE)));
        }
    }

    /// A program ends: the life of an agent is over.
    pub(super) fn ended(&self, part: Part) {
        if let Part::Agent(slot) = part {
            self.lives[slot].last().inspect(|life| life.end(eg_clock::monotonic()));
        }
    }

    /// Without core or broker no slot hears anything.
    fn silence(&self, part: Part, begins: bool) {
        if matches!(part, Part::Core | Part::Broker) {
            (0..SLOTS).for_each(|slot| self.watch.silent(slot, begins));
        }
    }

    fn link(&self, slot: usize, mode: Mode) {
        self.links[slot].set(mode);
        self.watch.silent(slot, true);
    }

    fn disk(&self, part: Part, trouble: DiskFault) -> anyhow::Result<()> {
        let disk = self.programs.get(&part).and_then(|program| program.disk.as_ref());
        disk.map_or(Ok(()), |disk| disk.set(trouble))
    }
}

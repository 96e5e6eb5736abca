//! First writing of an engine: what it stores before anything else, at once or as soon as the disk takes it.

use super::beginning::Beginning;
use super::transaction::Transaction;
use super::{Alert, Engine, text};
use crate::journal::{JournalError, Kind, NewEntry};
use eg_proto::Boot;
use serde_json::json;

impl Engine {
    /// Writes what a new engine writes first. If the disk refuses, that is tried again with the next round.
    ///
    /// # Errors
    /// The journal itself is at fault.
    pub(in crate::engine) fn begin_life(&mut self) -> Result<(), JournalError> {
        let last_at = self.time.last;
        match self.write_beginning() {
            Ok(()) => Ok(()),
            Err(error) => {
                let error = error.at(self.journal.path());
                if !error.may_pass() {
                    return Err(error);
                }
                self.journal.rollback();
                self.time.last = last_at;
                self.wait_for_disk(&error, Vec::new(), self.time.now());
                Ok(())
            }
        }
    }

    /// Resumes the sessions and writes what else a new engine has to, unless that is done.
    pub(in crate::engine) fn write_beginning(&mut self) -> Result<(), JournalError> {
        let Some(beginning) = self.beginning.take() else { return Ok(()) };
        let written = self.write(&beginning);
        if written.is_err() {
            self.beginning = Some(beginning);
        }
        written
    }

    fn write(&mut self, beginning: &Beginning) -> Result<(), JournalError> {
        let now = self.time.now();
        let mut tx = Transaction::new(now, Vec::new());
        self.journal.begin()?;
        if beginning.drops_clocks || !self.time.boots.is_empty() {
            self.journal.keep_clocks(&self.time.boots)?;
        }
        self.journal.keep_course(self.time.clock.course())?;
        self.journal.give_up(now, &beginning.unreadable)?;
        let missing = self.journal.missing().filter(|_| beginning.alive.is_some());
        if let Some((last, had)) = missing {
            let line = text::missing(last, had);
            tracing::error!(journal = %self.journal.path().display(), "{}", line.en);
            let (at, kind, body) = (self.time.tick(now), Kind::Note, json!({ "line": line }));
            let (slot, session, cause, place) = (None, None, None, None);
            self.add(&mut tx, NewEntry { at, kind, slot, session, cause, place, body })?;
            self.alerts.insert(Alert::Missing, line);
        }
        if let Some(alive) = beginning.alive {
            self.resume(&mut tx, alive)?;
        }
        self.journal.commit()?;
        self.feed.changed = true;
        self.feed.send(tx.entries, tx.unheard, &self.journal);
        // They are sent with all that is unsent, once the broker is reached.
        self.publisher.send(tx.effects, &mut Vec::new());
        Ok(())
    }

    /// Registers this core's boot id. Event times that name it, or an earlier core whose clock this one carries on, are
    /// trusted; those that name any other core are dropped.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn goes_by(&mut self, boot: Boot) -> Result<(), JournalError> {
        let drops = self.beginning.as_ref().is_some_and(|beginning| beginning.drops_clocks);
        self.time.boots = if drops { Vec::new() } else { self.journal.clocks()? };
        self.time.boots.push(boot);
        let other = || Beginning { alive: None, drops_clocks: drops, unreadable: Vec::new() };
        self.beginning.get_or_insert_with(other);
        self.begin_life()
    }
}

//! The outbox itself, without its thread: it numbers, keeps, hands out and forgets. Time is an argument.

mod disk;

use super::boot_range::BootRange;
use super::health::Health;
use super::row::{Draft, Row};
use super::settings::Settings;
use super::store::Store;
use super::work::{LinkCommand, Work};
use eg_hal::Moment;
use eg_proto::{Ack, Event};
use std::collections::VecDeque;
use std::sync::mpsc::TrySendError;
use std::time::Duration;

/// Rows in one transaction, at most.
const CHUNK: usize = 512;
/// Rows wait so long for an answer about the core's time, so that they go with a time that is true.
const UNDATED: Duration = Duration::from_secs(1);
/// A cursor that no row has been passed with yet: even a first row comes from the disk then.
const BEFORE_ALL: i64 = -1;

/// The outbox itself.
#[derive(Debug)]
pub(crate) struct Worker {
    settings: Settings,
    store: Option<Store>,
    /// Earlier starts that left rows, oldest first; this start comes last.
    ranges: Vec<BootRange>,
    /// Numbered and not on disk yet.
    unsaved: VecDeque<Row>,
    saved: u64,
    last_id: i64,
    /// The last row that was handed out in this pass over the rows.
    cursor: i64,
    /// Handed out in this pass and not acknowledged.
    handed: VecDeque<i64>,
    highest_handed: i64,
    late_through: i64,
    flowing: bool,
    acking: bool,
    unforgotten: bool,
    retry: Option<(Moment, Duration)>,
    /// Moment until which rows wait for the core's time.
    dated_by: Option<Moment>,
    /// Tries in a row to read what is on disk, all of which failed.
    unread: u32,
    health: Health,
}

impl Worker {
    /// Opens the store. A store that refuses is told by [`health`](Self::health), and opened again later.
    pub(crate) fn new(settings: Settings, now: Moment) -> Self {
        let mut worker = Self::without_store(settings);
        worker.open(now);
        worker
    }

    /// Starts anew with the same store, as an agent does that was killed: what was not in the store is lost.
    pub(crate) fn restart(&mut self, settings: Settings, now: Moment) {
        let store = self.store.take();
        *self = Self::without_store(settings);
        match store.map(|store| store.found().map(|found| (store, found))) {
            Some(Ok((store, found))) => self.adopt(store, found),
            Some(Err(error)) => self.trouble(&error.into(), now),
            None => self.open(now),
        }
    }

    fn without_store(settings: Settings) -> Self {
        let own = BootRange { boot: settings.boot, base: 0, acked: 0, last: i64::MAX };
        Self {
            settings,
            store: None,
            ranges: vec![own],
            unsaved: VecDeque::new(),
            saved: 0,
            last_id: 0,
            cursor: BEFORE_ALL,
            handed: VecDeque::new(),
            highest_handed: 0,
            late_through: 0,
            flowing: false,
            acking: false,
            unforgotten: false,
            retry: None,
            dated_by: None,
            unread: 0,
            health: Health::default(),
        }
    }

    /// Returns the outbox's health after the last turn.
    pub(crate) fn health(&self) -> Health {
        let in_memory = u64::try_from(self.unsaved.len()).unwrap_or(u64::MAX);
        let own = self.ranges.last().map_or(0, |own| own.base);
        let taken = u64::try_from(self.last_id - own).unwrap_or(0);
        Health { taken, waiting: self.saved + in_memory, in_memory, ..self.health.clone() }
    }

    /// Returns the moment at which a turn is due although nothing arrived.
    pub(crate) fn deadline(&self) -> Option<Moment> {
        self.retry.map(|(at, _)| at).into_iter().chain(self.dated_by).min()
    }

    /// Does everything that arrived and gives the rows to send now, in order.
    pub(crate) fn turn(&mut self, work: Work, now: Moment) -> Vec<Row> {
        let Work { drafts, acks, dead_letters, link_command, .. } = work;
        let (acked, before) = (!acks.is_empty(), self.last_id);
        acks.into_iter().for_each(|ack| self.acknowledge(ack));
        // What happened before the link came back has waited for it, even if nobody had time to number it.
        self.number(drafts);
        if let Some(link_command) = link_command {
            self.obey(link_command);
        }
        let due = self.retry.is_none_or(|(at, _)| at <= now);
        if self.store.is_none() && due {
            self.open(now);
        }
        dead_letters.into_iter().for_each(|(id, why)| self.dead_letter(id, &why, now));
        self.switch_durability(now);
        let fresh = if due || acked { self.save(now) } else { Vec::new() };
        self.bound_memory();
        if self.unread > 0 && !due {
            // What cannot be read comes first, or nothing does.
            return Vec::new();
        }
        self.hand_out(before, fresh, now)
    }

    fn own(&mut self) -> &mut BootRange {
        let last = self.ranges.len() - 1;
        &mut self.ranges[last]
    }

    fn acknowledge(&mut self, ack: Ack) {
        let highest =
            if ack.boot == self.settings.boot { self.highest_handed } else { self.last_id };
        let Some(range) = self.ranges.iter_mut().find(|known| known.boot == ack.boot) else {
            return;
        };
        let through = range.id(ack.seq).min(highest);
        self.acking = true;
        if through > range.acked {
            range.acked = through;
            let base = range.base;
            let theirs = |id: i64| id > base && id <= through;
            self.handed.retain(|id| !theirs(*id));
            self.unsaved.retain(|row| !theirs(row.id));
            self.unforgotten = true;
        }
    }

    fn obey(&mut self, link_command: LinkCommand) {
        self.flowing = link_command == LinkCommand::Rewind;
        self.acking = false;
        let nothing_waits = self.saved == 0 && self.unsaved.is_empty();
        self.cursor = if nothing_waits { self.last_id } else { BEFORE_ALL };
        self.handed.clear();
        self.late_through = self.last_id;
        // Whoever pauses has nobody who could answer; the next pass waits anew.
        self.dated_by = None;
    }

    fn number(&mut self, drafts: Vec<Draft>) {
        for draft in drafts {
            self.last_id += 1;
            if self.saved + self.unsaved.len() as u64 >= self.settings.limits.rows {
                self.lose(1, "it holds as many events as it may");
                continue;
            }
            let (id, boot) = (self.last_id, self.settings.boot);
            let seq = u64::try_from(id - self.own().base).unwrap_or(0);
            let clock = &self.settings.clock;
            let taken = clock.take(draft.at, draft.unc_us, draft.src);
            let t = clock.date(taken);
            let Draft { device, input, kind, sim, .. } = draft;
            let event = Event { boot, seq, device, input, kind, t, late: false, sim };
            if let Some(events) = &self.settings.events
                && let Err(TrySendError::Full(event)) = events.try_send(event.clone())
            {
                tracing::warn!(
                    seq = event.seq,
                    "an event is not shown: nobody reads them fast enough"
                );
            }
            self.unsaved.push_back(Row::new(id, &event, taken));
        }
    }

    fn bound_memory(&mut self) {
        let excess = self.unsaved.len().saturating_sub(self.settings.limits.memory);
        if excess > 0 {
            let keep = self.unsaved.len() - excess;
            self.unsaved.truncate(keep);
            self.lose(excess as u64, "the disk refuses and memory is full");
        }
    }

    fn lose(&mut self, count: u64, why: &'static str) {
        self.health.lost += count;
        tracing::error!(count, total = self.health.lost, why, "events lost");
    }

    fn hand_out(&mut self, before: i64, fresh: Vec<Row>, now: Moment) -> Vec<Row> {
        let mut out = Vec::new();
        if !self.flowing || !self.may_date(now) {
            return out;
        }
        let mut room = self.room();
        if self.cursor >= before {
            let next = |row: &Row| row.id > before;
            for row in fresh.into_iter().filter(next).take(room) {
                self.hand(row, &mut out);
            }
            room = self.room();
        }
        while room > 0 && self.saved > 0 && self.cursor < self.last_id {
            let Some(rows) = self.read(room.min(CHUNK), now) else { return out };
            if rows.is_empty() {
                break;
            }
            rows.into_iter().for_each(|row| self.hand(row, &mut out));
            room = self.room();
        }
        let in_memory = self.unsaved.iter().filter(|row| row.id > self.cursor).take(room);
        let in_memory: Vec<Row> = in_memory.cloned().collect();
        in_memory.into_iter().for_each(|row| self.hand(row, &mut out));
        if out.is_empty() && self.unsaved.is_empty() && room > 0 {
            self.cursor = self.last_id;
        }
        out
    }

    /// Tells whether rows may go now: not while an answer about the core's time is on its way.
    fn may_date(&mut self, now: Moment) -> bool {
        let waits = self.saved > 0 || !self.unsaved.is_empty();
        if !waits || !self.settings.clock.is_asking() {
            self.dated_by = None;
            return true;
        }
        let until = *self.dated_by.get_or_insert(now + UNDATED);
        if now >= until {
            self.settings.clock.stop_asking();
            self.dated_by = None;
        }
        now >= until
    }

    fn room(&self) -> usize {
        self.settings.limits.window.saturating_sub(self.handed.len())
    }

    fn hand(&mut self, mut row: Row, out: &mut Vec<Row>) {
        self.cursor = row.id;
        let acked = |known: &BootRange| known.boot == row.boot && row.id <= known.acked;
        if self.ranges.iter().any(acked) {
            return;
        }
        let clock = &self.settings.clock;
        row.date(clock.core(), |taken| clock.date(taken));
        if row.id <= self.late_through {
            row.mark_late();
        }
        self.highest_handed = self.highest_handed.max(row.id);
        self.handed.push_back(row.id);
        out.push(row);
    }
}

#[cfg(test)]
mod tests;

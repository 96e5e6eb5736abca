//! The worker's dealings with its disk: open, write, read, and what to do when that fails.

use super::{BEFORE_ALL, CHUNK, Worker};
use crate::outbox::row::Row;
use crate::outbox::store::{Found, Store, StoreError};
use eg_hal::Moment;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Pauses between attempts to use a disk that refused: the shortest, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(5));

/// Tries to read what is on disk, seconds apart, before it is given up.
const READS: u32 = 3;

impl Worker {
    /// Opens the file, or a store in memory; a file that is damaged is set aside first.
    pub(super) fn open(&mut self, now: Moment) {
        let (path, bytes) = (self.settings.path.clone(), self.settings.limits.bytes);
        let opened = match path.as_deref().map(|path| (path, Store::open(path, bytes))) {
            None => Store::in_memory(),
            Some((path, Err(error))) if error.is_damage() => {
                self.set_aside(path, &error);
                Store::open(path, bytes)
            }
            Some((_, opened)) => opened,
        };
        match opened {
            Ok((store, found)) => self.adopt(store, found),
            Err(error) => self.trouble(&error, now),
        }
    }

    /// Goes on with a store: what it holds comes before what was numbered without it.
    pub(super) fn adopt(&mut self, store: Store, found: Found) {
        self.store = Some(store);
        self.saved = found.rows;
        self.health.dead_letters = found.dead_letters;
        let boot = self.settings.boot;
        if found.ranges.iter().all(|known| known.boot != boot) {
            self.rebase(found.last_id);
        }
        self.ranges.retain(|known| known.boot == boot);
        let earlier = found.ranges.into_iter().filter(|known| known.boot != boot);
        self.ranges.splice(0..0, earlier);
        self.late_through = self.last_id;
        self.cursor = BEFORE_ALL;
        self.handed.clear();
    }

    /// Moves what was numbered without the file behind what the file holds.
    fn rebase(&mut self, behind: i64) {
        let own = self.own();
        own.base += behind;
        own.acked += behind;
        self.last_id += behind;
        self.unsaved.iter_mut().for_each(|row| row.id += behind);
        if self.highest_handed > 0 {
            self.highest_handed += behind;
        }
    }

    fn set_aside(&mut self, path: &Path, error: &StoreError) {
        let aside = with_suffix(path, &format!(".damaged-{}", self.settings.boot));
        tracing::error!(path = %path.display(), aside = %aside.display(), %error, "outbox damaged, set aside");
        for tail in ["", "-wal", "-shm"] {
            let moved = std::fs::rename(with_suffix(path, tail), with_suffix(&aside, tail));
            if let (Err(error), "") = (moved, tail) {
                tracing::error!(%error, "the damaged outbox cannot be moved");
            }
        }
        self.health.set_aside = Some(aside);
    }

    /// Writes what is not on disk and forgets there what was acknowledged; gives the rows that are on disk now.
    pub(super) fn save(&mut self, now: Moment) -> Vec<Row> {
        let mut fresh = Vec::new();
        while let Some(store) = &mut self.store
            && (self.unforgotten || !self.unsaved.is_empty())
        {
            let chunk = self.unsaved.len().min(CHUNK);
            let acked = if self.unforgotten { self.ranges.as_slice() } else { &[] };
            let written = match store.write(acked, &self.unsaved.make_contiguous()[..chunk]) {
                Ok(gone) => Ok((gone, chunk)),
                // Room for what comes may only appear once the old is gone.
                Err(_) if self.unforgotten && chunk > 0 => {
                    store.write(acked, &[]).map(|gone| (gone, 0))
                }
                Err(error) => Err(error),
            };
            match written {
                Ok((gone, count)) => {
                    self.saved = self.saved.saturating_sub(gone) + count as u64;
                    fresh.extend(self.unsaved.drain(..count));
                    self.unforgotten = false;
                    self.ranges.retain(|range| range.acked < range.last);
                }
                Err(error) => {
                    self.trouble(&error.into(), now);
                    return fresh;
                }
            }
        }
        if self.store.is_some() && self.retry.take().is_some() {
            tracing::info!("the outbox is on disk again");
            self.health.trouble = None;
        }
        fresh
    }

    /// The next rows on disk; nothing when they cannot be read. What stays unreadable is set aside as a damaged file is:
    /// waiting for it longer would keep the living from the core.
    pub(super) fn read(&mut self, limit: usize, now: Moment) -> Option<Vec<Row>> {
        let Some(store) = &self.store else { return Some(Vec::new()) };
        let error: StoreError = match store.read(self.cursor, limit, self.settings.boot) {
            Ok(rows) => {
                self.unread = 0;
                return Some(rows);
            }
            Err(error) => error.into(),
        };
        self.unread += 1;
        self.trouble(&error, now);
        if self.unread >= READS && self.store.take().is_some() {
            self.saved = 0;
            if let Some(path) = self.settings.path.clone() {
                self.set_aside(&path, &error);
            }
        }
        if self.store.is_none() {
            self.unread = 0;
        }
        None
    }

    /// A row that no broker takes goes to the dead letters.
    pub(super) fn dead_letter(&mut self, id: i64, why: &str, now: Moment) {
        tracing::error!(id, why, "an event cannot be sent and was set aside as a dead letter");
        let in_memory = self.unsaved.len();
        self.unsaved.retain(|row| row.id != id);
        self.handed.retain(|handed| *handed != id);
        let new_dead_letters = match &mut self.store {
            Some(store) => store.dead_letter(id, why),
            None => Ok(false),
        };
        match new_dead_letters {
            Ok(true) => {
                self.saved = self.saved.saturating_sub(1);
                self.health.new_dead_letters += 1;
                self.health.dead_letters += 1;
            }
            Ok(false) if self.unsaved.len() < in_memory => self.health.new_dead_letters += 1,
            Ok(false) => {}
            Err(error) => self.trouble(&error.into(), now),
        }
    }

    /// While the core acknowledges, it is the durable copy; otherwise this disk is.
    pub(super) fn switch_durability(&mut self, now: Moment) {
        let durable = !(self.flowing && self.acking);
        if let Some(Err(error)) = self.store.as_mut().map(|store| store.durable(durable)) {
            self.trouble(&error.into(), now);
        }
    }

    pub(super) fn trouble(&mut self, error: &StoreError, now: Moment) {
        if self.health.trouble.is_none() {
            let path = self.settings.path.as_deref().map(Path::display);
            tracing::error!(path = path.map(tracing::field::display), %error, "outbox not on disk");
        }
        // What is tried in between, because an acknowledgement came, says nothing new.
        if self.retry.is_none_or(|(at, _)| at <= now) {
            let pause = self.retry.map_or(PAUSES.0, |(_, pause)| (pause * 2).min(PAUSES.1));
            self.retry = Some((now + pause, pause));
        }
        self.health.trouble = Some(error.to_string());
        if error.is_damage() {
            self.store = None;
            self.saved = 0;
        }
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

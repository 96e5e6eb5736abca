//! Marks, which are single values by name, and the quarantine of messages that could not be read.

use super::{Journal, JournalError, column};
use eg_proto::{Boot, RoomId, SlotId, Timestamp};
use rusqlite::{OptionalExtension, Row};
use serde_json::Value;

/// Number of messages kept in quarantine; the oldest go first.
const QUARANTINED: i64 = 1_000;
/// Number of cores whose times are still trusted.
const CLOCKS: usize = 100;
/// Number of bytes kept of a payload in quarantine.
const KEPT: usize = 4_096;

impl Journal {
    /// Returns the time at which the core was last known to be alive: that of its mark, or of its last entry.
    pub(crate) fn last_alive(&self) -> Result<Option<Timestamp>, JournalError> {
        let entry = "SELECT at_us FROM entry ORDER BY id DESC LIMIT 1";
        let time = |row: &Row<'_>| Ok(column::number(row, 0).ok().flatten());
        let entry = self.connection.query_row(entry, [], time).optional()?.flatten();
        let mark = self.mark("alive")?.and_then(|text| text.parse().ok());
        Ok(entry.max(mark).map(Timestamp))
    }

    pub(crate) fn mark_alive(&mut self, at: Timestamp) -> Result<(), JournalError> {
        self.set_mark("alive", &at.0.to_string())
    }

    /// Returns the course by which the clock of the last core went.
    pub(crate) fn course(&self) -> Result<Option<String>, JournalError> {
        self.mark("course")
    }

    pub(crate) fn keep_course(&mut self, course: Option<String>) -> Result<(), JournalError> {
        match course {
            Some(course) if self.course()?.as_ref() != Some(&course) => {
                self.set_mark("course", &course)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Returns the boot ids of cores whose clock went by the stored course.
    pub(crate) fn clocks(&self) -> Result<Vec<Boot>, JournalError> {
        let kept = self.mark("clocks")?.unwrap_or_default();
        Ok(kept.split(' ').filter_map(|boot| boot.parse().ok()).collect())
    }

    /// Stores the boot ids of cores whose clock goes by the stored course, the latest of them.
    pub(crate) fn keep_clocks(&mut self, boots: &[Boot]) -> Result<(), JournalError> {
        let latest = boots.get(boots.len().saturating_sub(CLOCKS)..).unwrap_or(boots);
        let kept: Vec<String> = latest.iter().map(Boot::to_string).collect();
        self.set_mark("clocks", &kept.join(" "))
    }

    /// Returns the slots that were linked when the journal was last written.
    pub(crate) fn linked(&self) -> Result<Vec<SlotId>, JournalError> {
        let find = "SELECT name FROM mark WHERE name >= 'linked:' AND name < 'linked;'";
        let mut find = self.connection.prepare_cached(find)?;
        let names = find.query_map([], |row| Ok(column::lossy(row, 0)))?;
        let names = names.collect::<Result<Vec<_>, _>>()?;
        let slots = names.iter().filter_map(|name| name.strip_prefix("linked:"));
        Ok(slots.filter_map(|slot| SlotId::new(slot).ok()).collect())
    }

    pub(crate) fn mark_linked(&mut self, slot: &SlotId, linked: bool) -> Result<(), JournalError> {
        let name = format!("linked:{slot}");
        if linked { self.set_mark(&name, "1") } else { self.forget_mark(&name) }
    }

    /// Returns the number of the act that called the roll of a room, while that is open.
    pub(crate) fn roll_call(&self, room: &RoomId) -> Result<Option<i64>, JournalError> {
        Ok(self.mark(&roll_call(room))?.and_then(|text| text.parse().ok()))
    }

    pub(crate) fn mark_roll_call(
        &mut self,
        room: &RoomId,
        entry: Option<i64>,
    ) -> Result<(), JournalError> {
        match entry {
            Some(entry) => self.set_mark(&roll_call(room), &entry.to_string()),
            None => self.forget_mark(&roll_call(room)),
        }
    }

    /// Returns the ticked lines of a room's reset, as JSON.
    pub(crate) fn reset(&self, room: &RoomId) -> Result<Option<String>, JournalError> {
        self.mark(&format!("reset:{room}"))
    }

    pub(crate) fn mark_reset(
        &mut self,
        room: &RoomId,
        ticks: Option<&serde_json::Value>,
    ) -> Result<(), JournalError> {
        let name = format!("reset:{room}");
        match ticks {
            Some(ticks) => self.set_mark(&name, &ticks.to_string()),
            None => self.forget_mark(&name),
        }
    }

    /// Returns the number of the act that started the last show of a room.
    pub(crate) fn show(&self, room: &RoomId) -> Result<Option<i64>, JournalError> {
        Ok(self.mark(&format!("show:{room}"))?.and_then(|text| text.parse().ok()))
    }

    pub(crate) fn mark_show(&mut self, room: &RoomId, entry: i64) -> Result<(), JournalError> {
        self.set_mark(&format!("show:{room}"), &entry.to_string())
    }

    /// Returns the places of the slots on the plan of a room, as JSON.
    pub(crate) fn plan(&self, room: &RoomId) -> Result<Option<String>, JournalError> {
        self.mark(&plan(room))
    }

    /// Stores the places of the slots on the plan of a room, as JSON.
    pub(crate) fn keep_plan(&mut self, room: &RoomId, places: &str) -> Result<(), JournalError> {
        self.set_mark(&plan(room), places)
    }

    /// Returns the settings that were saved for a room.
    pub(crate) fn settings(&self, room: &RoomId) -> Result<Option<Value>, JournalError> {
        let kept = self.mark(&settings(room))?;
        Ok(kept.and_then(|text| serde_json::from_str(&text).ok()))
    }

    pub(crate) fn keep_settings(
        &mut self,
        room: &RoomId,
        saved: Option<&Value>,
    ) -> Result<(), JournalError> {
        match saved {
            Some(saved) => self.set_mark(&settings(room), &saved.to_string()),
            None => self.forget_mark(&settings(room)),
        }
    }

    /// Returns `true` if the last event of a slot came from a simulated board.
    pub(crate) fn is_simulated(&self, slot: &SlotId) -> Result<bool, JournalError> {
        Ok(self.mark(&simulated(slot))?.is_some())
    }

    pub(crate) fn mark_simulated(&mut self, slot: &SlotId, sim: bool) -> Result<(), JournalError> {
        match sim {
            true => self.set_mark(&simulated(slot), "true"),
            false => self.forget_mark(&simulated(slot)),
        }
    }

    pub(super) fn forget_mark(&mut self, name: &str) -> Result<(), JournalError> {
        self.connection.execute("DELETE FROM mark WHERE name = ?1", [name])?;
        Ok(())
    }

    fn mark(&self, name: &str) -> Result<Option<String>, JournalError> {
        let find = "SELECT value FROM mark WHERE name = ?1";
        let value = |row: &Row<'_>| Ok(column::text(row, 0).ok().flatten());
        Ok(self.connection.query_row(find, [name], value).optional()?.flatten())
    }

    pub(super) fn set_mark(&mut self, name: &str, value: &str) -> Result<(), JournalError> {
        let set = "INSERT INTO mark (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.connection.prepare_cached(set)?.execute((name, value))?;
        Ok(())
    }

    /// Stores the beginning of a message that could not be read.
    pub(crate) fn quarantine(
        &mut self,
        at: Timestamp,
        topic: &str,
        why: &str,
        payload: &[u8],
    ) -> Result<(), JournalError> {
        let bytes = i64::try_from(payload.len()).unwrap_or(i64::MAX);
        let kept = payload.get(..KEPT).unwrap_or(payload);
        let add = "INSERT INTO quarantine (at_us, topic, why, bytes, payload) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.connection.prepare_cached(add)?.execute((at.0, topic, why, bytes, kept))?;
        let last = self.connection.last_insert_rowid();
        let drop_old = "DELETE FROM quarantine WHERE id <= ?1";
        self.connection.prepare_cached(drop_old)?.execute([last - QUARANTINED])?;
        Ok(())
    }
}

fn plan(room: &RoomId) -> String {
    format!("plan:{room}")
}

fn simulated(slot: &SlotId) -> String {
    format!("simulated:{slot}")
}

fn settings(room: &RoomId) -> String {
    format!("settings:{room}")
}

fn roll_call(room: &RoomId) -> String {
    format!("roll-call:{room}")
}

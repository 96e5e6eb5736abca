//! Store of the floor: events in SQLite, and the votes of the step that is open.

use anyhow::Result;
use rusqlite::{Connection, params};
use serde::Deserialize;
use std::collections::HashMap;
use std::path::Path;

/// Number of slots that vote.
const VOTERS: usize = 9;

/// The parts of an event that are looked at.
#[derive(Deserialize)]
struct Seen<'e> {
    boot: &'e str,
    seq: i64,
    input: &'e str,
}

/// An answer: a topic and a payload.
type Answer = (String, Vec<u8>);

pub(super) struct Store {
    connection: Connection,
    open: bool,
    /// Newest event of each slot that waits for the commit, by the topic of its acknowledgement.
    acks: HashMap<String, (String, i64)>,
    step: u32,
    votes: HashMap<String, String>,
}

impl Store {
    pub(super) fn open(file: &Path, durability: &str) -> Result<Self> {
        let connection = Connection::open(file)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", durability)?;
        connection.execute_batch(
            "CREATE TABLE event (slot TEXT, boot TEXT, seq INTEGER, body BLOB) STRICT",
        )?;
        let (acks, votes) = (HashMap::new(), HashMap::new());
        Ok(Self { connection, open: false, acks, step: 0, votes })
    }

    /// Takes a message; answers at once what stores nothing.
    pub(super) fn take(&mut self, topic: &str, payload: &[u8]) -> Result<Option<Answer>> {
        if topic == "bench/step" {
            self.step = std::str::from_utf8(payload)?.parse()?;
            self.votes.clear();
            return Ok(Some(("eg/night/step".to_owned(), payload.to_vec())));
        }
        let Some((slot, end)) = topic.strip_prefix("eg/dev/").and_then(|rest| rest.split_once('/'))
        else {
            return Ok(None);
        };
        match end {
            "clock/ping" => Ok(Some((format!("eg/dev/{slot}/clock/pong"), payload.to_vec()))),
            "input/event" => {
                self.event(slot, payload)?;
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    fn event(&mut self, slot: &str, payload: &[u8]) -> Result<()> {
        let seen: Seen<'_> = serde_json::from_slice(payload)?;
        if !self.open {
            self.connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
            self.open = true;
        }
        let row = params![slot, seen.boot, seen.seq, payload];
        self.connection
            .prepare_cached("INSERT INTO event VALUES (?1, ?2, ?3, ?4)")?
            .execute(row)?;
        match self.acks.get_mut(slot) {
            Some((boot, seq)) if boot == seen.boot => *seq = seen.seq,
            _ => drop(self.acks.insert(slot.to_owned(), (seen.boot.to_owned(), seen.seq))),
        }
        if self.step > 0 {
            self.votes.insert(slot.to_owned(), seen.input.to_owned());
        }
        Ok(())
    }

    /// Puts what was taken on the disk and returns all that may be said now.
    pub(super) fn commit(&mut self) -> Result<Vec<Answer>> {
        if !self.open {
            return Ok(Vec::new());
        }
        self.connection.prepare_cached("COMMIT")?.execute([])?;
        self.open = false;
        let mut answers = Vec::new();
        for (slot, (boot, seq)) in self.acks.drain() {
            let ack = format!(r#"{{"boot":"{boot}","seq":{seq}}}"#);
            answers.push((format!("eg/dev/{slot}/input/ack"), ack.into_bytes()));
        }
        if self.step > 0 && self.votes.len() == VOTERS {
            let result = format!(r#"{{"step":{},"votes":{VOTERS}}}"#, self.step);
            answers.push(("eg/night/result".to_owned(), result.into_bytes()));
            self.step = 0;
        }
        Ok(answers)
    }
}

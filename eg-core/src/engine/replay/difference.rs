//! Difference between a replay and its record.

use eg_proto::Timestamp;
use serde::Serialize;
use serde_json::Value;
use std::fmt;
use std::time::UNIX_EPOCH;

/// First place where a replay does not match its record.
#[derive(Clone, Debug, PartialEq, Serialize, thiserror::Error)]
#[error(
    "session {session} differs at entry {entry}, {time}: {what}\n  recorded  {}\n  came out  {}",
    Told(.recorded), Told(.came_out), time = humantime::format_rfc3339_millis(UNIX_EPOCH + .at.since(Timestamp(0)))
)]
pub struct Difference {
    /// Number of the session.
    pub session: i64,
    /// Number of the entry in the journal; 0 before the first.
    pub entry: i64,
    /// Time of the entry, in µs since the Unix epoch.
    pub at: Timestamp,
    /// Part that differs.
    pub what: What,
    /// Recorded value; null for nothing. Of views, offers and timers it is a digest alone.
    pub recorded: Value,
    /// Value that the replay gave; null for nothing.
    pub came_out: Value,
}

/// Part in which a replay and its record differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Revision of the rules, which this core does not know.
    Rules,
    /// Entry that this core cannot read.
    Entry,
    /// Entry beside its cause: a result, a refusal, a note, the end.
    Line,
    /// Command, or message to everybody.
    Sent,
    /// Timer that expired.
    Timer,
    /// Timers that run afterwards.
    Timers,
    /// Views of the operator and the public afterwards.
    Views,
    /// Acts that the operator is offered afterwards.
    Offers,
    /// Ending of the session.
    Ending,
}

impl fmt::Display for What {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Rules => "its rules are of a later revision than this core's",
            Self::Entry => "the entry makes no sense",
            Self::Line => "what followed is another",
            Self::Sent => "what was sent is another",
            Self::Timer => "this timer did not run out",
            Self::Timers => "other timers run afterwards",
            Self::Views => "something else is seen afterwards",
            Self::Offers => "something else is offered afterwards",
            Self::Ending => "the session ends otherwise",
        })
    }
}

/// Displays a JSON value on one line; null as `nothing`.
struct Told<'a>(&'a Value);

impl fmt::Display for Told<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_null() { out.write_str("nothing") } else { write!(out, "{}", self.0) }
    }
}

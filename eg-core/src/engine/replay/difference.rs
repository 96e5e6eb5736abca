//! Where a replay and its record part.

use eg_proto::Timestamp;
use serde::Serialize;
use serde_json::Value;
use std::fmt;
use std::time::UNIX_EPOCH;

/// The first place where a replay is not what was recorded.
#[derive(Clone, Debug, PartialEq, Serialize, thiserror::Error)]
#[error(
    "session {session} differs at entry {entry}, {time}: {what}\n  recorded  {}\n  came out  {}",
    Told(.recorded), Told(.came_out), time = humantime::format_rfc3339_millis(UNIX_EPOCH + .at.since(Timestamp(0)))
)]
pub struct Difference {
    /// Which session.
    pub session: i64,
    /// The entry's number in the journal; 0 before the first.
    pub entry: i64,
    /// Its time.
    pub at: Timestamp,
    /// What differs.
    pub what: What,
    /// What the record holds; null for nothing. Of what could be seen it holds a digest alone.
    pub recorded: Value,
    /// What the replay gave; null for nothing.
    pub came_out: Value,
}

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It was played by a revision of the rules that this core does not know.
    Rules,
    /// The entry itself makes no sense to this core.
    Entry,
    /// A line beside its cause: a result, a refusal, a note, the end.
    Line,
    /// A command, or what was told to everybody.
    Sent,
    /// A timer that ran out.
    Timer,
    /// The timers that run afterwards.
    Timers,
    /// What the operator and the public see afterwards.
    Views,
    /// What the operator may do afterwards.
    Offers,
    /// How the session ended.
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

/// A value on one line; nothing for null.
struct Told<'a>(&'a Value);

impl fmt::Display for Told<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_null() { out.write_str("nothing") } else { write!(out, "{}", self.0) }
    }
}

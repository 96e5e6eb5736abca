//! Report of a rehearsal.

use serde::{Serialize, Serializer};
use std::time::Duration;

/// Report of a rehearsal: its length, its counts, and everything that went wrong.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Name of the script.
    pub name: String,
    /// Seed of the rehearsal: the same script with the same seed gives the same events.
    pub seed: u64,
    /// Virtual duration of the rehearsal, in seconds when serialized.
    #[serde(rename = "played_s", serialize_with = "seconds")]
    pub played: Duration,
    /// Real time that it took to play the rehearsal, in seconds when serialized.
    #[serde(rename = "took_s", serialize_with = "seconds")]
    pub took: Duration,
    /// Number of events that the slots have numbered.
    pub events: u64,
    /// Number of entries in the journal.
    pub entries: u64,
    /// Number of sessions that were played.
    pub sessions: u64,
    /// Number of commands that slots have answered.
    pub commands: u64,
    /// Digest of the journal, 16 hexadecimal digits: the same script with the same seed gives the same digest.
    pub fingerprint: String,
    /// Failures, in the order of their discovery; empty when all is well.
    pub failures: Vec<Failure>,
}

/// Single failure of a rehearsal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Time of the failure, in seconds from the start, e.g. `12.345 s`; `None` for a check at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Number of the script's line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Description of the failure: what was wanted and what was found.
    pub what: String,
}

impl Report {
    /// Returns the ratio of virtual to real time.
    pub fn speed(&self) -> f64 {
        self.played.as_secs_f64() / self.took.as_secs_f64().max(1e-6)
    }
}

fn seconds<S: Serializer>(span: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64(span.as_secs_f64())
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}, ")?;
        }
        if let Some(at) = &self.at {
            write!(f, "at {at}: ")?;
        }
        f.write_str(&self.what)
    }
}

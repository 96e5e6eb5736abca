//! What a rehearsal came to.

use serde::{Serialize, Serializer};
use std::time::Duration;

/// What a rehearsal came to.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// What the script is about.
    pub name: String,
    /// The seed: the same script with the same seed is the same night.
    pub seed: u64,
    /// How long the night was, in its own time.
    #[serde(rename = "played_s", serialize_with = "seconds")]
    pub played: Duration,
    /// How long it took to play it.
    #[serde(rename = "took_s", serialize_with = "seconds")]
    pub took: Duration,
    /// Events that the slots have numbered.
    pub events: u64,
    /// Entries in the journal.
    pub entries: u64,
    /// Sessions that were played.
    pub sessions: u64,
    /// Commands that slots have answered.
    pub commands: u64,
    /// A digest of the journal: the same script with the same seed gives the same.
    pub fingerprint: String,
    /// What went otherwise than it should. Empty when all is well.
    pub failures: Vec<Failure>,
}

/// One thing that went otherwise than it should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// When, in seconds and milliseconds from the start; none for what only the end shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The line of the script.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What was wanted and what was found.
    pub what: String,
}

impl Report {
    /// How many times faster than the night itself.
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

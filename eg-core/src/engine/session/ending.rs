//! Endings: how the status of a session stands in the journal.

use crate::engine::read_model::SessionStatus;
use crate::journal::Ending;

/// How a session of this status ended, when it did so at this entry.
pub(in crate::engine) fn ending(status: &SessionStatus, at: i64) -> Option<Ending> {
    match status {
        SessionStatus::Running => None,
        SessionStatus::Done => Some(Ending::Done),
        SessionStatus::Aborted => Some(Ending::Aborted),
        SessionStatus::Failed(why) => Some(Ending::Failed { at, why: why.clone() }),
    }
}

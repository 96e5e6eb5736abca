//! Endings: conversion of a session's status to the form that the journal keeps.

use crate::engine::read_model::SessionStatus;
use crate::journal::Ending;

/// Returns the ending of a session of this status, which ended with entry `at`; `None` while it runs.
pub(in crate::engine) fn ending(status: &SessionStatus, at: i64) -> Option<Ending> {
    match status {
        SessionStatus::Running => None,
        SessionStatus::Done => Some(Ending::Done),
        SessionStatus::Aborted => Some(Ending::Aborted),
        SessionStatus::Failed(why) => Some(Ending::Failed { at, why: why.clone() }),
    }
}

//! Rehearsals: a whole room under virtual time, from a YAML file and a seed.
//!
//! The engine, the journal, the games, the drivers, their simulated boards and the slots' clocks are those of a real
//! night. What is played is the network between them, the clock, and the people. At the end of every rehearsal
//! whatever the file says must hold, and this always: each event that a slot has numbered is stored once and in order,
//! no game has failed, a core that starts again shows the same, and every session replays to what was recorded.

mod agenda;
mod expect;
mod people;
mod random;
mod report;
mod script;
mod seat;
mod verdict;
mod world;

pub use report::{Failure, Report};
pub use script::{Script, ScriptFile};

use eg_config::Problems;
use std::time::Instant;

/// A rehearsal could not be played at all.
#[derive(Debug, thiserror::Error)]
pub enum RehearseError {
    /// Something is written wrongly, in the script or in a slot's file.
    #[error(transparent)]
    File(#[from] Problems),
    /// The journal cannot be written.
    #[error(transparent)]
    Journal(#[from] crate::journal::JournalError),
    /// There is no place for the journal.
    #[error("no folder for the journal: {0}")]
    Folder(#[from] std::io::Error),
}

/// Plays a script, with its own seed or another.
///
/// # Errors
/// It could not be played. What went otherwise than it should is in the report.
pub fn rehearse(script: &Script, seed: Option<u64>) -> Result<Report, RehearseError> {
    let seed = seed.unwrap_or(script.seed);
    #[expect(clippy::disallowed_methods, reason = "only to tell how long it took")]
    let started = Instant::now();
    let mut world = world::World::open(script, seed)?;
    world.play(script);
    let mut report = verdict::close(world)?;
    report.name.clone_from(&script.name);
    report.took = started.elapsed();
    Ok(report)
}

/// A script that a seed has made up: any people, acts and troubles.
///
/// # Errors
/// Never, but for a fault in the maker.
pub fn made_up(seed: u64) -> Result<Script, Problems> {
    random::script(seed)
}

//! Rehearsals: a whole room under virtual time, from a YAML file and a seed.
//!
//! The engine, the journal, the games, the drivers, their simulated boards and the slots' clocks are those of a real
//! night; only the network between them, the clock and the people are simulated. At the end of every rehearsal the
//! file's expectations must hold, and always these: each event that a slot has numbered is stored once and in order, no
//! game has failed, a core that starts again shows the same, and every session replays to what was recorded.

mod agenda;
mod error;
mod expect;
mod people;
mod random;
mod report;
mod script;
mod seat;
mod verdict;
mod world;

pub use error::RehearseError;
pub use report::{Failure, Report};
pub use script::{Script, ScriptFile};

use eg_config::Problems;
use std::time::Instant;

/// Plays a script, with its own seed or another, and returns the report.
///
/// # Errors
/// [`RehearseError`] if it could not be played. Unmet expectations are in the report.
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

/// Makes up a script from a seed, with random people, acts and troubles.
///
/// # Errors
/// Never, unless the generator has a bug.
pub fn made_up(seed: u64) -> Result<Script, Problems> {
    random::script(seed)
}

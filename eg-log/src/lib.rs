//! Log of EG's programs.
//!
//! A program that a service manager started writes to journald by its own protocol, so that priority, slot and room are fields to
//! search by; any other writes lines to standard error. Which levels are written can change while it runs.

mod crash;
mod fields;
mod journald;
mod levels;

pub use crash::{CrashReport, report_panics};
pub use journald::Journald;
pub use levels::{Levels, WrongLevels};

use std::io::IsTerminal;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;
use tracing_subscriber::reload;

/// Starts the log of this process. `wanted` is a level, or targets with theirs such as `eg_agent=debug`; `plain` writes no
/// colours.
///
/// # Errors
/// The levels are malformed.
pub fn start(program: &str, wanted: &str, plain: bool) -> Result<Levels, WrongLevels> {
    let filter: Targets = levels::read(wanted)?;
    let (filter, handle) = reload::Layer::new(filter);
    // As boxes, so that the filter's handle has one type.
    let writer = match Journald::of_service(program) {
        Some(journald) => journald.boxed(),
        None => tracing_subscriber::fmt::layer()
            .with_ansi(std::io::stderr().is_terminal() && !plain)
            .with_writer(std::io::stderr)
            .boxed(),
    };
    tracing_subscriber::registry().with(writer.with_filter(filter)).init();
    Ok(Levels::new(wanted, handle))
}

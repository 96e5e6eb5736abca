//! The core: broker, journal, games, API and operator page.

pub mod broker;
pub mod clock;
mod games;
pub mod handle;
pub mod journal;
pub mod state;

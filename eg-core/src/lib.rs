//! The core: broker, journal, games, API and operator page.

pub mod broker;
mod games;

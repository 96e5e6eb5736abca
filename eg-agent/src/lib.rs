//! The agent of a slot: drivers in, numbered events out.

pub mod config;
pub mod core_clock;
pub mod drivers;
pub mod normalize;
pub mod outbox;

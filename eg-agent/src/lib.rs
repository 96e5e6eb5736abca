//! The agent of a slot: drivers in, numbered events out.

pub mod core_clock;
pub mod drivers;
pub mod outbox;

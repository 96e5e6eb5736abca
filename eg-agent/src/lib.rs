//! The agent of a slot: drivers in, numbered events out.

pub mod drivers;

//! The rooms of older installations: the only place of the core where games are known by name.

mod bank;
mod night;

/// The game of the old contract.
pub(in crate::engine) const NIGHT: &str = "night-vote";

/// The game that answers requests of devices.
pub(in crate::engine) const BANK: &str = "casino";

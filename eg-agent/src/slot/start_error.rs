//! Reasons why a slot does not start.

#[cfg(not(feature = "rppal"))]
use crate::config::NO_RPPAL;
use crate::pairing::{AuthorityError, SecretError};
use eg_config::Problems;
use eg_mqtt::OptionsError;
use std::io;

/// Reasons why a slot does not start. A missing board, broker or disk is none: those are shown and tried again.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The slot's file does not fit its drivers.
    #[error(transparent)]
    File(#[from] Problems),
    /// The slot's settings are such that no broker would take them.
    #[error(transparent)]
    Link(#[from] OptionsError),
    /// The authority of the core cannot be read.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// The slot's secret cannot be read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The system has no thread or descriptor left.
    #[error("cannot start the slot's threads: {0}")]
    System(#[from] io::Error),
    /// The slot's file asks for `rppal`, and this agent was built without it.
    #[cfg(not(feature = "rppal"))]
    #[error("{NO_RPPAL}")]
    NoRppal,
    /// The machine has no such hardware, or does not let us have it.
    #[cfg(feature = "rppal")]
    #[error(transparent)]
    Hardware(#[from] eg_hal::BoardError),
}

//! `eg-agent run` as a service manager and a person at the page meet it.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod agent;
mod discovering;
mod doctor;
mod events;
#[path = "../link/held_port.rs"]
mod held_port;
mod monitor;
mod reloading;
mod scenario;
mod secret;
mod systemd;

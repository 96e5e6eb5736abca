//! The core: broker, journal, games, API and operator page.

pub mod api;
mod archivist;
pub mod auth;
pub mod broker;
pub mod cli;
pub mod clock;
pub mod config;
#[cfg(feature = "demo")]
mod demo;
pub mod effects;
pub mod engine;
mod games;
pub mod handle;
mod house;
pub mod ingest;
pub mod journal;
mod link;
pub mod old;
pub mod page;
#[cfg(feature = "demo")]
pub mod rehearse;
mod running;
pub mod show;
mod signal;
pub mod state;
pub mod web;

pub use house::{Addresses, House, HouseError};
pub use link::LinkError;
pub use running::{Core, StartError};

//! The core: broker, journal, games, API and operator page.

pub mod api;
pub mod auth;
pub mod broker;
pub mod clock;
pub mod config;
pub mod effects;
pub mod engine;
mod games;
pub mod handle;
pub mod ingest;
pub mod journal;
mod link;
pub mod page;
mod running;
pub mod state;
pub mod web;

pub use link::LinkError;
pub use running::{Core, StartError};

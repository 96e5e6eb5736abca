//! The core: broker, journal, games, API and operator page.

pub mod access;
pub mod audit;
pub mod auth;
pub mod broker;
pub mod cli;
pub mod clock;
pub mod config;
#[cfg(feature = "demo")]
mod demo;
pub mod engine;
mod games;
pub mod http;
pub mod ingest;
pub mod journal;
pub mod legacy_import;
mod mqtt;
pub mod names;
mod private;
#[cfg(feature = "demo")]
pub mod rehearse;
pub mod server;
pub mod show;
mod sync;
pub mod tls;

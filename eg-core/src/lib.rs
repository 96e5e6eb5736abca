//! The core: broker, journal, games, API and operator page.

pub mod api;
pub mod auth;
pub mod broker;
pub mod clock;
pub mod config;
mod games;
pub mod handle;
pub mod journal;
pub mod page;
pub mod state;
pub mod web;

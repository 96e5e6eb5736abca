//! The agent of a slot: drivers in, numbered events out.

pub mod cli;
pub mod config;
pub mod core_clock;
pub mod doctor;
pub mod drivers;
pub mod host;
pub mod latency;
pub mod levels;
pub mod library;
pub mod link;
pub mod normalize;
pub mod outbox;
pub mod page;
pub mod pairing;
pub mod player;
mod private;
pub mod recent;
pub mod reload;
pub mod running_agent;
pub mod running_file;
pub mod simulated_inputs;
pub mod slot;
pub mod state;
pub mod survey;
mod sync;
pub mod touch_panel;
pub mod virtual_slot;

//! Tests of the operator page in a real browser, by keyboard.
//!
//! Chromium and its driver are Debian's packages `chromium` and `chromium-driver`; `cargo eg test` installs them.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod axe;
mod browser;
#[cfg(feature = "demo")]
mod demo_room;
#[path = "../core/held_port.rs"]
mod held_port;
mod players;
mod screen;
mod venue;

mod accessible;
mod accounts;
mod acts;
mod adopting;
mod appearance;
mod attention;
mod clocks;
mod connection;
#[cfg(feature = "demo")]
mod demo;
mod dialogs;
mod evening;
mod forced;
mod hints;
mod history;
mod names;
mod night;
mod overrule;
mod past;
mod plan;
mod player;
mod settings;
mod slot;
mod tabs;
mod weight;

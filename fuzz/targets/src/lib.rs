//! Whatever reads a stranger's bytes, as functions of bytes. Nothing may panic, hang or eat the memory.
//!
//! `cargo eg fuzz` runs them under libFuzzer; `tests/replay.rs` gives each its corpus and some hundred mutations of it.

// Everything here panics for a living: a promise that is broken ends the process.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a panic is the finding")]

mod board;
mod core;
mod journal;
mod library;
mod message;
mod mutation;
mod text;

pub use self::core::close;
pub use mutation::Mutator;

/// One target.
#[derive(Clone, Copy)]
pub struct Target {
    /// Name on the command line, and of the folder of its corpus.
    pub name: &'static str,
    /// Takes one input.
    pub run: fn(&[u8]),
    /// Mutations that the replay in the ordinary tests makes of each seed.
    pub mutations: usize,
}

/// Every target. `xtask/src/fuzz.rs` lists them too.
pub const TARGETS: [Target; 13] = [
    Target { name: "core-yaml", run: text::core, mutations: 60 },
    Target { name: "door", run: core::door, mutations: 60 },
    Target { name: "driver", run: board::driver, mutations: 20 },
    Target { name: "http", run: core::http, mutations: 40 },
    Target { name: "ingest", run: message::ingest, mutations: 100 },
    Target { name: "journal", run: journal::row, mutations: 6 },
    Target { name: "library", run: library::header, mutations: 100 },
    Target { name: "rehearsal", run: text::rehearsal, mutations: 60 },
    Target { name: "scan", run: board::scan, mutations: 100 },
    Target { name: "scenario", run: text::scenario, mutations: 100 },
    Target { name: "show", run: text::show, mutations: 60 },
    Target { name: "slot-yaml", run: text::slot, mutations: 60 },
    Target { name: "wire", run: message::wire, mutations: 100 },
];

/// Returns the target of this name.
pub fn target(name: &str) -> Option<Target> {
    TARGETS.into_iter().find(|target| target.name == name)
}

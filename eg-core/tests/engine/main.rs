//! Tests of the engine without a broker, under a clock that the tests move: its promises about presses, crashes, panics
//! and disks.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod agents;
mod ages;
mod answers;
mod archive;
mod asking;
mod casino;
mod clocks;
mod commands;
mod deadline;
mod disk;
mod exactly_once;
mod failing;
mod faulty_disk;
mod forced;
mod fragile;
mod gaps;
mod golden;
mod hints;
mod lights;
mod limits;
mod lost_entries;
mod missed;
mod modes;
mod names;
mod old;
mod old_contract;
mod order;
mod plan;
mod potato;
mod refused;
mod replay_command;
mod replaying;
mod resets;
mod restart;
mod roll_call;
mod room;
mod rooms;
mod rules;
mod sessions;
mod settings;
mod shows;
mod silence;
#[cfg(feature = "demo")]
mod simulation;
mod texts;
mod torn;
mod twins;
mod undo;
mod unreadable;
mod voters;

//! Sessions: a game in memory with its history, and the same rebuilt from the journal.

pub(in crate::engine) mod act_log;
pub(in crate::engine) mod aside;
pub(in crate::engine) mod cause;
pub(in crate::engine) mod clock;
pub(in crate::engine) mod ending;
pub(in crate::engine) mod forced;
pub(in crate::engine) mod game;
pub(in crate::engine) mod hints;
pub(in crate::engine) mod live;
mod past;
pub(in crate::engine) mod rebuild;
mod render;
pub(in crate::engine) mod reorder;
mod secrecy;
pub(in crate::engine) mod timers;
pub(in crate::engine) mod view_diff;
mod waiting;

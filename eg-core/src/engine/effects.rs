//! Effects of games, turned into entries of the journal and messages to slots.

pub(in crate::engine) mod answer;
pub(in crate::engine) mod apply;
pub mod message;
pub(in crate::engine) mod record;

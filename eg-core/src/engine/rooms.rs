//! Rooms: who plays there, what operators do, and which session follows.

pub(in crate::engine) mod acts;
mod forewarn;
mod players;
mod recover;
mod roll_call;
mod shows;
mod undo;

pub use forewarn::{Forewarning, forewarn};

//! Rooms of older installations: the only place of the core where games are known by name.

mod bank;
mod night;

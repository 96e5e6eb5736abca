//! The game SDK: a game is a pure function from events to effects.

//! Settings of a game as a form: made of their JSON Schema, written as YAML, and checked as a file is.

mod check;
mod draft;
mod fields;
mod schema;
mod yaml;

pub(super) use check::{all_told, check, differences, game_called, told};
pub(super) use draft::value;
pub(super) use fields::{FormFields, ListChange, apply};
pub(super) use schema::{Branch, Key, Schema, Shape};
pub(super) use yaml::{for_file, one_line, yaml};

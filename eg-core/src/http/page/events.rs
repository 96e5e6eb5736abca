//! Events in words: the list of the latest, and the search through the journal.

mod fields;
mod list;
mod raw;
mod rows;
mod search;
mod sentence;

pub(super) use list::{filter, parts, tone};
pub(super) use raw::rest;
pub(super) use search::table;
pub(super) use sentence::{Sentence, sentence};

//! A file's text as a tree of nodes that know their place.

mod eq_ignoring_spans;
mod include;
mod node;
mod parse;
mod refusal;

pub(crate) use node::{NodeId, Shape, Tree};
pub(crate) use parse::parse;

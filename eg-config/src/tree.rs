//! A file's text as a tree of nodes that know their place.

mod like;
mod node;
mod parse;
mod refusal;

pub(crate) use node::{NodeId, Shape, Tree};
pub(crate) use parse::parse;

//! A node as serde reads it.

use std::cell::RefCell;
use std::collections::HashSet;

use super::describe;
use super::placeholder::Placeholder;
use super::recovery::Recovery;
use super::stop::{Origin, Stop, Why};
use crate::tree::{NodeId, Shape, Tree};

/// A node as serde reads it, with the recovery of earlier rounds.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'t> {
    pub(crate) tree: &'t Tree,
    pub(crate) recovery: &'t Recovery,
    pub(crate) texts: &'t Texts,
    pub(crate) node: NodeId,
}

/// The scalars that were taken as text.
#[derive(Debug, Default)]
pub(crate) struct Texts(RefCell<HashSet<NodeId>>);

impl Texts {
    pub(crate) fn contains(&self, node: NodeId) -> bool {
        self.0.borrow().contains(&node)
    }

    pub(super) fn add(&self, node: NodeId) {
        self.0.borrow_mut().insert(node);
    }
}

impl<'t> Reader<'t> {
    pub(super) fn at(self, node: NodeId) -> Self {
        Self { node, ..self }
    }

    pub(super) fn shape(self) -> &'t Shape {
        &self.tree.node(self.node).shape
    }

    /// The stand-in for this node, when a patch says so.
    pub(super) fn placeholder(self) -> Option<Placeholder> {
        self.recovery
            .is_placeholder(self.node)
            .then(|| self.recovery.placeholder(Origin::Node(self.node)))
    }

    /// A scalar as text; for a key that was taken for another, the other.
    pub(super) fn text(self) -> Option<&'t str> {
        self.recovery.renamed(self.node).or_else(|| self.tree.text(self.node))
    }

    /// A stop for a value that is not what was wanted.
    pub(super) fn misfit(self, wanted: String) -> Stop {
        let found = match self.tree.entries(self.node) {
            [] | [_] => describe::node(self.tree, self.node),
            entries => format!("a mapping with {} keys", entries.len()),
        };
        Stop::from(Why::Misfit { found, wanted }).or_at(self.node)
    }
}

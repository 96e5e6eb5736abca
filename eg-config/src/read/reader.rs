//! A node as serde reads it.

use std::cell::RefCell;
use std::collections::HashSet;

use super::halt::{Halt, Origin, Why};
use super::joker::Joker;
use super::patches::Patches;
use super::words;
use crate::tree::{NodeId, Shape, Tree};

/// A node as serde reads it, with the patches of earlier rounds.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'t> {
    pub(crate) tree: &'t Tree,
    pub(crate) patches: &'t Patches,
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
    pub(super) fn joker(self) -> Option<Joker> {
        self.patches.is_joker(self.node).then(|| self.patches.joker(Origin::Node(self.node)))
    }

    /// A scalar as text; for a key that was taken for another, the other.
    pub(super) fn text(self) -> Option<&'t str> {
        self.patches.renamed(self.node).or_else(|| self.tree.text(self.node))
    }

    /// A halt for a value that is not what was wanted.
    pub(super) fn misfit(self, wanted: String) -> Halt {
        let found = match self.tree.entries(self.node) {
            [] | [_] => words::node(self.tree, self.node),
            entries => format!("a mapping with {} keys", entries.len()),
        };
        Halt::from(Why::Misfit { found, wanted }).or_at(self.node)
    }
}

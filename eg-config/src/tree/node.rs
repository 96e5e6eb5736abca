//! The nodes of a file, each with its place.

use crate::path::{KeyPath, Step};
use crate::place::Place;
use crate::text::{Scalars, Text};
use std::sync::Arc;

/// A node of a [`Tree`].
pub(crate) type NodeId = usize;

/// Value of a node.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(String),
    List(Vec<NodeId>),
    /// Keys and values in the order of the file; of a repeated key the first alone.
    Map(Vec<(NodeId, NodeId)>),
}

#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) shape: Shape,
    /// A scalar other than text, as it was written.
    pub(crate) raw: String,
    pub(crate) place: Place,
    /// The mapping or list it is in; for a key, the mapping.
    pub(crate) parent: Option<NodeId>,
    /// Step from the parent; `None` for a key and for the root.
    pub(crate) step: Option<Step>,
    /// The value of a key, or the key of a value.
    pub(crate) pair: Option<NodeId>,
}

/// A key that appears twice in one mapping.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Repeat {
    pub(crate) first: NodeId,
    pub(crate) again: NodeId,
}

/// The nodes of a file. The root is node 0.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    pub(super) nodes: Vec<Node>,
    scalars: Scalars,
    pub(crate) repeats: Vec<Repeat>,
    /// The included texts; a [`Place`] counts them from 1.
    pub(super) included: Arc<[Text]>,
}

impl Tree {
    pub(crate) const ROOT: NodeId = 0;

    pub(super) fn new(scalars: Scalars) -> Self {
        Self { nodes: Vec::new(), scalars, repeats: Vec::new(), included: Arc::default() }
    }

    /// Moves the root of a file that says nothing from the end, where the parser sees it, to the start.
    pub(super) fn settle_root(&mut self) {
        if self.nodes[Self::ROOT].shape == Shape::Null {
            self.nodes[Self::ROOT].place = Place::START;
        }
    }

    /// Returns the text that a place is in, of which the file's own is `first`.
    pub(crate) fn text_at<'t>(&'t self, place: Place, first: &'t Text) -> &'t Text {
        place.text.checked_sub(1).and_then(|index| self.included.get(index)).unwrap_or(first)
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }

    /// A scalar as text, as it was written; `None` where nothing is written, for a list and for a mapping, and for
    /// what is no text in JSON.
    pub(crate) fn text(&self, id: NodeId) -> Option<&str> {
        let node = self.node(id);
        match (&node.shape, self.scalars) {
            (Shape::Text(text), _) => Some(text),
            // `~` and `null` are words too where a text is wanted.
            (Shape::Null, Scalars::Written) => {
                Some(node.raw.as_str()).filter(|raw| !raw.is_empty())
            }
            (
                Shape::Bool(_) | Shape::Int(_) | Shape::Float(_),
                Scalars::Written | Scalars::KeptJson,
            ) => Some(&node.raw),
            (_, _) => None,
        }
    }

    /// The number that the key of a JSON object stands for.
    pub(crate) fn number_of_key(&self, id: NodeId) -> Option<i128> {
        match (&self.node(id).shape, self.scalars) {
            (Shape::Text(text), Scalars::Json | Scalars::KeptJson) if self.is_key(id) => {
                text.parse().ok()
            }
            (_, _) => None,
        }
    }

    pub(crate) fn entries(&self, id: NodeId) -> &[(NodeId, NodeId)] {
        match &self.node(id).shape {
            Shape::Map(entries) => entries,
            Shape::Null
            | Shape::Bool(_)
            | Shape::Int(_)
            | Shape::Float(_)
            | Shape::Text(_)
            | Shape::List(_) => &[],
        }
    }

    pub(crate) fn items(&self, id: NodeId) -> &[NodeId] {
        match &self.node(id).shape {
            Shape::List(items) => items,
            Shape::Null
            | Shape::Bool(_)
            | Shape::Int(_)
            | Shape::Float(_)
            | Shape::Text(_)
            | Shape::Map(_) => &[],
        }
    }

    /// Tells whether a node is the key of an entry.
    pub(crate) fn is_key(&self, id: NodeId) -> bool {
        self.node(id).parent.is_some() && self.node(id).step.is_none()
    }

    /// The value under a key; for any other node, the node.
    pub(crate) fn under(&self, key: NodeId) -> NodeId {
        self.node(key).pair.filter(|_| self.is_key(key)).unwrap_or(key)
    }

    /// The key a value stands under, when it stands under one.
    fn key_of(&self, value: NodeId) -> Option<NodeId> {
        self.node(value).pair.filter(|_| !self.is_key(value))
    }

    /// Returns the place to point at for a node: its own, or, for a mapping or list written below its key, the key's.
    pub(crate) fn place(&self, id: NodeId) -> Place {
        let own = self.node(id).place;
        match (&self.node(id).shape, self.key_of(id)) {
            (Shape::Map(_) | Shape::List(_) | Shape::Null, Some(key))
                if self.node(key).place.line != own.line
                    && self.node(key).place.text == own.text =>
            {
                self.node(key).place
            }
            (_, _) => own,
        }
    }

    /// The path to a value; for a key, the path to its mapping.
    pub(crate) fn path(&self, id: NodeId) -> KeyPath {
        let mut steps = Vec::new();
        let mut at = Some(id);
        while let Some(id) = at {
            let node = self.node(id);
            steps.extend(node.step.clone());
            at = node.parent;
        }
        steps.reverse();
        KeyPath::from_steps(steps)
    }

    /// Tells whether `id` is `above` or inside it.
    pub(crate) fn is_within(&self, id: NodeId, above: NodeId) -> bool {
        let mut at = Some(id);
        while let Some(id) = at {
            if id == above {
                return true;
            }
            at = self.node(id).parent;
        }
        false
    }

    /// The node at `path`, or the last one on the way to it, and how many steps are left.
    pub(crate) fn find(&self, path: &KeyPath) -> (NodeId, usize) {
        let mut at = Self::ROOT;
        for (done, step) in path.steps().iter().enumerate() {
            let next = match step {
                Step::Index(index) => self.items(at).get(*index).copied(),
                Step::Key(key) => self
                    .entries(at)
                    .iter()
                    .find(|entry| self.text(entry.0) == Some(key))
                    .map(|entry| entry.1),
            };
            match next {
                Some(next) => at = next,
                None => return (at, path.steps().len() - done),
            }
        }
        (at, 0)
    }

    /// A copy of the tree with nothing at `path`, and the node that is it.
    pub(crate) fn with_nothing_at(&self, path: &KeyPath) -> (Self, NodeId) {
        let (mut parent, left) = self.find(path);
        let place = self.place(parent);
        let mut tree = self.clone();
        for step in &path.steps()[path.steps().len() - left..] {
            let node = Node {
                shape: Shape::Null,
                raw: String::new(),
                place,
                parent: Some(parent),
                step: Some(step.clone()),
                pair: None,
            };
            parent = tree.nodes.len();
            tree.nodes.push(node);
        }
        (tree, parent)
    }
}

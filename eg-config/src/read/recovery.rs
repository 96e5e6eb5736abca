//! Recovery from mistakes, so that one read reports all of them.
//!
//! serde's `Deserialize` stops at the first error and gives no value. To report every mistake of a file in one run, the
//! file is read in rounds: each round reads the whole value, stops at a mistake ([`Stop`]), reports it, and patches it
//! for the next round. The rounds end when a value was read, when nothing is left to patch, or at a bound.
//!
//! # Patches
//!
//! The tree of the file is never changed. [`Recovery`] remembers, by node, how the reader sees it:
//!
//! | mistake | reported | patch |
//! |---|---|---|
//! | a value of the wrong type or out of range | once, at the value | the value is a *placeholder* |
//! | a name that an enum does not have | once, with the known names | the value is a placeholder |
//! | a missing key | once, at the mapping | the key is there, with a placeholder |
//! | an unknown key near a known, free one | once, with that name | the key is read as that one |
//! | any other unknown key | once, with the known keys | the entry is left out |
//! | a value that its type refuses once it is read | unless something in it is patched | a placeholder |
//!
//! A [`Placeholder`] answers serde with whatever is asked for: `1` for a number, `false`, `None`, an empty list, the
//! first variant of an enum, all fields of a struct. A text may have a form that it must follow, so a placeholder tries
//! the texts of [`WORDS`] one after the other, one a round.
//!
//! # When a placeholder does not pass
//!
//! Some types take none of it, such as a text with a checksum. After its last text, the placeholder is given up: the
//! value is left out of its list or mapping. When the type then misses it, the mapping around it becomes a placeholder,
//! and so on outwards. A root that takes no placeholder has no value at all. Each patch is one step further and none is
//! tried twice, so the rounds end.
//!
//! # Mistakes that are not reported
//!
//! A stop that follows from a patch alone is no mistake of the file: a refusal of a placeholder, a key that is missing
//! because its entry was left out, a complaint about a mapping in which something is patched. Those are passed over in
//! silence ([`Recovery::patch`] gives no problem) and only lead to the next patch.
//!
//! # Values with patches in them
//!
//! A caller that wants the value all the same gets it with stand-ins, for checks alone: a value that is patched has no
//! position ([`Located::is_written`](crate::Located::is_written) is `false`), and one under a key that was taken for
//! another is not certain ([`Located::is_certain`](crate::Located::is_certain)).

use std::collections::{HashMap, HashSet};

use super::describe;
use super::placeholder::{Placeholder, WORDS};
use super::stop::{Origin, Stop, Why};
use crate::nearest::nearest;
use crate::path::KeyPath;
use crate::problem::Problem;
use crate::source::Source;
use crate::tree::{NodeId, Shape, Tree};

/// Patches that stand in for the mistakes found so far; see the [module](self).
#[derive(Debug, Default)]
pub(crate) struct Recovery {
    nodes: HashMap<NodeId, Patch>,
    keys: HashMap<NodeId, &'static str>,
    lacking: HashMap<NodeId, Vec<&'static str>>,
    hopeless: HashSet<Origin>,
    /// Values under keys that nobody knows.
    unknown: HashSet<NodeId>,
    attempts: HashMap<Origin, usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Patch {
    Placeholder,
    LeftOut,
}

impl Recovery {
    pub(crate) fn is_placeholder(&self, node: NodeId) -> bool {
        self.nodes.get(&node) == Some(&Patch::Placeholder)
    }

    pub(crate) fn is_left_out(&self, node: NodeId) -> bool {
        self.nodes.get(&node) == Some(&Patch::LeftOut)
    }

    /// The stand-in for `origin`, as it is tried now.
    pub(crate) fn placeholder(&self, origin: Origin) -> Placeholder {
        Placeholder::new(origin, self.attempts.get(&origin).copied().unwrap_or_default())
    }

    /// Returns the key that an unknown key is read as.
    pub(crate) fn renamed(&self, key: NodeId) -> Option<&'static str> {
        self.keys.get(&key).copied()
    }

    /// The paths of values that are wrong or missing. What stands under an unknown key is none.
    pub(crate) fn stand_ins(&self, tree: &Tree) -> Vec<KeyPath> {
        let wrong = self.nodes.keys().filter(|node| !self.unknown.contains(node));
        let wrong = wrong.map(|node| tree.path(*node));
        let lacking = self
            .lacking
            .iter()
            .flat_map(|(map, keys)| keys.iter().map(|key| tree.path(*map).key(*key)));
        let hopeless = self.hopeless.iter().map(|origin| match origin {
            Origin::Node(node) => tree.path(*node),
            Origin::Lacking(map, key) => tree.path(*map).key(*key),
        });
        let mut paths: Vec<_> = wrong.chain(lacking).chain(hopeless).collect();
        paths.sort();
        paths.dedup();
        paths
    }

    /// The paths of values under keys that nobody knows, and under those that were taken for others.
    pub(crate) fn unknown(&self, tree: &Tree) -> Vec<KeyPath> {
        let renamed = self.keys.keys().map(|key| tree.under(*key));
        self.unknown.iter().copied().chain(renamed).map(|node| tree.path(node)).collect()
    }

    /// Tells whether a value stands under a key that is read as another, or is such a key itself.
    pub(crate) fn is_guess(&self, tree: &Tree, node: NodeId) -> bool {
        let mut above = std::iter::successors(Some(node), |node| tree.node(*node).parent);
        above.any(|node| {
            let key = if tree.is_key(node) { Some(node) } else { tree.node(node).pair };
            key.is_some_and(|key| self.keys.contains_key(&key))
        })
    }

    /// Keys of `map` that are missing and get a placeholder.
    pub(crate) fn lacking(&self, map: NodeId) -> &[&'static str] {
        self.lacking.get(&map).map_or(&[], Vec::as_slice)
    }

    /// Takes note of where reading stopped: the problem to report, unless it follows from a patch, and whether
    /// another round can tell more.
    pub(crate) fn patch(
        &mut self,
        source: &Source,
        tree: &Tree,
        root: NodeId,
        stop: Stop,
    ) -> (Option<Problem>, bool) {
        let at = stop.at.unwrap_or(root);
        let report =
            |node, message| source.problem(tree.place(node), tree.path(node).to_string(), message);
        match stop.why {
            Why::Placeholder(origin) => {
                (None, self.try_again(origin) || self.give_up(tree, root, origin))
            }
            Why::UnknownKey { found, known } => {
                let (map, key) = key_called(tree, at, &found);
                let message = match known {
                    [] => format!("unknown key {found:?}; there are no keys here"),
                    [..] => format!("unknown key {found:?}"),
                };
                let problem =
                    report(key.unwrap_or(map), message).known(&found, known.iter().copied());
                let goes_on = match key {
                    Some(key) => self.rename(tree, map, key, known),
                    None => self.replace(tree, root, map),
                };
                (Some(problem), goes_on)
            }
            Why::MissingKey(key) if self.follows(tree, at, key) => {
                (None, self.replace(tree, root, at))
            }
            Why::MissingKey(key) => {
                self.lacking.entry(at).or_default().push(key);
                (Some(report(at, format!("missing key {key:?}"))), true)
            }
            Why::UnknownName { found, known } => {
                let problem = report(at, format!("{found:?} is not known here"))
                    .known(&found, known.iter().copied());
                (Some(problem), self.replace(tree, root, at))
            }
            Why::Misfit { found, wanted } => {
                let problem = (!self.is_touched(tree, at)).then(|| {
                    let node = culprit(tree, at, &found);
                    mistyped(tree, node, &describe::written(tree, node, found), &wanted, report)
                });
                (problem, self.replace(tree, root, at))
            }
            Why::RepeatedKey(key) => {
                let problem = (!self.is_touched(tree, at))
                    .then(|| report(at, format!("key {key:?} appears twice")));
                (problem, self.replace(tree, root, at))
            }
            Why::Other(message) => {
                let problem = (!self.is_touched(tree, at)).then(|| report(at, one_line(&message)));
                (problem, self.replace(tree, root, at))
            }
        }
    }

    /// Reads `node` as a placeholder; when it is one already, gives that up.
    fn replace(&mut self, tree: &Tree, root: NodeId, node: NodeId) -> bool {
        match self.nodes.get(&node) {
            Some(_) => {
                let origin = Origin::Node(node);
                self.try_again(origin) || self.give_up(tree, root, origin)
            }
            None if tree.is_key(node) => self.leave_out(tree.under(node)),
            None => self.nodes.insert(node, Patch::Placeholder).is_none(),
        }
    }

    /// Lets the stand-in for `origin` try its next text, if it has one.
    fn try_again(&mut self, origin: Origin) -> bool {
        let left_out = matches!(origin, Origin::Node(node) if self.is_left_out(node));
        let attempt = self.attempts.entry(origin).or_default();
        *attempt += 1;
        *attempt < WORDS.len() && !left_out
    }

    fn leave_out(&mut self, node: NodeId) -> bool {
        self.nodes.insert(node, Patch::LeftOut) != Some(Patch::LeftOut)
    }

    fn give_up(&mut self, tree: &Tree, root: NodeId, origin: Origin) -> bool {
        match origin {
            Origin::Lacking(map, key) => {
                if let Some(lacking) = self.lacking.get_mut(&map) {
                    lacking.retain(|other| *other != key);
                }
                self.hopeless.insert(origin)
            }
            Origin::Node(node) if node == root => false,
            Origin::Node(node) => match self.nodes.insert(node, Patch::LeftOut) {
                Some(Patch::LeftOut) => match tree.node(node).parent {
                    Some(parent) => self.replace(tree, root, parent),
                    None => false,
                },
                Some(Patch::Placeholder) | None => true,
            },
        }
    }

    /// Reads an unknown key as the nearest known one that the mapping does not have, or leaves it out.
    fn rename(&mut self, tree: &Tree, map: NodeId, key: NodeId, known: &[&'static str]) -> bool {
        let free = known.iter().copied().filter(|name| {
            !tree.entries(map).iter().any(|entry| {
                tree.text(entry.0) == Some(name) || self.renamed(entry.0) == Some(name)
            })
        });
        let free: Vec<&'static str> = free.collect();
        let meant = nearest(tree.text(key).unwrap_or_default(), &free);
        let meant = free.iter().copied().find(|name| Some(*name) == meant);
        match (meant, self.keys.contains_key(&key)) {
            (Some(name), false) => self.keys.insert(key, name).is_none(),
            (_, _) => {
                self.unknown.insert(tree.under(key));
                self.leave_out(tree.under(key))
            }
        }
    }

    /// Tells whether `map` lacks `key` only because of a patch.
    fn follows(&self, tree: &Tree, map: NodeId, key: &'static str) -> bool {
        let left_out = tree.entries(map).iter().any(|entry| {
            self.is_left_out(entry.1)
                && (tree.text(entry.0) == Some(key) || self.renamed(entry.0) == Some(key))
        });
        left_out || self.is_placeholder(map) || self.hopeless.contains(&Origin::Lacking(map, key))
    }

    /// Tells whether `node` or something in it is not read as written.
    fn is_touched(&self, tree: &Tree, node: NodeId) -> bool {
        let lacking = self.lacking.keys().chain(self.hopeless.iter().map(|origin| match origin {
            Origin::Node(node) | Origin::Lacking(node, _) => node,
        }));
        self.nodes
            .keys()
            .chain(self.keys.keys())
            .chain(lacking)
            .any(|patched| tree.is_within(*patched, node))
    }
}

/// The mapping that an unknown key is in, and the key.
fn key_called(tree: &Tree, at: NodeId, found: &str) -> (NodeId, Option<NodeId>) {
    match (tree.is_key(at), tree.node(at).parent) {
        (true, Some(map)) => (map, Some(at)),
        (_, _) => {
            let entry = tree.entries(at).iter().find(|entry| tree.text(entry.0) == Some(found));
            (at, entry.map(|entry| entry.0))
        }
    }
}

/// The value that `found` describes, for a mistake that serde found only after it had read all of `node`, as it
/// does in flattened and tagged parts; `node` itself when that is not certain.
fn culprit(tree: &Tree, node: NodeId, found: &str) -> NodeId {
    let mut inside = vec![node];
    let mut same = Vec::new();
    while let Some(id) = inside.pop() {
        inside.extend(tree.items(id).iter().chain(tree.entries(id).iter().map(|(_, value)| value)));
        if describe::node(tree, id) == found {
            same.push(id);
        }
    }
    match same[..] {
        [only] => only,
        _ => node,
    }
}

fn mistyped(
    tree: &Tree,
    node: NodeId,
    found: &str,
    wanted: &str,
    report: impl Fn(NodeId, String) -> Problem,
) -> Problem {
    let mut message = format!("wanted {wanted}, found {found}");
    let text = match &tree.node(node).shape {
        Shape::Text(text) => text,
        Shape::Bool(_) | Shape::Int(_) | Shape::Float(_) if wanted == "text" => {
            message.push_str("; put it in quotes");
            return report(node, message);
        }
        // As YAML reads 01, 1e3 and 1.0.
        Shape::Float(value) if wanted.contains("whole number") && value.fract() == 0.0 => {
            if value.abs() < 1e15 {
                message.push_str(&format!("; write {value}"));
            }
            return report(node, message);
        }
        Shape::Null
        | Shape::Bool(_)
        | Shape::Int(_)
        | Shape::Float(_)
        | Shape::List(_)
        | Shape::Map(_) => return report(node, message),
    };
    if wanted.contains("number") && text.parse::<f64>().is_ok() {
        message.push_str("; leave out the quotes");
    }
    let mut problem = report(node, message);
    if wanted == "true or false" {
        problem.nearest = match text.to_ascii_lowercase().as_str() {
            "on" | "yes" | "y" => Some("true".to_owned()),
            "off" | "no" | "n" => Some("false".to_owned()),
            other => nearest(other, &["true", "false"]).map(str::to_owned),
        };
    }
    problem
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

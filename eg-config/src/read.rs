//! Reads a tree as the caller's type, with every mistake of the way.
//!
//! serde stops at the first error. So a value is read again and again, each time with the last mistake patched
//! (see [`recovery`]), until all of it could be read. What follows from a patch alone is not reported.

mod describe;
mod deserializer;
mod json;
mod parts;
mod placeholder;
mod reader;
mod recovery;
mod stop;

use serde::de::DeserializeOwned;

use crate::path::KeyPath;
use crate::problems::Problems;
use crate::source::Source;
use crate::tree::{NodeId, Tree};
use reader::{Reader, Texts};
use recovery::Recovery;
use serde_json::Value;

/// Most problems that one read reports.
const MOST_PROBLEMS: usize = 100;
/// Most rounds in which one value is read again; a mistake takes eight rounds at worst.
const MOST_ROUNDS: usize = 8 * MOST_PROBLEMS;

/// Reads the whole of `source`.
///
/// # Errors
/// Every mistake in it; never none.
pub fn read<T: DeserializeOwned>(source: &Source) -> Result<T, Problems> {
    read_at(source, &KeyPath::root())
}

/// Reads the part of `source` under `path`. Nothing there counts as an empty mapping or list, so that a part
/// whose keys all have defaults may be left out.
///
/// # Errors
/// Every mistake in that part, at its exact position in the file; never none.
pub fn read_at<T: DeserializeOwned>(source: &Source, path: &KeyPath) -> Result<T, Problems> {
    let LenientRead { value, problems, .. } = read_lenient_at(source, path);
    match value {
        Some(value) => problems.or(value),
        None => Err(problems),
    }
}

/// Reads the whole of `source` even when there are mistakes in it, so that checks which need the values can add
/// theirs to the same run. What is wrong or missing has a stand-in (a 1, an `"a"`, the first of an enum's
/// variants, nothing): use the value for checks alone, and ask [`Located::is_written`](crate::Located::is_written)
/// first. No value when there is no stand-in for something; then there is a problem.
pub fn read_lenient<T: DeserializeOwned>(source: &Source) -> (Option<T>, Problems) {
    let LenientRead { value, problems, .. } = read_lenient_at(source, &KeyPath::root());
    (value, problems)
}

/// Result of [`read_lenient_at`].
#[derive(Clone, Debug)]
pub struct LenientRead<T> {
    /// Value as far as it could be read, with stand-ins; none when there is no stand-in for something.
    pub value: Option<T>,
    /// Every mistake.
    pub problems: Problems,
    /// The paths in the file of what is wrong or missing and has a stand-in. An unknown key is none.
    pub stand_ins: Vec<KeyPath>,
    unknown: Vec<KeyPath>,
}

impl<T> LenientRead<T> {
    /// Tells whether nothing at `path`, around it or inside it was read otherwise than it is written. What is wrong
    /// there is told already, and what else could be said of it may follow from that.
    pub fn is_sound(&self, path: &KeyPath) -> bool {
        !self.stand_ins.iter().chain(&self.unknown).any(|wrong| wrong.touches(path))
    }
}

/// Reads the part of `source` under `path` as `T`, and gives what is written there as JSON from which the same `T` is
/// read: what `T` takes as text is the text that stands in the file (`0123`, `1.10`, `~`), and numbers are numbers.
/// To keep settings whose type only somebody else knows.
///
/// # Errors
/// Every mistake in that part, at its exact position in the file; never none. A number that JSON does not have, such
/// as `.inf`, is one.
pub fn json_at<T: DeserializeOwned>(source: &Source, path: &KeyPath) -> Result<Value, Problems> {
    let texts = Texts::default();
    let (value, problems) = at(source, path, |tree, node| {
        let LenientRead { value, problems, .. } = read_node::<T>(source, tree, node, &texts);
        (value.map(|_| json::json(source, tree, node, &|node| texts.contains(node))), problems)
    });
    match value {
        Some(json) if problems.is_empty() => json,
        Some(_) | None => Err(problems),
    }
}

/// Gives what is written under `path` as JSON, with every number, boolean and `null` as the text that stands in the
/// file; `null` where nothing is written.
///
/// # Errors
/// That the file is no YAML.
pub fn texts_at(source: &Source, path: &KeyPath) -> Result<Value, Problems> {
    let (json, problems) = at(source, path, |tree, node| {
        (Some(json::json(source, tree, node, &|_| true)), Problems::default())
    });
    json.unwrap_or(Err(problems))
}

/// Reads the part of `source` under `path` as [`read_lenient`] does, and tells where in it stand-ins are.
pub fn read_lenient_at<T: DeserializeOwned>(source: &Source, path: &KeyPath) -> LenientRead<T> {
    let (read_lenient, problems) = at(source, path, |tree, node| {
        (Some(read_node(source, tree, node, &Texts::default())), Problems::default())
    });
    let nothing =
        || LenientRead { value: None, problems, stand_ins: Vec::new(), unknown: Vec::new() };
    read_lenient.unwrap_or_else(nothing)
}

/// Looks at the node under `path`, or at nothing where there is none.
fn at<T>(
    source: &Source,
    path: &KeyPath,
    look: impl FnOnce(&Tree, NodeId) -> (Option<T>, Problems),
) -> (Option<T>, Problems) {
    let tree = match source.tree() {
        Ok(tree) => tree,
        Err(problems) => return (None, problems),
    };
    match tree.find(path) {
        (node, 0) => look(tree, node),
        (_, _) => {
            let (tree, node) = tree.with_nothing_at(path);
            look(&tree, node)
        }
    }
}

fn read_node<T: DeserializeOwned>(
    source: &Source,
    tree: &Tree,
    root: NodeId,
    texts: &Texts,
) -> LenientRead<T> {
    let mut problems = repeated_keys(source, tree, root);
    let mut recovery = Recovery::default();
    let mut value = None;
    for _ in 0..MOST_ROUNDS {
        let stop = match T::deserialize(Reader { tree, recovery: &recovery, texts, node: root }) {
            Ok(read) => {
                value = Some(read);
                break;
            }
            Err(stop) => stop.or_at(root),
        };
        let (problem, goes_on) = recovery.patch(source, tree, root, stop);
        problems.extend(problem);
        if !goes_on || problems.len() >= MOST_PROBLEMS {
            break;
        }
    }
    let (stand_ins, unknown) = (recovery.stand_ins(tree), recovery.unknown(tree));
    LenientRead { value, problems, stand_ins, unknown }
}

fn repeated_keys(source: &Source, tree: &Tree, root: NodeId) -> Problems {
    let repeats = tree.repeats.iter().filter(|repeat| tree.is_within(repeat.again, root));
    repeats
        .map(|repeat| {
            let key = tree.text(repeat.again).unwrap_or_default();
            let first = tree.node(repeat.first).place.line;
            let message = format!("key {key:?} appears twice; the first one is on line {first}");
            source.problem(
                tree.node(repeat.again).place,
                tree.path(repeat.again).to_string(),
                message,
            )
        })
        .collect()
}

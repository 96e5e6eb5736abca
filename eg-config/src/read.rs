//! From tree to the caller's type, with every mistake of the way.
//!
//! serde stops at the first error. So a value is read again and again, each time with the last mistake patched
//! (see [`patches`]), until all of it could be read. What follows from a patch alone is not reported.

mod halt;
mod joker;
mod patches;
mod reader;
mod words;

use serde::de::DeserializeOwned;

use crate::tree::{NodeId, Tree};
use crate::{KeyPath, Problems, Source};
use patches::Patches;
use reader::Reader;

/// How many problems one read reports at most.
const MOST_PROBLEMS: usize = 100;
/// How often one value is read again at most; a mistake takes eight rounds at worst.
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
    match survey_at(source, path) {
        (Some(value), problems) => problems.or(value),
        (None, problems) => Err(problems),
    }
}

/// Reads the whole of `source` even when there are mistakes in it, so that checks which need the values can add
/// theirs to the same run. What is wrong or missing has a stand-in (a 1, an `"a"`, the first of an enum's
/// variants, nothing): use the value for checks alone, and ask [`Located::is_written`](crate::Located::is_written)
/// first. No value when there is no stand-in for something; then there is a problem.
pub fn survey<T: DeserializeOwned>(source: &Source) -> (Option<T>, Problems) {
    survey_at(source, &KeyPath::root())
}

fn survey_at<T: DeserializeOwned>(source: &Source, path: &KeyPath) -> (Option<T>, Problems) {
    let tree = match source.tree() {
        Ok(tree) => tree,
        Err(problems) => return (None, problems),
    };
    match tree.find(path) {
        (node, 0) => survey_node(source, tree, node),
        (_, _) => {
            let (tree, node) = tree.with_nothing_at(path);
            survey_node(source, &tree, node)
        }
    }
}

fn survey_node<T: DeserializeOwned>(
    source: &Source,
    tree: &Tree,
    root: NodeId,
) -> (Option<T>, Problems) {
    let mut problems = repeated_keys(source, tree, root);
    let mut patches = Patches::default();
    for _ in 0..MOST_ROUNDS {
        let halt = match T::deserialize(Reader { tree, patches: &patches, node: root }) {
            Ok(value) => return (Some(value), problems),
            Err(halt) => halt.or_at(root),
        };
        let (problem, goes_on) = patches.patch(source, tree, root, halt);
        problems.extend(problem);
        if !goes_on || problems.len() >= MOST_PROBLEMS {
            break;
        }
    }
    (None, problems)
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

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
/// How often one value is read again at most; a mistake takes three rounds at worst.
const MOST_ROUNDS: usize = 4 * MOST_PROBLEMS;

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
    let tree = source.tree()?;
    match tree.find(path) {
        (node, 0) => read_node(source, tree, node),
        (_, _) => {
            let (tree, node) = tree.with_nothing_at(path);
            read_node(source, &tree, node)
        }
    }
}

fn read_node<T: DeserializeOwned>(
    source: &Source,
    tree: &Tree,
    root: NodeId,
) -> Result<T, Problems> {
    let mut problems = repeated_keys(source, tree, root);
    let mut patches = Patches::default();
    for _ in 0..MOST_ROUNDS {
        let reader = Reader { tree, patches: &patches, node: root };
        let halt = match T::deserialize(reader) {
            Ok(value) => return problems.or(value),
            Err(halt) => halt.or_at(root),
        };
        let (problem, goes_on) = patches.patch(source, tree, root, halt);
        problems.extend(problem);
        if !goes_on || problems.len() >= MOST_PROBLEMS {
            break;
        }
    }
    Err(problems)
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

//! Imports between the files of a crate, as its code says them.
//!
//! An edge goes from a file that names something to the file in which that stands. Paths count in `use` and in code:
//! those that begin with `crate`, `self` or `super`, and those that begin with a module that the file declares. What a
//! module gives on from a module below it (`pub use child::Item`) is followed to where it stands, so a parent that only
//! collects its children is no edge and makes no circle. Files and items under `#[cfg(test)]` do not count.

mod circles;
mod paths;
mod tokens;

pub use circles::circles;

use std::collections::{BTreeMap, BTreeSet};

use paths::{Path, paths};
use tokens::tokens;

/// Files of a crate by the path of their module: `["engine", "slots"]`; the root has none.
struct Modules<'a> {
    files: BTreeMap<Vec<String>, Module<'a>>,
}

struct Module<'a> {
    file: &'a str,
    /// Paths that it names, absolute within the crate.
    paths: Vec<Path>,
    /// Names that it declares as an item of its own.
    declares: BTreeSet<String>,
}

/// Every import between two files of a crate: from, to. `files` are the Rust files below its `src`, named from there
/// (`engine/slots.rs`), with their text; the root is `lib.rs`, or `main.rs` where there is none.
pub fn imports(files: &[(String, String)]) -> BTreeSet<(String, String)> {
    let modules = Modules::read(files);
    let mut edges = BTreeSet::new();
    for (path, module) in &modules.files {
        for named in &module.paths {
            let to = modules.find(&named.segments, 0);
            let gives_on = named.gives_on && to.starts_with(path);
            if let Some(to) = modules.files.get(&to)
                && to.file != module.file
                && !gives_on
            {
                edges.insert((module.file.to_owned(), to.file.to_owned()));
            }
        }
    }
    edges
}

impl<'a> Modules<'a> {
    fn read(files: &'a [(String, String)]) -> Self {
        let is = |wanted: &str| files.iter().any(|(name, _)| name == wanted);
        let root = if is("lib.rs") { "lib.rs" } else { "main.rs" };
        let mut found: BTreeMap<Vec<String>, (&str, Vec<String>)> = BTreeMap::new();
        for (name, text) in files {
            let path = match name.strip_suffix(".rs") {
                Some(_) if name == root => Vec::new(),
                Some("lib" | "main") | None => continue,
                Some(stem) if stem.starts_with("bin/") => continue,
                Some(stem) => {
                    let stem = stem.strip_suffix("/mod").unwrap_or(stem);
                    stem.split('/').map(str::to_owned).collect()
                }
            };
            found.insert(path, (name, tokens(text)));
        }
        // A file counts if its parent declares it where tests are left out.
        let declared = |path: &[String], tokens: &[String]| {
            let names = tokens.windows(3).filter(|t| t[0] == "mod" && t[2] == ";");
            names.map(|t| [path, &[t[1].clone()]].concat()).collect::<Vec<_>>()
        };
        let children: BTreeSet<_> =
            found.iter().flat_map(|(path, (_, tokens))| declared(path, tokens)).collect();
        found.retain(|path, _| (1..=path.len()).all(|end| children.contains(&path[..end])));
        let modules = found.into_iter().map(|(path, (file, tokens))| {
            let module = Module { file, paths: paths(&tokens, &path), declares: declares(&tokens) };
            (path, module)
        });
        Self { files: modules.collect() }
    }

    /// The module in which something stands that is named by an absolute path. What a module gives on is followed.
    fn find(&self, path: &[String], depth: usize) -> Vec<String> {
        let mut length = 0;
        while length < path.len() && self.files.contains_key(&path[..=length]) {
            length += 1;
        }
        let module = &path[..length];
        let (Some(item), Some(at)) = (path.get(length), self.files.get(module)) else {
            return module.to_vec();
        };
        if at.declares.contains(item) || depth > 8 {
            return module.to_vec();
        }
        let given = at.paths.iter().filter(|given| given.gives_on);
        for given in given.clone() {
            if given.name.as_ref() == Some(item) {
                let rest = path.get(length + 1..).unwrap_or_default();
                return self.find(&[&given.segments, rest].concat(), depth + 1);
            }
        }
        for glob in given.filter(|given| given.name.is_none()) {
            let to = self.find(&glob.segments, depth + 1);
            if self.files.get(&to).is_some_and(|to| to.declares.contains(item)) {
                return to;
            }
        }
        module.to_vec()
    }
}

/// Names that stand behind a word that declares an item.
fn declares(tokens: &[String]) -> BTreeSet<String> {
    const WORDS: [&str; 9] =
        ["struct", "enum", "trait", "type", "union", "fn", "const", "static", "macro_rules"];
    let pairs = tokens.windows(3).filter(|t| WORDS.contains(&t[0].as_str()));
    pairs.map(|t| if t[1] == "!" || t[1] == "mut" { t[2].clone() } else { t[1].clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::imports;

    fn edges(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<_> =
            files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        imports(&files).into_iter().map(|(from, to)| format!("{from} → {to}")).collect()
    }

    #[test]
    fn a_module_that_is_given_on_is_followed_to_the_file_in_it() {
        let files = [
            ("lib.rs", "mod deep;\nmod a;\npub use deep::sim;"),
            ("deep.rs", "pub mod sim;"),
            ("deep/sim.rs", "mod bench;\npub use bench::Bench;"),
            ("deep/sim/bench.rs", "pub struct Bench;"),
            ("a.rs", "use crate::sim::Bench;"),
        ];

        assert_eq!(edges(&files), ["a.rs → deep/sim/bench.rs"]);
    }

    #[test]
    fn a_visibility_is_no_import() {
        let files = [
            ("lib.rs", "pub mod a;"),
            ("a.rs", "mod b;\nuse b::Thing;"),
            ("a/b.rs", "pub(in crate::a) struct Thing;"),
        ];

        assert_eq!(edges(&files), ["a.rs → a/b.rs"]);
    }

    #[test]
    fn a_path_leads_to_the_file_in_which_the_thing_stands() {
        let files = [
            ("lib.rs", "mod a;\nmod b;\npub use a::Thing;"),
            ("a.rs", "mod deep;\npub(crate) use deep::{Deep, other as Other};\npub struct Thing;"),
            ("a/deep.rs", "pub struct Deep;\npub fn other() {}"),
            (
                "b.rs",
                "use crate::Thing;\nfn f() { let x = crate::a::Deep; super::a::deep::other(); }",
            ),
        ];

        assert_eq!(edges(&files), ["b.rs → a.rs", "b.rs → a/deep.rs"]);
    }

    #[test]
    fn a_parent_that_uses_its_child_is_an_edge_and_one_that_gives_it_on_is_none() {
        let parent = |line: &str| {
            edges(&[
                ("lib.rs", "mod a;"),
                ("a.rs", &format!("mod child;\n{line}")),
                ("a/child.rs", "use super::Own;\npub struct Child;"),
            ])
        };

        let up = "a/child.rs → a.rs";
        assert_eq!(parent("pub struct Own;\npub(crate) use child::Child;"), [up]);
        assert_eq!(parent("pub struct Own(child::Child);"), ["a.rs → a/child.rs", up]);
        assert_eq!(parent("use child::Child;\npub struct Own;"), ["a.rs → a/child.rs", up]);
    }

    #[test]
    fn tests_and_files_of_tests_do_not_count() {
        let files = [
            ("lib.rs", "mod a;\nmod b;\n#[cfg(test)]\nmod world;"),
            ("a.rs", "#[cfg(test)]\nmod tests { use crate::b::X; }"),
            ("b.rs", "pub struct X;"),
            ("world.rs", "use crate::a::Y;"),
        ];

        assert!(edges(&files).is_empty());
    }
}

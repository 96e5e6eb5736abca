//! Docs of items that others see open with a verb or a noun phrase: a line of an index stands without its neighbours.

use crate::tree;

/// Words that a first line never opens with: what follows them is half a sentence.
const OPENERS: [&str; 15] = [
    "What", "How", "Which", "Whether", "Its", "It", "Their", "They", "Why", "Who", "Whose", "So",
    "That", "When", "Where",
];

/// Folders that still have such lines. This list only gets shorter.
const NOT_YET: &[&str] = &[];

/// First doc lines of `pub` items, with the number of the line: fields, variants and methods of traits too.
fn first_lines(text: &str) -> Vec<(usize, &str)> {
    let lines: Vec<&str> = text.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut found = Vec::new();
    // The indent of a `pub enum` or `pub trait` that is open: all in it is seen by whoever sees it.
    let mut within = None;
    let mut doc = None;
    for (number, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        if within.is_some_and(|outer| indent(line) == outer && code.starts_with('}')) {
            within = None;
        }
        if let Some(said) = code.strip_prefix("/// ") {
            doc = doc.or(Some((number + 1, said)));
            continue;
        }
        if code.starts_with("///") || code.starts_with("#[") {
            continue;
        }
        let is_pub = code.starts_with("pub ");
        if let Some(first) = doc.take()
            && (is_pub || within.is_some())
        {
            found.push(first);
        }
        let opens = ["pub enum ", "pub trait ", "pub unsafe trait "];
        if opens.iter().any(|word| code.starts_with(word)) && !code.ends_with('}') {
            within = Some(indent(line));
        }
    }
    found
}

/// Lines of a file that open with such a word.
fn wrong(name: &str, text: &str) -> Vec<String> {
    let opens = |line: &str| {
        let word = line.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        OPENERS.contains(&word)
    };
    let lines = first_lines(text).into_iter().filter(|(_, line)| opens(line));
    lines.map(|(number, line)| format!("{name}:{number}: {line}")).collect()
}

#[test]
fn docs_of_pub_items_open_with_a_verb_or_a_noun() {
    let files = tree::rust_files();
    let of = |folder: &str| -> Vec<String> {
        let files = files.iter().filter(|(name, _)| name.starts_with(folder));
        files.flat_map(|(name, text)| wrong(name, text)).collect()
    };
    let read: usize = files.iter().map(|(_, text)| first_lines(text).len()).sum();

    let is_excused = |name: &String| NOT_YET.iter().any(|folder| name.starts_with(folder));
    let wrong: Vec<_> = files
        .iter()
        .filter(|(name, _)| !is_excused(name))
        .flat_map(|(name, text)| wrong(name, text))
        .collect();
    let done: Vec<_> = NOT_YET.iter().filter(|folder| of(folder).is_empty()).collect();

    assert!(read > 1000, "only {read} docs: does this test still read them?");
    assert!(wrong.is_empty(), "begin with a verb or a noun: {wrong:#?}");
    assert!(done.is_empty(), "these are clean; take them off the list: {done:?}");
}

#[test]
fn a_line_that_does_not_stand_alone_is_found() {
    // Without their slashes, so that this file is no find of its own rule.
    let text = "\
| Whether it is lit.
pub lit: bool,
| Reads the level.
|
| What it reads may be late.
pub fn read() {}
| Its name.
fn own() {}
| Ends of a press.
#[derive(Debug)]
pub enum End {
    | When the finger leaves.
    Up,
}
| So it goes.
struct Own;
"
    .replace('|', "///");

    assert_eq!(first_lines(&text).len(), 4);
    assert_eq!(
        wrong("a.rs", &text),
        ["a.rs:1: Whether it is lit.", "a.rs:12: When the finger leaves."]
    );
}

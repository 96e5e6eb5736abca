//! Form of the project's files.

use crate::tree;

/// Number of lines that a Rust file may have at most.
pub(crate) const LONGEST: usize = 400;

/// Words that say nothing about what is in a file.
const EMPTY_WORDS: [&str; 5] = ["utils", "helpers", "common", "manager", "misc"];

/// Words that no Rust file has, written in halves so that this file does not trip over itself.
const UNFINISHED: [&str; 3] =
    [concat!("#[", "ignore"), concat!("todo", "!("), concat!("unimplemented", "!(")];

/// Call that no test makes: it waits for something, with a deadline, or has a clock of its own.
const SLEEP: &str = concat!("sleep", "(");

/// The lines that have one of the words, with their place; comments left out.
fn lines_with(name: &str, text: &str, words: &[&str], from: usize) -> Vec<String> {
    text.lines()
        .enumerate()
        .skip(from)
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .filter(|(_, line)| words.iter().any(|word| line.contains(word)))
        .map(|(number, line)| format!("{name}:{}: {}", number + 1, line.trim()))
        .collect()
}

/// The line on which the tests of a file begin: the first in a test crate, `#[cfg(test)]` elsewhere.
fn tests_begin(name: &str, text: &str) -> usize {
    if name.split('/').any(|folder| folder == "tests") {
        return 0;
    }
    let end = text.lines().count();
    text.lines().position(|line| line.trim_start().starts_with("#[cfg(test)]")).unwrap_or(end)
}

#[test]
fn no_path_has_a_word_that_says_nothing() {
    assert!(tree::files().len() > 700, "are these all files?");
    let is_empty_word = |part: &str| EMPTY_WORDS.contains(&part);

    let wrong: Vec<_> = tree::files()
        .into_iter()
        .filter(|name| name.split(['/', '.', '-', '_']).any(is_empty_word))
        .collect();

    assert!(wrong.is_empty(), "name these by what is in them: {wrong:#?}");
}

#[test]
fn no_rust_file_is_too_long() {
    let wrong: Vec<_> = tree::rust_files()
        .into_iter()
        .map(|(name, text)| (text.lines().count(), name))
        .filter(|(lines, _)| *lines > LONGEST)
        .collect();

    assert!(wrong.is_empty(), "longer than {LONGEST} lines; split by noun: {wrong:#?}");
}

#[test]
fn nothing_is_left_unfinished_or_ignored() {
    let wrong: Vec<_> = tree::rust_files()
        .iter()
        .flat_map(|(name, text)| lines_with(name, text, &UNFINISHED, 0))
        .collect();

    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_test_sleeps() {
    let wrong: Vec<_> = tree::rust_files()
        .iter()
        .flat_map(|(name, text)| lines_with(name, text, &[SLEEP], tests_begin(name, text)))
        .collect();

    assert!(wrong.is_empty(), "wait for what you want to see, with a deadline: {wrong:#?}");
}

#[test]
fn a_sleep_counts_in_tests_alone() {
    let code = format!("fn wait() {{\n    {SLEEP});\n}}\n");
    let with_tests =
        format!("{code}#[cfg(test)]\nmod tests {{\n    // {SLEEP})\n    {SLEEP});\n}}");
    let found =
        |name: &str, text: &str| lines_with(name, text, &[SLEEP], tests_begin(name, text)).len();

    assert_eq!(found("eg-agent/src/wait.rs", &code), 0);
    assert_eq!(found("eg-agent/src/wait.rs", &with_tests), 1);
    assert_eq!(found("eg-agent/tests/wait.rs", &code), 1);
}

#[test]
fn every_decision_is_in_the_index() {
    let index = tree::read("docs/decisions/README.md");
    let mut pages = 0;

    for name in tree::files() {
        if let Some(page) = name.strip_prefix("docs/decisions/")
            && page != "README.md"
        {
            pages += 1;
            assert!(index.contains(&format!("({page})")), "docs/decisions/README.md lacks {page}");
        }
    }

    assert!(pages > 15, "only {pages} decisions: does this test still find them?");
}

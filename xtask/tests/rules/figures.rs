//! Figures about the code that a page tells are counted here, or they are not told.

use crate::files::LONGEST;
use crate::tree;

/// Pages that may tell a number of lines of code: the page, and what is counted.
const COUNTED: [(&str, usize); 1] = [("CONTRIBUTING.md", LONGEST)];

/// Numbers of lines that a page tells, with the line that tells it. A row or a page about a board is about wires.
fn figures(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for line in text.lines().filter(|line| !line.contains("](drivers/")) {
        let words: Vec<&str> = line.split_whitespace().collect();
        for (at, word) in words.iter().enumerate().skip(1) {
            let lines = word.trim_matches(|c: char| !c.is_alphabetic());
            let before = words[at - 1].trim_matches(|c: char| !c.is_alphanumeric());
            if let (true, Ok(figure)) = (lines == "lines", before.parse()) {
                found.push((figure, line.trim().to_owned()));
            }
        }
    }
    found
}

#[test]
fn no_page_tells_a_number_of_lines_that_nobody_counts() {
    let is_front = |name: &String| {
        name.ends_with("README.md") && !name.starts_with("drivers/") || name == "CONTRIBUTING.md"
    };
    let pages: Vec<_> = tree::files().into_iter().filter(is_front).collect();
    let mut wrong = Vec::new();
    for page in &pages {
        for (figure, line) in figures(&tree::read(page)) {
            if !COUNTED.contains(&(page.as_str(), figure)) {
                wrong.push(format!("{page}: {line}"));
            }
        }
    }

    assert!(pages.len() > 10, "only {pages:?}");
    assert!(wrong.is_empty(), "count these in a rule, or do not say them: {wrong:#?}");
}

#[test]
fn a_figure_is_found_and_a_wire_is_none() {
    let page =
        "A driver of about 50 lines.\n| [relay](drivers/relay) | on 8 lines | \n12 whole words\n";

    assert_eq!(figures(page), [(50, "A driver of about 50 lines.".to_owned())]);
}

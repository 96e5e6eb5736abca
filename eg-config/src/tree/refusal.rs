//! Refusals of the parser, in words that say what to do.

use serde_yaml::budget::BudgetBreach;
use serde_yaml::{DefaultMessageFormatter, Error, MessageFormatter};

use crate::place::Place;
use crate::problems::Problems;
use crate::text::Text;

/// The most values a file may have once its aliases are expanded.
pub(super) const MOST_NODES: usize = 50_000;
/// Deepest nesting of lists and mappings.
pub(super) const DEEPEST: usize = 48;

const TOO_DEEP: &str = "nested too deep";

/// The one problem that a parser's error is.
pub(crate) fn explain(source: &Text, error: &Error) -> Problems {
    let place = error.location().map_or(Place { line: 1, column: 1, width: 1 }, |at| Place {
        line: at.line() as usize,
        column: at.column() as usize,
        width: 1,
    });
    let said = DefaultMessageFormatter.format_message(innermost(error));
    if let Some(place) = source.tab_near(place.line).filter(|_| said.contains("tab")) {
        let message = "a tab where YAML wants spaces; indent with spaces alone".to_owned();
        return source.problem(place, String::new(), message).into();
    }
    let message = explained(innermost(error)).or_else(|| reworded(&said));
    source.problem(place, String::new(), message.unwrap_or_else(|| said.into_owned())).into()
}

fn innermost(mut error: &Error) -> &Error {
    while let Error::AliasError { error: inner, .. } | Error::WithSnippet { error: inner, .. } =
        error
    {
        error = inner;
    }
    error
}

/// By what the error is.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser has many more errors and may get new ones"
)]
fn explained(error: &Error) -> Option<String> {
    let message = match error {
        Error::MultipleDocuments { .. } => {
            "a second document, after \"---\"; a file holds one".to_owned()
        }
        Error::UnknownAnchor { .. } => {
            "no anchor of this name above; write \"&name\" before the value it repeats".to_owned()
        }
        Error::RecursiveReferencesRequireWeakTypes { .. } => {
            "a value that contains itself".to_owned()
        }
        Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. }
        | Error::AliasReplayCounterOverflow { .. } => {
            format!("aliases repeat too much; a file has at most {MOST_NODES} values with them")
        }
        Error::MergeValueNotMapOrSeqOfMaps { .. } => {
            "wanted a mapping or a list of mappings after \"<<\"".to_owned()
        }
        Error::Budget { breach: BudgetBreach::Depth { .. }, .. } => {
            format!("{TOO_DEEP}; lists and mappings go {DEEPEST} deep at most")
        }
        Error::Budget {
            breach: BudgetBreach::Nodes { .. } | BudgetBreach::Events { .. }, ..
        } => {
            format!("too much; a file has at most {MOST_NODES} values")
        }
        _ => return None,
    };
    Some(message)
}

/// By what the scanner says, which has one kind of error and many texts.
fn reworded(said: &str) -> Option<String> {
    const WORDS: [(&str, &str); 10] = [
        ("recursion limit exceeded", TOO_DEEP),
        (
            "mapping values are not allowed",
            "this \":\" cannot stand here; check the indentation, or put a text that has \": \" in quotes",
        ),
        (
            "illegal placement of ':'",
            "this \":\" cannot stand here; is a bracket or a quote left open above?",
        ),
        (
            "did not find expected key",
            "wanted a key in line with those above; check the indentation",
        ),
        (
            "did not find expected '-'",
            "wanted \"-\" in line with those above; check the indentation",
        ),
        (
            "unknown escape character",
            "unknown escape in \"…\"; write \\\\ for a backslash, or use '…'",
        ),
        ("misplaced bracket", "this closes a bracket that was never opened"),
        ("unexpected character: `@'", "a text cannot start with \"@\"; put it in quotes"),
        ("unexpected character: `%'", "a text cannot start with \"%\"; put it in quotes"),
        ("unexpected character: ``'", "a text cannot start with \"`\"; put it in quotes"),
    ];
    if let Some(tag) = said.strip_prefix("unsupported tag ") {
        return Some(format!("tags such as {} are not read; leave it out", tag.replace('`', "\"")));
    }
    let found = WORDS.iter().find(|(theirs, _)| said.contains(theirs));
    found.map(|(_, ours)| (*ours).to_owned())
}

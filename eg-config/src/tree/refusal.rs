//! Refusals of the parser, in words that say what to do.

use serde_yaml::budget::BudgetBreach;
use serde_yaml::{DefaultMessageFormatter, Error, MessageFormatter};

use super::include::{self, Included, text_of};
use crate::place::Place;
use crate::problem::Problem;
use crate::problems::Problems;
use crate::text::Text;

/// The most values a file may have once its aliases are expanded.
pub(super) const MOST_NODES: usize = 50_000;
/// Deepest nesting of lists and mappings.
pub(super) const DEEPEST: usize = 48;

/// Deepest nesting of files that include others.
pub(super) const DEEPEST_INCLUDE: u32 = 8;

const TOO_DEEP: &str = "nested too deep";

/// The one problem that a parser's error is.
pub(super) fn explain(source: &Text, included: &Included, error: &Error) -> Problems {
    if let Some(problems) = included.refused() {
        return problems;
    }
    let location = error.location();
    let text = location.as_ref().map_or(0, text_of);
    let place = location.map_or(Place::START, |at| Place {
        text,
        line: at.line() as usize,
        column: at.column() as usize,
        width: 1,
    });
    let explain = |text: &Text| explain_in(text, place, innermost(error)).into();
    included.with(text, explain).unwrap_or_else(|| explain(source))
}

fn explain_in(source: &Text, place: Place, error: &Error) -> Problem {
    let said = DefaultMessageFormatter.format_message(error);
    if let Some(place) = source.tab_near(place.line).filter(|_| said.contains("tab")) {
        let message = "a tab where YAML wants spaces; indent with spaces alone".to_owned();
        return source.problem(place, String::new(), message);
    }
    if source.is_variable(place) {
        let message = "a variable cannot stand between { } or [ ], whose braces it would close; write \
                       that mapping or list over several lines";
        return source.problem(place, String::new(), message.to_owned());
    }
    let message = explained(error).or_else(|| reworded(&said));
    let place = variable(error).and_then(|name| source.variable_at(place, name)).unwrap_or(place);
    source.problem(place, String::new(), message.unwrap_or_else(|| said.into_owned()))
}

/// The variable that an error is about, as it stands in the file.
#[expect(clippy::wildcard_enum_match_arm, reason = "other errors are about no variable")]
fn variable(error: &Error) -> Option<&str> {
    match error {
        Error::UnresolvedProperty { name, .. }
        | Error::InvalidPropertyName { name, .. }
        | Error::PropertyRequiredButUnset { name, .. }
        | Error::PropertyRequiredButEmpty { name, .. } => Some(name),
        _ => None,
    }
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
        Error::UnresolvedProperty { name, .. } => {
            format!("no variable {name}; set it, or write ${{{name}:-what it is otherwise}}")
        }
        Error::PropertyRequiredButUnset { name, message, .. }
        | Error::PropertyRequiredButEmpty { name, message, .. } => {
            format!("no variable {name}: {}", if message.is_empty() { "set it" } else { message })
        }
        Error::InvalidPropertyName { name, .. } => {
            format!("{name} is no variable; write ${{NAME}} or ${{NAME:-what it is otherwise}}")
        }
        Error::Budget {
            breach:
                BudgetBreach::PropertyExpansionDepth { .. }
                | BudgetBreach::PropertyInterpolationWork { .. },
            ..
        } => "variables within variables too often".to_owned(),
        Error::CyclicInclude { .. } => "this includes itself".to_owned(),
        Error::UnsupportedIncludeForm { .. } => "wanted a file's name after !include".to_owned(),
        Error::Budget { breach: BudgetBreach::InclusionDepth { .. }, .. } => {
            format!("files include one another {DEEPEST_INCLUDE} deep at most")
        }
        Error::ResolverError { error, target, .. } => include::why(error, target),
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

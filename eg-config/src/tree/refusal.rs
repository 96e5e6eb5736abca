//! What the parser refused, in our words.

use serde_yaml::{DefaultMessageFormatter, Error, MessageFormatter};

use super::Place;
use crate::{Problems, Source};

/// The one problem that a parser's error is.
pub(crate) fn explain(source: &Source, error: &Error) -> Problems {
    let place = error.location().map_or(Place { line: 1, column: 1, width: 1 }, |at| {
        match at.span().byte_offset() {
            Some(byte) => source.place_of(byte as usize, 1),
            None => Place { line: at.line() as usize, column: at.column() as usize, width: 1 },
        }
    });
    source.problem(place, String::new(), message(error)).into()
}

fn message(error: &Error) -> String {
    DefaultMessageFormatter.format_message(error).into_owned()
}

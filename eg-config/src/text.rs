//! A file's name and text, positions in it, and mistakes at them.

use crate::place::Place;
use crate::problem::Problem;

/// Scalars that may be taken as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scalars {
    /// All: a YAML file has texts without quotes, which only who reads them can tell from numbers.
    Written,
    /// Scalars in quotes.
    Json,
    /// Scalars in quotes, and numbers and booleans as JSON prints them.
    KeptJson,
}

/// A file's name in messages, its text, and how the text is to be taken.
#[derive(Debug)]
pub(crate) struct Text {
    name: String,
    text: String,
    scalars: Scalars,
}

impl Text {
    /// A text without its byte order mark.
    pub(crate) fn new(name: String, mut text: String, scalars: Scalars) -> Self {
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Self { name, text, scalars }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn scalars(&self) -> Scalars {
        self.scalars
    }

    /// A mistake at `place`, on the value at `path`.
    pub(crate) fn problem(&self, place: Place, path: String, message: String) -> Problem {
        let mut problem = Problem::with_file(&self.name, message);
        self.show(&mut problem, place);
        problem.path = path;
        problem
    }

    /// Line and column of a byte of the text; the end of the text for any byte after it.
    pub(crate) fn place_of(&self, byte: usize) -> Place {
        let inside = byte.min(self.text.len());
        let at = (0..=inside).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        let before = &self.text[..at];
        let column = lines(before).last().unwrap_or_default().chars().count() + 1;
        Place { line: lines(before).count(), column, width: 1 }
    }

    /// The place of the first tab among the spaces a line begins with, on line `from` or up to two later.
    pub(crate) fn tab_near(&self, from: usize) -> Option<Place> {
        let near = lines(&self.text).enumerate().skip(from.saturating_sub(1)).take(3);
        let mut tabs = near.filter_map(|(index, line)| {
            let indent = line.chars().take_while(|c| c.is_whitespace());
            let column = indent.take_while(|c| *c != '\t').count() + 1;
            let place = Place { line: index + 1, column, width: 1 };
            (line.chars().nth(column - 1) == Some('\t')).then_some(place)
        });
        tabs.next()
    }

    /// Fills in position and source line, moved inside the file.
    pub(crate) fn show(&self, problem: &mut Problem, place: Place) {
        let line = place.line.clamp(1, lines(&self.text).count());
        let text = lines(&self.text).nth(line - 1).unwrap_or_default();
        let column = place.column.clamp(1, text.chars().count() + 1);
        problem.line = Some(line);
        problem.column = Some(column);
        problem.width = place.width.min(text.chars().count() + 1 - column).max(1);
        problem.snippet = Some(text.to_owned());
    }
}

/// The lines of a text without their ends, as YAML counts them: after `\n`, `\r\n` and `\r`. Always at least one.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
}

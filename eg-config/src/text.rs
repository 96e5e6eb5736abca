//! A file's name and text, positions in it, and mistakes at them.

use std::sync::OnceLock;

use serde_yaml::Span;

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
    /// The byte at which each character begins, once that was asked for.
    starts: OnceLock<Vec<usize>>,
}

impl Text {
    /// A text without its byte order mark.
    pub(crate) fn new(name: String, mut text: String, scalars: Scalars) -> Self {
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Self { name, text, scalars, starts: OnceLock::new() }
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

    /// The characters of a span. The parser counts them in bytes too, but for included texts, which it reads as a stream.
    pub(crate) fn slice(&self, span: &Span) -> &str {
        let (start, end) = match (span.byte_offset(), span.byte_len()) {
            (Some(start), Some(length)) => {
                (start as usize, (start as usize).saturating_add(length as usize))
            }
            (_, _) => {
                let end = span.offset().saturating_add(span.len());
                (self.byte_of(span.offset() as usize), self.byte_of(end as usize))
            }
        };
        self.text.get(start..end).unwrap_or_default()
    }

    /// The byte at which a character begins, counted from 0; the end of the text for any later one.
    fn byte_of(&self, character: usize) -> usize {
        let starts = self.starts.get_or_init(|| self.text.char_indices().map(|at| at.0).collect());
        starts.get(character).copied().unwrap_or(self.text.len())
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
        Place { text: 0, line: lines(before).count(), column, width: 1 }
    }

    /// The place of a variable in the value that begins at `from`: of its `${NAME` or, when that is what is wrong, all of it.
    pub(crate) fn variable_at(&self, from: Place, name: &str) -> Option<Place> {
        let wanted = if name.starts_with('$') { name.to_owned() } else { format!("${{{name}") };
        let mut value = lines(&self.text).enumerate().skip(from.line - 1);
        value.find_map(|(index, line)| {
            let before = if index + 1 == from.line { from.column - 1 } else { 0 };
            let start = line.char_indices().nth(before).map_or(line.len(), |at| at.0);
            let found = start + line.get(start..)?.find(&wanted)?;
            let column = line.get(..found)?.chars().count() + 1;
            let width = wanted.chars().count() + usize::from(!wanted.ends_with('}'));
            Some(Place { line: index + 1, column, width, ..from })
        })
    }

    /// Tells whether the brace at `place` belongs to a `${`.
    pub(crate) fn is_variable(&self, place: Place) -> bool {
        let line = lines(&self.text).nth(place.line.saturating_sub(1)).unwrap_or_default();
        let mut before = line.chars().skip(place.column.saturating_sub(2));
        before.next() == Some('$') && before.next() == Some('{')
    }

    /// The place of the first tab among the spaces a line begins with, on line `from` or up to two later.
    pub(crate) fn tab_near(&self, from: usize) -> Option<Place> {
        let near = lines(&self.text).enumerate().skip(from.saturating_sub(1)).take(3);
        let mut tabs = near.filter_map(|(index, line)| {
            let indent = line.chars().take_while(|c| c.is_whitespace());
            let column = indent.take_while(|c| *c != '\t').count() + 1;
            let place = Place { text: 0, line: index + 1, column, width: 1 };
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

//! A file's name and text, and positions in it.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::OnceLock;

use crate::tree::{self, Place, Scalars, Tree};
use crate::{KeyPath, Problem, Problems, Whereabouts};

/// The largest file that is read, in bytes.
const LARGEST: usize = 1 << 20;

/// A YAML file: the name it has in messages, and its text.
///
/// The text is parsed once, at the first [`read`](crate::read).
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    scalars: Scalars,
    tree: OnceLock<Result<Tree, Problems>>,
}

impl Source {
    /// A text that is in memory already, such as one received over the network.
    pub fn text(name: impl Into<String>, text: impl Into<String>) -> Self {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Self { name: name.into(), text, scalars: Scalars::Written, tree: OnceLock::new() }
    }

    /// A value that arrived as JSON, printed anew so that messages can show its lines. JSON marks its texts: a number
    /// is no text, `true` and `null` neither. Keys, which JSON writes as texts alone, may be numbers.
    pub fn json(name: impl Into<String>, value: &serde_json::Value) -> Self {
        Self { scalars: Scalars::Json, ..Self::printed(name.into(), value) }
    }

    /// A value that was kept as JSON, perhaps by a version that kept texts of a YAML file as the numbers they look
    /// like: a number or a `true` where text is wanted is the text that JSON prints for it.
    pub fn kept_json(name: impl Into<String>, value: &serde_json::Value) -> Self {
        Self { scalars: Scalars::KeptJson, ..Self::printed(name.into(), value) }
    }

    fn printed(name: String, value: &serde_json::Value) -> Self {
        let mut text = String::new();
        for c in format!("{value:#}").chars() {
            // The few characters that JSON may hold as they are and YAML may not, all of them inside a text.
            if matches!(c, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}') {
                text.push_str(&format!("\\u{:04x}", u32::from(c)));
            } else {
                text.push(c);
            }
        }
        Self::text(name, text)
    }

    /// The file at `path`, up to 1 MiB.
    ///
    /// # Errors
    /// One problem, when the file cannot be opened or read, is too large, or is not UTF-8.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Problems> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let mut bytes = Vec::new();
        let read =
            File::open(path).and_then(|file| file.take(LARGEST as u64 + 1).read_to_end(&mut bytes));
        if let Err(error) = read {
            return Err(Problem::with_file(name, format!("cannot read this file: {error}")).into());
        }
        if bytes.len() > LARGEST {
            return Err(too_large(&name).into());
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::text(name, text)),
            Err(error) => {
                Err(not_utf8(name, error.as_bytes(), error.utf8_error().valid_up_to()).into())
            }
        }
    }

    /// The name of the file, as messages show it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, without a byte order mark.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether this file and another one say the same at `path`, however it is laid out: comments, styles of writing and
    /// the order of keys do not count. A file that is no YAML says nothing.
    pub fn says_the_same(&self, other: &Self, path: &KeyPath) -> bool {
        match (self.tree(), other.tree()) {
            (Ok(tree), Ok(others)) => tree.is_like(others, path),
            (_, _) => false,
        }
    }

    /// A mistake at `place`: a [`KeyPath`], a [`Located`](crate::Located) value, or a
    /// [`Spot`](crate::Spot).
    ///
    /// The message is lower case, one line and without full stop. Add what would have worked with
    /// [`Problem::known`] or [`Problem::wanted`].
    pub fn problem_at(
        &self,
        place: &(impl Whereabouts + ?Sized),
        message: impl Into<String>,
    ) -> Problem {
        let spot = place.spot(self);
        let mut problem = Problem::with_file(&self.name, message);
        if spot.line > 0 {
            let place = Place { line: spot.line, column: spot.column, width: spot.width };
            self.show(&mut problem, place);
        }
        problem.path = spot.path;
        problem
    }

    pub(crate) fn problem(&self, place: Place, path: String, message: String) -> Problem {
        let mut problem = Problem::with_file(&self.name, message);
        self.show(&mut problem, place);
        problem.path = path;
        problem
    }

    pub(crate) fn scalars(&self) -> Scalars {
        self.scalars
    }

    pub(crate) fn tree(&self) -> Result<&Tree, Problems> {
        let parsed = self.tree.get_or_init(|| {
            if self.text.len() > LARGEST {
                return Err(too_large(&self.name).into());
            }
            tree::parse(self)
        });
        parsed.as_ref().map_err(Clone::clone)
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
    fn show(&self, problem: &mut Problem, place: Place) {
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

fn too_large(name: &str) -> Problem {
    Problem::with_file(
        name,
        format!("larger than {} KiB, which is the most that is read", LARGEST / 1024),
    )
}

fn not_utf8(name: String, bytes: &[u8], valid: usize) -> Problem {
    let source = Source::text(name, String::from_utf8_lossy(bytes));
    // Everything before the first bad byte is unchanged by the lossy copy, but for a byte order mark.
    let mark = if bytes.starts_with(b"\xef\xbb\xbf") && valid > 0 { 3 } else { 0 };
    let byte = bytes.get(valid).copied().unwrap_or_default();
    let message = format!("byte 0x{byte:02x} is not UTF-8; save the file as UTF-8");
    source.problem(source.place_of(valid - mark), String::new(), message)
}

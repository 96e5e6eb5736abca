//! A file's name and text, and positions in it.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::OnceLock;

use crate::location::Location;
use crate::path::KeyPath;
use crate::place::Place;
use crate::problem::Problem;
use crate::problems::Problems;
use crate::text::{Scalars, Text};
use crate::tree::{self, Tree};

/// The largest file that is read, in bytes.
const LARGEST: usize = 1 << 20;

/// A YAML file: the name it has in messages, and its text.
///
/// The text is parsed once, at the first [`read`](crate::read).
#[derive(Debug)]
pub struct Source {
    text: Text,
    tree: OnceLock<Result<Tree, Problems>>,
}

impl Source {
    /// A text that is in memory already, such as one received over the network.
    pub fn text(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(name.into(), text.into(), Scalars::Written)
    }

    /// A value that arrived as JSON, printed anew so that messages can show its lines. JSON marks its texts: a number
    /// is no text, `true` and `null` neither. Keys, which JSON writes as texts alone, may be numbers.
    pub fn json(name: impl Into<String>, value: &serde_json::Value) -> Self {
        Self::new(name.into(), printed(value), Scalars::Json)
    }

    /// A value that was kept as JSON, perhaps by a version that kept texts of a YAML file as the numbers they look
    /// like: a number or a `true` where text is wanted is the text that JSON prints for it.
    pub fn kept_json(name: impl Into<String>, value: &serde_json::Value) -> Self {
        Self::new(name.into(), printed(value), Scalars::KeptJson)
    }

    fn new(name: String, text: String, scalars: Scalars) -> Self {
        Self { text: Text::new(name, text, scalars), tree: OnceLock::new() }
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
        self.text.name()
    }

    /// The whole text, without a byte order mark.
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// Compares this file with another one at `path`, however they are laid out: comments, styles of writing and the
    /// order of keys do not count. A file that is no YAML equals none.
    pub fn says_the_same(&self, other: &Self, path: &KeyPath) -> bool {
        match (self.tree(), other.tree()) {
            (Ok(tree), Ok(others)) => tree.eq_ignoring_spans(others, path),
            (_, _) => false,
        }
    }

    /// A mistake at `place`: a [`KeyPath`], a [`Located`](crate::Located) value, or a
    /// [`Location`].
    ///
    /// The message is lower case, one line and without full stop. Add what would have worked with
    /// [`Problem::known`] or [`Problem::wanted`].
    pub fn problem_at(
        &self,
        place: &(impl Locate + ?Sized),
        message: impl Into<String>,
    ) -> Problem {
        let location = place.locate(self);
        let mut problem = Problem::with_file(self.name(), message);
        if location.line > 0 {
            let place =
                Place { line: location.line, column: location.column, width: location.width };
            self.text.show(&mut problem, place);
        }
        problem.path = location.path;
        problem
    }

    pub(crate) fn problem(&self, place: Place, path: String, message: String) -> Problem {
        self.text.problem(place, path, message)
    }

    pub(crate) fn tree(&self) -> Result<&Tree, Problems> {
        let parsed = self.tree.get_or_init(|| {
            if self.text.as_str().len() > LARGEST {
                return Err(too_large(self.name()).into());
            }
            tree::parse(&self.text)
        });
        parsed.as_ref().map_err(Clone::clone)
    }
}

/// Place that [`Source::problem_at`] can point at.
pub trait Locate {
    /// The position in `source`.
    fn locate(&self, source: &Source) -> Location;
}

impl Locate for Location {
    fn locate(&self, _: &Source) -> Location {
        self.clone()
    }
}

/// The value at the path, or the innermost mapping or list on the way to it when it is not there.
impl Locate for KeyPath {
    fn locate(&self, source: &Source) -> Location {
        let path = self.to_string();
        let Ok(tree) = source.tree() else { return Location { path, ..Location::default() } };
        let place = tree.place(tree.find(self).0);
        Location { line: place.line, column: place.column, width: place.width, path }
    }
}

/// A value as JSON on several lines, in characters that YAML may hold too.
fn printed(value: &serde_json::Value) -> String {
    let mut text = String::new();
    for c in format!("{value:#}").chars() {
        // The few characters that JSON may hold as they are and YAML may not, all of them inside a text.
        if matches!(c, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}') {
            text.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            text.push(c);
        }
    }
    text
}

fn too_large(name: &str) -> Problem {
    Problem::with_file(
        name,
        format!("larger than {} KiB, which is the most that is read", LARGEST / 1024),
    )
}

fn not_utf8(name: String, bytes: &[u8], valid: usize) -> Problem {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let text = Text::new(name, text, Scalars::Written);
    // Everything before the first bad byte is unchanged by the lossy copy, but for a byte order mark.
    let mark = if bytes.starts_with(b"\xef\xbb\xbf") && valid > 0 { 3 } else { 0 };
    let byte = bytes.get(valid).copied().unwrap_or_default();
    let message = format!("byte 0x{byte:02x} is not UTF-8; save the file as UTF-8");
    text.problem(text.place_of(valid - mark), String::new(), message)
}

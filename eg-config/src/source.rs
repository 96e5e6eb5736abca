//! A file's name and text, and positions in it.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::OnceLock;

use crate::tree::{self, Place, Tree};
use crate::{Problem, Problems, Whereabouts};

/// The largest file that is read, in bytes.
const LARGEST: usize = 1 << 20;

/// A YAML file: the name it has in messages, and its text. JSON is read too, since YAML contains it.
///
/// The text is parsed once, at the first [`read`](crate::read).
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    tree: OnceLock<Result<Tree, Problems>>,
}

impl Source {
    /// A text that is in memory already, such as one received over the network.
    pub fn text(name: impl Into<String>, text: impl Into<String>) -> Self {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Self { name: name.into(), text, tree: OnceLock::new() }
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

    /// A mistake at `place`: a [`KeyPath`](crate::KeyPath), a [`Located`](crate::Located) value, or a
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
    pub(crate) fn place_of(&self, byte: usize, length: usize) -> Place {
        let at = (0..=byte.min(self.text.len()))
            .rev()
            .find(|at| self.text.is_char_boundary(*at))
            .unwrap_or(0);
        let (before, after) = self.text.split_at(at);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let width = after
            .char_indices()
            .take_while(|(offset, c)| *offset < length && !matches!(c, '\n' | '\r'))
            .count();
        Place {
            line: before.matches('\n').count() + 1,
            column: before[start..].chars().count() + 1,
            width: width.max(1),
        }
    }

    /// Fills in position and source line, moved inside the file.
    fn show(&self, problem: &mut Problem, place: Place) {
        let line = place.line.clamp(1, self.text.split('\n').count());
        let text = self.text.split('\n').nth(line - 1).unwrap_or_default();
        let text = text.strip_suffix('\r').unwrap_or(text);
        problem.line = Some(line);
        problem.column = Some(place.column.clamp(1, text.chars().count() + 1));
        problem.width = place.width.max(1);
        problem.snippet = Some(text.to_owned());
    }
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
    source.problem(source.place_of(valid - mark, 1), String::new(), message)
}

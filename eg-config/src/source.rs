//! A file's name and text, and positions in it.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use crate::disk;
use crate::file_origin::{FileOrigin, variables};
use crate::location::Location;
use crate::path::KeyPath;
use crate::place::Place;
use crate::problem::Problem;
use crate::problems::Problems;
use crate::text::{Scalars, Text};
use crate::tree::{self, Tree};

/// A YAML file: the name it has in messages, and its text.
///
/// The text is parsed once, at the first [`read`](crate::read); then the files are read that it includes.
#[derive(Debug)]
pub struct Source {
    text: Text,
    origin: Option<Arc<FileOrigin>>,
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
        Self { text: Text::new(name, text, scalars), origin: None, tree: OnceLock::new() }
    }

    /// The file at `path`, up to 1 MiB, which may include others of its folder by `!include` and use the variables of this
    /// process by `${NAME}` or `${NAME:-default}`. See [`read_with`](Self::read_with).
    ///
    /// # Errors
    /// One problem, when the file cannot be opened or read, is too large, or is not UTF-8.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Problems> {
        Self::read_with(path, variables())
    }

    /// The file at `path`, up to 1 MiB, which may include others and use these variables alone.
    ///
    /// A value without quotes may hold `${NAME}`, `${NAME:-default}` or `${NAME:?why it is needed}`. It then is what it
    /// would be had it been written out: a number, a `true`, a text. A value `!include boards.yaml` is the content of that
    /// file, `!include boards.yaml#panel` what is marked `&panel` there. The name is relative to the file that it stands
    /// in, and leads to no file outside the folder of this one, or outside the folder that the variable `EG_INCLUDE` names.
    ///
    /// # Errors
    /// One problem, when the file cannot be opened or read, is too large, or is not UTF-8. What is wrong with included
    /// files and with variables is told when the file is [read](crate::read).
    pub fn read_with(
        path: impl AsRef<Path>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Problems> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let text = disk::read(path, &name)?;
        let origin = FileOrigin::new(path.to_path_buf(), variables.into_iter().collect());
        Ok(Self { origin: Some(Arc::new(origin)), ..Self::text(name, text) })
    }

    /// The name of the file, as messages show it.
    pub fn name(&self) -> &str {
        self.text.name()
    }

    /// The whole text, without a byte order mark, as it was written: without what it includes.
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
        let Location { line, column, width, path, text } = location;
        if line > 0 {
            return self.problem(Place { text, line, column, width }, path, message.into());
        }
        let mut problem = Problem::with_file(self.name(), message);
        problem.path = path;
        problem
    }

    /// A mistake in this file, or in the included one that the place is in.
    pub(crate) fn problem(&self, place: Place, path: String, message: String) -> Problem {
        let text = self.tree().map_or(&self.text, |tree| tree.text_at(place, &self.text));
        text.problem(place, path, message)
    }

    pub(crate) fn tree(&self) -> Result<&Tree, Problems> {
        let parsed = self.tree.get_or_init(|| {
            if self.text.as_str().len() > disk::LARGEST {
                return Err(disk::too_large(self.name()).into());
            }
            tree::parse(&self.text, self.origin.as_ref())
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
        let Place { text, line, column, width } = place;
        Location { line, column, width, path, text }
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

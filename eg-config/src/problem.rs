//! One mistake, where it is, and what would have worked.

use serde::Serialize;

use crate::nearest::nearest;

/// One mistake in a file.
///
/// `{}` prints it like a compiler does, without colours; `{:#}` prints it with ANSI colours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Problem {
    /// The file, as it was named to [`Source`](crate::Source).
    pub file: String,
    /// Line in the file, from 1; `None` when the mistake is the file itself, for example that it is missing.
    pub line: Option<usize>,
    /// Column in characters, from 1; one past the last character where something is missing at a line's end.
    pub column: Option<usize>,
    /// Width of the mistake in characters, at least 1.
    pub width: usize,
    /// The path to the value, such as `devices.panel.config.inputs[2]`; empty for the file as a whole.
    pub path: String,
    /// Message: lower case, one line, no full stop.
    pub message: String,
    /// Words that would have worked; may be empty when the message says it.
    pub wanted: Vec<String>,
    /// The known word nearest to what was found.
    pub nearest: Option<String>,
    /// The line of the file, without its end.
    pub snippet: Option<String>,
}

impl Problem {
    /// A mistake with the file as a whole, such as that it cannot be read.
    pub fn with_file(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            line: None,
            column: None,
            width: 1,
            path: String::new(),
            message: message.into(),
            wanted: Vec::new(),
            nearest: None,
            snippet: None,
        }
    }

    /// Adds what would have worked.
    #[must_use]
    pub fn wanted<W: Into<String>>(mut self, wanted: impl IntoIterator<Item = W>) -> Self {
        self.wanted = wanted.into_iter().map(Into::into).collect();
        self
    }

    /// Adds what would have worked, and which of it is nearest to `found`.
    ///
    /// Say what was found in the message too: `no driver called "buton-row"`.
    #[must_use]
    pub fn known<W: Into<String>>(self, found: &str, known: impl IntoIterator<Item = W>) -> Self {
        let mut problem = self.wanted(known);
        problem.nearest = nearest(found, &problem.wanted).map(str::to_owned);
        problem
    }
}

impl std::error::Error for Problem {}

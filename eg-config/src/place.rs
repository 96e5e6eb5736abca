//! A position in a text.

/// A position; lines and columns from 1, width in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The text it is in: 0 is the file itself, any other an included one.
    pub(crate) text: usize,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) width: usize,
}

impl Place {
    /// The start of the file itself.
    pub(crate) const START: Self = Self { text: 0, line: 1, column: 1, width: 1 };
}

//! A position in a file, for those outside this crate.

/// A position in a file, and the path to the value that is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Location {
    /// Line from 1, or 0 when the value did not come from a file.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Width in characters.
    pub width: usize,
    /// The path, printed.
    pub path: String,
    /// The text it is in, as [`Place`](crate::place::Place) counts them.
    pub(crate) text: usize,
}

impl Location {
    /// Tells whether it is in a file that another one includes, whose lines are not those of the file that was read.
    pub fn is_included(&self) -> bool {
        self.text > 0
    }
}

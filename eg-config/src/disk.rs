//! Texts of files, as far as they are read.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::place::Place;
use crate::problem::Problem;
use crate::problems::Problems;
use crate::text::{Scalars, Text};

/// The largest file that is read, in bytes.
pub(crate) const LARGEST: usize = 1 << 20;

/// The text of the file at `path`, up to 1 MiB, which messages call `name`.
///
/// # Errors
/// That it cannot be opened or read, is too large, or is not UTF-8.
pub(crate) fn read(path: &Path, name: &str) -> Result<String, Problems> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| Problem::with_file(name, format!("cannot read this file: {error}")))?;
    if bytes.len() > LARGEST {
        return Err(too_large(name).into());
    }
    String::from_utf8(bytes).map_err(|error| {
        not_utf8(name.to_owned(), error.as_bytes(), error.utf8_error().valid_up_to()).into()
    })
}

pub(crate) fn too_large(name: &str) -> Problem {
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
    let place: Place = text.place_of(valid - mark);
    text.problem(place, String::new(), message)
}

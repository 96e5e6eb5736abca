//! Declaration of a library, read out of its file.

use super::LibraryError;
use crate::library::declaration::{ABI, Declaration, MAGIC};
use crate::library::text::until_zero;
use std::mem::offset_of;

/// Declaration of a library about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The crate that it was built from.
    pub krate: String,
    /// Version of that crate.
    pub version: String,
    /// See [`fingerprint`](crate::library::fingerprint()).
    pub fingerprint: String,
}

/// Reads a declaration, of which only the part behind the version of its own layout may have another layout.
pub(super) fn decode(bytes: &[u8]) -> Result<Declared, LibraryError> {
    let field = |at: usize, length: usize| bytes.get(at..at.checked_add(length)?);
    let number = |at| Some(u32::from_ne_bytes(field(at, 4)?.try_into().ok()?));
    if field(offset_of!(Declaration, magic), MAGIC.len()) != Some(&MAGIC) {
        return Err(LibraryError::NoDeclaration);
    }
    let found = number(offset_of!(Declaration, abi)).ok_or(LibraryError::NoDeclaration)?;
    if found != ABI {
        return Err(LibraryError::Abi { found });
    }
    let text = |at: usize, end: usize| {
        bytes.get(at..end).map(until_zero).ok_or(LibraryError::NoDeclaration)
    };
    let [fingerprint, krate, version, each] = [
        offset_of!(Declaration, fingerprint),
        offset_of!(Declaration, krate),
        offset_of!(Declaration, version),
        offset_of!(Declaration, each),
    ];
    Ok(Declared {
        fingerprint: text(fingerprint, krate)?,
        krate: text(krate, version)?,
        version: text(version, each)?,
    })
}

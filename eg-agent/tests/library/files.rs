//! Bad files, made of a good one.

use crate::guest::{KIND, library};
use eg_hal::library::fingerprint;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder for files of this test.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// A file with these bytes.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// The good library, changed.
    pub(crate) fn library(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) -> PathBuf {
        let mut bytes = fs::read(library()).unwrap();
        change(&mut bytes);
        self.file(name, bytes)
    }

    /// The good library under another name.
    pub(crate) fn copy(&self, name: &str) -> PathBuf {
        self.library(name, |_| {})
    }
}

/// Writes `new` over each `old`, which is at least as long.
fn overwrite(bytes: &mut [u8], old: &[u8], new: &[u8]) {
    assert!(new.len() <= old.len());
    // Most places are dismissed by their first byte: it is a large file.
    let places = bytes.iter().enumerate().filter(|(_, byte)| **byte == old[0]);
    let places = places.map(|(at, _)| at).filter(|at| bytes[*at..].starts_with(old));
    let places: Vec<_> = places.collect();
    assert!(!places.is_empty(), "{}", String::from_utf8_lossy(old));
    for at in places {
        bytes[at..at + old.len()].fill(0);
        bytes[at..at + new.len()].copy_from_slice(new);
    }
}

/// Declares something else than it was built with.
pub(crate) fn declares(bytes: &mut [u8], ours: &str, theirs: &str) {
    let all = fingerprint();
    assert!(all.contains(ours), "{all}");
    overwrite(bytes, all.as_bytes(), all.replacen(ours, theirs, 1).as_bytes());
}

/// Has a declaration of another version.
pub(crate) fn of_version(bytes: &mut [u8], abi: u32) {
    let at = (0..bytes.len()).find(|at| bytes[*at..].starts_with(b"EGDRIVER")).unwrap();
    bytes[at + 12..at + 16].copy_from_slice(&abi.to_ne_bytes());
}

/// Calls its driver something else.
pub(crate) fn renamed(bytes: &mut [u8], kind: &str) {
    overwrite(bytes, KIND.as_bytes(), kind.as_bytes());
}

/// Is for a machine with this number (`e_machine` of the ELF header).
pub(crate) fn for_machine(bytes: &mut [u8], number: u16) {
    bytes[18..20].copy_from_slice(&number.to_ne_bytes());
}

/// An instruction that jumps to itself.
pub(crate) const AGAIN: [u8; 4] =
    if cfg!(target_arch = "aarch64") { [0, 0, 0, 0x14] } else { [0xeb, 0xfe, 0xeb, 0xfe] };

/// Has nothing but this for code; no processor gets far with zeros.
pub(crate) fn with_code(bytes: &mut [u8], instruction: &[u8]) {
    let number = |at: usize, length: usize| {
        bytes[at..at + length].iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte))
    };
    let (table, size, count) = (number(32, 8), number(54, 2), number(56, 2));
    let parts = (0..count).map(|part| table + part * size);
    // PT_LOAD with PF_X, in a file of 64 bits.
    let code = parts.filter(|part| number(*part, 4) == 1 && number(part + 4, 4) & 1 == 1);
    let code: Vec<_> = code.map(|part| (number(part + 8, 8), number(part + 32, 8))).collect();
    assert!(!code.is_empty());
    for (from, length) in code {
        let instructions = bytes[from..from + length].chunks_exact_mut(instruction.len());
        instructions.for_each(|place| place.copy_from_slice(instruction));
    }
}

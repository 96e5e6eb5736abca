//! Takes driver libraries in: who may have changed the file, what it says about itself, and only then its code.

mod declared;
mod digest;
mod elf;
mod error;
mod load;
mod machine;
mod permissions;

pub use declared::Declared;
pub use digest::{Digest, NoDigest};
pub use error::{Difference, LibraryError};
pub use load::Library;
pub use machine::Machine;

use super::fingerprint::fingerprint;
use declared::decode;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The largest file that is read, in bytes; a library with everything for a debugger is far below it.
const LARGEST: u64 = 1 << 28;

/// A library's file, read once. Nothing in it has run, and what is loaded of it later are the bytes that were examined.
#[derive(Debug)]
pub struct Inspected {
    file: PathBuf,
    bytes: Vec<u8>,
    digest: Digest,
    machine: Machine,
    declared: Result<Declared, LibraryError>,
}

impl Inspected {
    /// Reads a file that only root or this process's user can change, in folders of which that is true as well.
    ///
    /// # Errors
    /// [`LibraryError`]: others can change it, or it is no whole ELF file.
    pub fn read(file: &Path) -> Result<Self, LibraryError> {
        let file = permissions::check(file)?;
        let mut bytes = Vec::new();
        let read =
            File::open(&file).and_then(|open| open.take(LARGEST + 1).read_to_end(&mut bytes));
        read.map_err(|cause| LibraryError::unreadable(&cause))?;
        if bytes.len() as u64 > LARGEST {
            return Err(LibraryError::TooLarge { most: LARGEST });
        }
        let (machine, symbol) = elf::examine(&bytes)?;
        let declared = symbol.ok_or(LibraryError::NoDeclaration).and_then(decode);
        Ok(Self { digest: Digest::of(&bytes), file, machine, declared, bytes })
    }

    /// The file that was read, without links on the way to it.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The digest of its bytes.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Gives the machine that the library was built for.
    pub fn machine(&self) -> Machine {
        self.machine
    }

    /// Gives the declaration of the library, even if it does not fit this agent.
    pub fn declared(&self) -> Option<&Declared> {
        self.declared.as_ref().ok()
    }

    /// Compares the digest with one that somebody wrote down.
    ///
    /// # Errors
    /// [`LibraryError::Pin`] when it is another file.
    pub fn pinned(&self, wanted: Digest) -> Result<(), LibraryError> {
        if wanted == self.digest {
            return Ok(());
        }
        Err(LibraryError::Pin { wanted, found: self.digest })
    }

    /// Compares the fingerprint of the library with that of this process.
    ///
    /// # Errors
    /// [`LibraryError`] with everything that differs.
    pub fn fits(&self) -> Result<&Declared, LibraryError> {
        let wanted = Machine::own();
        if self.machine != wanted {
            return Err(LibraryError::Machine { found: self.machine, wanted });
        }
        let declared = self.declared.as_ref().map_err(Clone::clone)?;
        let differences = Difference::between(&declared.fingerprint, &fingerprint());
        if differences.is_empty() {
            return Ok(declared);
        }
        let (krate, version) = (declared.krate.clone(), declared.version.clone());
        Err(LibraryError::Unlike { krate, version, differences })
    }

    /// Gives the loaded library, if the file is loaded already.
    pub fn loaded(&self) -> Option<&'static Library> {
        load::loaded(&self.file, self.digest)
    }

    /// Loads the library for as long as the process lives. The same bytes of the same file are loaded once.
    ///
    /// # Errors
    /// What [`fits`](Self::fits) says, or that the system does not link it.
    pub fn load(&self) -> Result<&'static Library, LibraryError> {
        let declared = self.fits()?;
        load::load(&self.file, &self.bytes, self.digest, declared)
    }
}

/// The files of a folder that are called like libraries, `*.so`, in the order of their names.
///
/// # Errors
/// [`LibraryError`] when the folder cannot be read.
pub fn libraries_in(folder: &Path) -> Result<Vec<PathBuf>, LibraryError> {
    let entries = fs::read_dir(folder).map_err(|cause| LibraryError::unreadable(&cause))?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths: Vec<_> =
        paths.collect::<Result<_, _>>().map_err(|cause| LibraryError::unreadable(&cause))?;
    paths.retain(|path| path.extension().is_some_and(|end| end == "so"));
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests;

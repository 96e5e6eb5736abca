//! The one place where EG trusts what the compiler cannot check: code out of a file.

#![expect(unsafe_code, reason = "a library's code and types cannot be checked by this compiler")]

use super::{Declared, Digest, LibraryError};
use crate::DriverEntry;
use crate::library::{Declaration, SYMBOL};
use libloading::os::unix::{Library as Handle, RTLD_LOCAL, RTLD_NOW};
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
use std::ffi::c_void;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsRawFd, IntoRawFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// A driver library that is loaded, for as long as the process lives: devices, schemas and names point into it.
#[derive(Debug)]
pub struct Library {
    /// Path of the file that was read.
    pub file: PathBuf,
    /// Of its bytes.
    pub digest: Digest,
    /// Declaration of the library about itself.
    pub declared: Declared,
    drivers: Vec<&'static DriverEntry>,
}

impl Library {
    /// Gives the drivers of the library, sorted by kind.
    pub fn drivers(&self) -> &[&'static DriverEntry] {
        &self.drivers
    }
}

/// Loaded libraries, in the order of loading.
static LOADED: Mutex<Vec<&'static Library>> = Mutex::new(Vec::new());

/// The library that these bytes of this file are, if they are loaded.
pub(super) fn loaded(file: &Path, digest: Digest) -> Option<&'static Library> {
    find(&LOADED.lock().unwrap_or_else(PoisonError::into_inner), file, digest)
}

fn find(loaded: &[&'static Library], file: &Path, digest: Digest) -> Option<&'static Library> {
    loaded.iter().find(|known| known.file == file && known.digest == digest).copied()
}

pub(super) fn load(
    file: &Path,
    bytes: &[u8],
    digest: Digest,
    declared: &Declared,
) -> Result<&'static Library, LibraryError> {
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = find(&loaded, file, digest) {
        return Ok(known);
    }
    let declaration = link(bytes)?;
    let mut drivers: Vec<&'static DriverEntry> = Vec::new();
    (declaration.each)(note, std::ptr::from_mut(&mut drivers).cast());
    drivers.sort_by_key(|entry| entry.kind);
    if drivers.is_empty() {
        let Declared { krate, version, .. } = declared.clone();
        return Err(LibraryError::Empty { krate, version });
    }
    let (file, declared) = (file.to_owned(), declared.clone());
    let library = &*Box::leak(Box::new(Library { file, digest, declared, drivers }));
    loaded.push(library);
    Ok(library)
}

/// Links the bytes into the process, and leaks them there.
fn link(bytes: &[u8]) -> Result<&'static Declaration, LibraryError> {
    if cfg!(target_feature = "crt-static") {
        return Err(LibraryError::Static);
    }
    let copy = private_copy(bytes).map_err(|cause| LibraryError::link(&cause))?;
    let path = format!("/proc/self/fd/{}", copy.as_raw_fd());
    // The system knows libraries by their names: the descriptor stays open, so that no other library gets this one.
    let _ = copy.into_raw_fd();
    // SAFETY: the constructors of a library run here. These are the bytes whose declaration says that they were built
    // from safe Rust with this compiler and this SDK, whose owner the operator trusts, and which nobody can change any
    // more. RTLD_LOCAL keeps its symbols from replacing any of ours.
    let library = unsafe { Handle::open(Some(path), RTLD_NOW | RTLD_LOCAL) };
    let library = library.map_err(|cause| LibraryError::link(&cause))?;
    // SAFETY: the symbol is a `static` of type `Declaration`: its magic number, its version and the fingerprint of the
    // build that wrote it have been read at this symbol's place in these bytes.
    let declaration = unsafe { library.get::<*const Declaration>(SYMBOL.as_bytes()) };
    let declaration = *declaration.map_err(|cause| LibraryError::link(&cause))?;
    // What follows holds only while it is loaded: it is never unloaded.
    std::mem::forget(library);
    // SAFETY: the pointer leads to an immutable value of that type, which lives as long as the library, and that is for
    // ever.
    Ok(unsafe { &*declaration })
}

/// The bytes in memory of our own: a file that is overwritten or cut while its code runs would end the process.
fn private_copy(bytes: &[u8]) -> io::Result<OwnedFd> {
    let copy = memfd_create("eg-driver", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
    let mut copy = File::from(copy);
    copy.write_all(bytes)?;
    fcntl_add_seals(
        &copy,
        SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE,
    )?;
    Ok(copy.into())
}

/// Notes a driver in the list that `context` is.
extern "C" fn note(context: *mut c_void, driver: *const c_void) {
    // SAFETY: the context is the list that `load` lent to `Declaration::each`, which runs and ends within that call.
    let drivers = unsafe { &mut *context.cast::<Vec<&'static DriverEntry>>() };
    // SAFETY: the library shows entries of its registry, which are statics of a library that is never unloaded; their
    // type is the same here, as the fingerprint says.
    drivers.push(unsafe { &*driver.cast::<DriverEntry>() });
}

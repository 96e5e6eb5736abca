//! Drivers as shared libraries: what one declares about itself and, with the feature `loader`, how it is taken in.
//!
//! An author's crate needs nothing for it but [`register!`](crate::register):
//!
//! ```sh
//! cargo rustc --release --lib --crate-type cdylib -- --cfg eg_library
//! ```
//!
//! The library exports one symbol, a [`Declaration`] in C's layout, with a [fingerprint()] of everything that
//! it must share with its agent. It is read out of the file, before anything in there runs; only where the two are alike
//! to the letter is the library loaded, and its drivers are then called through the same Rust types as linked ones.
//!
//! A library has copies of its own of everything that it is linked with: it must not rely on a runtime, a logger or a
//! thread-local value of the agent. Its panics are caught inside it. Once loaded it stays, for what it handed out
//! points into it.

mod declaration;
mod fingerprint;
#[cfg(feature = "loader")]
mod loader;
mod text;

pub use declaration::{ABI, Declaration, SYMBOL};
pub use fingerprint::{FINGERPRINT, fingerprint};
#[cfg(feature = "loader")]
pub use loader::{
    Declared, Difference, Digest, Inspected, Library, LibraryError, Machine, NoDigest, libraries_in,
};

//! Declaration of a library about itself, in C's layout, which no compiler changes.

use super::fingerprint::{FINGERPRINT, LONGEST};
use super::text::Text;
use crate::DriverEntry;
use std::ffi::c_void;

/// The symbol under which a library exports its [`Declaration`].
pub const SYMBOL: &str = "EG_DRIVER_LIBRARY";

/// The version of [`Declaration`] itself.
pub const ABI: u32 = 1;

/// First bytes of every declaration.
pub(super) const MAGIC: [u8; 8] = *b"EGDRIVER";

/// Is given each driver, as a `*const DriverEntry`, with the context that the caller gave.
type Visit = extern "C" fn(context: *mut c_void, driver: *const c_void);

/// A library's one exported value. Texts are UTF-8 with zeros behind them. Everything but the last field is there as it
/// is in the file, so that it can be read without running anything.
#[repr(C)]
pub struct Declaration {
    pub(super) magic: [u8; 8],
    /// Size of this struct, in bytes.
    pub(super) size: u32,
    pub(super) abi: u32,
    pub(super) fingerprint: [u8; LONGEST],
    pub(super) krate: [u8; 64],
    pub(super) version: [u8; 64],
    pub(super) each: extern "C" fn(visit: Visit, context: *mut c_void),
}

impl Declaration {
    /// The declaration of a crate; [`register!`](crate::register) makes it.
    pub const fn of(krate: &str, version: &str) -> Self {
        Self {
            magic: MAGIC,
            size: size_of::<Self>() as u32,
            abi: ABI,
            fingerprint: FINGERPRINT,
            krate: Text::new().text(krate).into_bytes(),
            version: Text::new().text(version).into_bytes(),
            each,
        }
    }
}

/// Shows each driver in the registry of the library that this is compiled into.
extern "C" fn each(visit: Visit, context: *mut c_void) {
    for entry in inventory::iter::<DriverEntry> {
        visit(context, std::ptr::from_ref(entry).cast());
    }
}

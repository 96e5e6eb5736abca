//! Address of a broker that is looked for while the client runs.

use std::sync::{Arc, Mutex, PoisonError};

/// Address of a broker that is not known from the start. Clones are the same address.
#[derive(Clone, Debug)]
pub struct SharedAddress(Arc<Mutex<Found>>);

/// Host and port, or the reason why they are not known.
type Found = Result<(String, u16), String>;

impl SharedAddress {
    /// An address that is not known yet, and why.
    pub fn unknown(why: impl Into<String>) -> Self {
        Self(Arc::new(Mutex::new(Err(why.into()))))
    }

    /// Takes over the address, or the reason why it is not known. A connection that stands is left alone; the next one is
    /// made there.
    pub fn set(&self, found: Result<(String, u16), String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = found;
    }

    /// The address as it is now.
    pub(crate) fn now(&self) -> Found {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

//! The drivers that a slot may name: those linked into this agent, and those of libraries.

use eg_hal::DriverEntry;
use eg_hal::library::Library;
use std::fmt;

/// Drivers by kind, each kind once.
#[derive(Clone, Debug)]
pub struct Catalog(Vec<Known>);

/// A driver and where it comes from.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The driver.
    pub entry: &'static DriverEntry,
    /// The library that it is in; none for one that is linked into this agent.
    pub library: Option<&'static Library>,
}

/// Two drivers of one kind, which no slot's file can tell apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "two drivers are called {kind:?}: one from {first}, one from {second}; load one of them, or rename it"
)]
pub struct DuplicateDriver {
    /// The name both claim.
    pub kind: &'static str,
    /// Crate and place of the one that was there first.
    pub first: String,
    /// Crate and place of the other one.
    pub second: String,
}

impl Catalog {
    /// The drivers that are linked into this agent.
    pub fn linked() -> Self {
        let known = |entry| Known { entry, library: None };
        Self(eg_hal::drivers().into_iter().map(known).collect())
    }

    /// Adds the drivers of a library, once.
    ///
    /// # Errors
    /// [`DuplicateDriver`] when one of them is there already; then none is added.
    pub fn add(&mut self, library: &'static Library) -> Result<(), DuplicateDriver> {
        let of = |known: &Known| known.library.is_some_and(|known| std::ptr::eq(known, library));
        if self.0.iter().any(of) {
            return Ok(());
        }
        let mut all = self.0.clone();
        for entry in library.drivers() {
            let new = Known { entry, library: Some(library) };
            if let Some(first) = all.iter().find(|known| known.entry.kind == entry.kind) {
                let (first, second) = (first.to_string(), new.to_string());
                return Err(DuplicateDriver { kind: entry.kind, first, second });
            }
            all.push(new);
        }
        all.sort_by_key(|known| known.entry.kind);
        self.0 = all;
        Ok(())
    }

    /// The driver of this kind.
    pub fn find(&self, kind: &str) -> Option<&'static DriverEntry> {
        self.iter().find(|known| known.entry.kind == kind).map(|known| known.entry)
    }

    /// All of them by kind.
    pub fn iter(&self) -> impl Iterator<Item = &Known> {
        self.0.iter()
    }
}

impl fmt::Display for Known {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "crate {} {}", self.entry.krate, self.entry.version)?;
        match self.library {
            Some(library) => write!(out, " in {}", library.file.display()),
            None => out.write_str(", linked into this agent"),
        }
    }
}

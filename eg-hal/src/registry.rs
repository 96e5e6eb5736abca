//! The drivers of this process, gathered at link time, and what the host may ask of each without knowing its type.

use crate::sim::{Bench, Model};
use crate::{Board, Device, Driver, OpenError};
use eg_config::{KeyPath, Problems, Source, read_at};
use schemars::Schema;

/// Reads a `config:` and puts the device's model on a bench.
pub type ModelFn = fn(&Source, &KeyPath, &Bench) -> Result<Box<dyn Model>, Problems>;

/// Reads a `config:` and opens the device.
pub type OpenFn = fn(&Source, &KeyPath, &mut Board<'_>) -> Result<Box<dyn Device>, EntryError>;

/// One driver: its name, its crate, and its functions with the types erased.
#[derive(Clone, Copy)]
pub struct DriverEntry {
    /// See [`Driver::KIND`].
    pub kind: &'static str,
    /// The crate that registered it.
    pub krate: &'static str,
    /// That crate's version.
    pub version: &'static str,
    /// That crate's description, one line.
    pub about: &'static str,
    /// Reads the `config:` that stands at this path of a slot's file, and only that.
    pub check: fn(&Source, &KeyPath) -> Result<(), Problems>,
    /// Puts the device's model on a bench; to be called before `open` on that bench.
    pub model: ModelFn,
    /// Reads the `config:` and opens the device.
    pub open: OpenFn,
    /// The JSON Schema of `config:`.
    pub schema: fn() -> Schema,
}

/// Why an entry could not open a device.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// `config:` is wrong: each mistake with its place in the file.
    #[error(transparent)]
    Config(#[from] Problems),
    /// The board or the device refused.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl DriverEntry {
    /// Describes `D`; [`register!`](crate::register) calls it.
    pub const fn of<D: Driver>(
        krate: &'static str,
        version: &'static str,
        about: &'static str,
    ) -> Self {
        Self {
            kind: D::KIND,
            krate,
            version,
            about,
            check: |source, path| read_at::<D::Config>(source, path).map(drop),
            model: |source, path, bench| Ok(D::model(&read_at(source, path)?, bench)),
            open: |source, path, board| Ok(Box::new(D::open(read_at(source, path)?, board)?)),
            schema: || schemars::schema_for!(D::Config),
        }
    }
}

inventory::collect!(DriverEntry);

/// Every linked driver, sorted by kind.
pub fn drivers() -> Vec<&'static DriverEntry> {
    let mut all: Vec<_> = inventory::iter::<DriverEntry>.into_iter().collect();
    all.sort_by_key(|entry| (entry.kind, entry.krate));
    all
}

/// Two drivers of one kind, which no slot's file can tell apart: a start-up error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "two drivers are called {kind:?}: one from crate {first}, one from crate {second}; rename one of them"
)]
pub struct Twins {
    /// The name both claim.
    pub kind: &'static str,
    /// One crate.
    pub first: &'static str,
    /// The other.
    pub second: &'static str,
}

/// The first two of `sorted` that share a kind.
pub fn twins(sorted: &[&DriverEntry]) -> Option<Twins> {
    sorted.windows(2).find_map(|pair| match pair {
        [one, two] if one.kind == two.kind => {
            Some(Twins { kind: one.kind, first: one.krate, second: two.krate })
        }
        _ => None,
    })
}

/// Makes a driver selectable by name. Once per driver, as the last line of its `lib.rs`.
#[macro_export]
macro_rules! register {
    ($driver:ty) => {
        $crate::inventory::submit! {
            $crate::DriverEntry::of::<$driver>(
                env!("CARGO_PKG_NAME"),
                env!("CARGO_PKG_VERSION"),
                env!("CARGO_PKG_DESCRIPTION"),
            )
        }
    };
}

//! The drivers of this process, gathered at link time, and what the host may ask of each without knowing its type.

use crate::guarded::{GuardedDevice, GuardedModel};
use crate::sim::{Bench, Model};
use crate::{
    Attachment, Board, Channel, Device, DeviceError, Driver, InputTraits, OpenError, catch_panic,
};
use eg_config::{KeyPath, LenientRead, Problems, Source, read_at, read_lenient_at};
use schemars::Schema;

/// Reads a `config:` and puts the device's model on a bench.
pub type ModelFn = fn(&Source, &KeyPath, &Bench) -> Result<Box<dyn Model>, Problems>;

/// Reads a `config:` and opens the device.
pub type OpenFn = fn(&Source, &KeyPath, &mut Board<'_>) -> Result<Box<dyn Device>, EntryError>;

/// Reads a `config:` and tells what an input is.
pub type InputFn = fn(&Source, &KeyPath, Channel) -> InputTraits;

/// Reads a `config:` as far as it can be read, puts the device's model on a bench and opens the device there, on a
/// [`Board::trial`].
pub type TrialFn = fn(&Source, &KeyPath, &Bench, &mut Board<'_>) -> Tried;

/// A device that was opened to learn what is wrong with its `config:`; what the board refused, the board knows.
#[derive(Default)]
pub struct Tried {
    /// The opened device.
    pub device: Option<Box<dyn Device>>,
    /// Model of the device.
    pub model: Option<Box<dyn Model>>,
    /// Problems of the `config:` as it is written.
    pub problems: Problems,
    /// The paths in the file of what is wrong or missing and was tried with something else.
    pub stand_ins: Vec<KeyPath>,
    /// Error of a device that did not open.
    pub failed: Option<OpenError>,
}

/// One driver: its name, its crate, and its functions with the types erased. None of the functions panics, whatever the
/// driver does: [`catch_panic`] turns its panics into errors, those of the device and of the model too.
#[derive(Clone, Copy, Debug)]
pub struct DriverEntry {
    /// See [`Driver::KIND`].
    pub kind: &'static str,
    /// See [`Driver::READS_TAGS`].
    pub reads_tags: bool,
    /// See [`Driver::ATTACHMENTS`].
    pub attachments: &'static [Attachment],
    /// The crate that registered it.
    pub krate: &'static str,
    /// Version of that crate.
    pub version: &'static str,
    /// Description of that crate, one line.
    pub about: &'static str,
    /// Reads the `config:` that stands at this path of a slot's file, and only that.
    pub check: fn(&Source, &KeyPath) -> Result<(), Problems>,
    /// Tells what an input is; a contact when the `config:` cannot be read.
    pub input: InputFn,
    /// Puts the device's model on a bench; to be called before `open` on that bench.
    pub model: ModelFn,
    /// Reads the `config:` and opens the device.
    pub open: OpenFn,
    /// Tries a `config:` that may be wrong.
    pub trial: TrialFn,
    /// The JSON Schema of `config:`, as text: a library may be built with another `serde_json`. See
    /// [`config_schema`](Self::config_schema).
    pub schema: fn() -> String,
}

/// Error of an entry that could not open a device.
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
            reads_tags: D::READS_TAGS,
            attachments: D::ATTACHMENTS,
            krate,
            version,
            about,
            check: |source, path| {
                let read = catch_panic(|| read_at::<D::Config>(source, path).map(drop));
                read.unwrap_or_else(|said| Err(panicked(source, path, said)))
            },
            input: |source, path, channel| {
                let told = catch_panic(|| {
                    let config = read_at::<D::Config>(source, path).ok();
                    config.map(|config| D::input(&config, channel))
                });
                told.ok().flatten().unwrap_or(InputTraits::CONTACT)
            },
            model: |source, path, bench| {
                let made = catch_panic(|| {
                    let model = D::model(&read_at(source, path)?, bench);
                    Ok(Box::new(GuardedModel::new(model)) as Box<dyn Model>)
                });
                made.unwrap_or_else(|said| Err(panicked(source, path, said)))
            },
            open: |source, path, board| {
                let opened = catch_panic(|| {
                    let device = GuardedDevice::new(D::open(read_at(source, path)?, board)?);
                    Ok(Box::new(device) as Box<dyn Device>)
                });
                let panicked = |said| Err(OpenError::from(DeviceError::Panicked(said)).into());
                opened.unwrap_or_else(panicked)
            },
            trial: |source, path, bench, board| {
                let survey = match catch_panic(|| read_lenient_at::<D::Config>(source, path)) {
                    Ok(survey) => survey,
                    Err(said) => {
                        let problems = panicked(source, path, said);
                        return Tried { problems, ..Tried::default() };
                    }
                };
                let LenientRead { value, problems, stand_ins, .. } = survey;
                let mut tried = Tried { problems, stand_ins, ..Tried::default() };
                let Some(config) = value else { return tried };
                let opened = catch_panic(|| {
                    let model = D::model(&config, bench);
                    (model, D::open(config, board).map(GuardedDevice::new))
                });
                match opened {
                    Ok((model, opened)) => {
                        tried.model = Some(Box::new(GuardedModel::new(model)));
                        match opened {
                            Ok(device) => tried.device = Some(Box::new(device)),
                            Err(error) => tried.failed = Some(error),
                        }
                    }
                    Err(said) => tried.failed = Some(DeviceError::Panicked(said).into()),
                }
                tried
            },
            schema: || {
                let schema =
                    catch_panic(|| schemars::schema_for!(D::Config).to_value().to_string());
                schema.unwrap_or_else(|_| "true".to_owned())
            },
        }
    }

    /// The JSON Schema of `config:`; it allows anything when the driver cannot describe it.
    pub fn config_schema(&self) -> Schema {
        serde_json::from_str(&(self.schema)()).unwrap_or_default()
    }
}

fn panicked(source: &Source, path: &KeyPath, said: String) -> Problems {
    source.problem_at(path, DeviceError::Panicked(said).to_string()).into()
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
pub struct DuplicateKind {
    /// The name both claim.
    pub kind: &'static str,
    /// One crate.
    pub first: &'static str,
    /// The other.
    pub second: &'static str,
}

/// The first two of `sorted` that share a kind.
pub fn duplicate_kind(sorted: &[&DriverEntry]) -> Option<DuplicateKind> {
    sorted.windows(2).find_map(|pair| match pair {
        [one, two] if one.kind == two.kind => {
            Some(DuplicateKind { kind: one.kind, first: one.krate, second: two.krate })
        }
        _ => None,
    })
}

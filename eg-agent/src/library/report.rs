//! Report about a library.

use super::catalog::{Catalog, DuplicateDriver};
use super::refusal::Refusal;
use eg_hal::DriverEntry;
use eg_hal::library::{Inspected, fingerprint};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::Path;

/// A library, explained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The file.
    pub file: String,
    /// SHA-256 of the file in hexadecimal, where it could be read.
    pub sha256: Option<String>,
    /// Machine that the library was built for.
    pub machine: Option<String>,
    /// The crate that it was built from.
    #[serde(rename = "crate")]
    pub krate: Option<String>,
    /// Version of that crate.
    pub version: Option<String>,
    /// Parts that the library has to have in common with this agent.
    pub fingerprint: Vec<Part>,
    /// Reason why the library is not loaded; `None` when it is.
    pub refused: Option<String>,
    /// Drivers of the library.
    pub drivers: Vec<DriverReport>,
}

/// One part of the fingerprints of a library and this agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Name of the part.
    pub part: String,
    /// Value that the library has.
    pub library: Option<String>,
    /// Value that this agent has.
    pub agent: Option<String>,
}

/// A driver of a library.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriverReport {
    /// Name in YAML.
    pub kind: String,
    /// Crate of the driver.
    #[serde(rename = "crate")]
    pub krate: String,
    /// Version of that crate.
    pub version: String,
    /// Description of that crate.
    pub about: String,
    /// The JSON Schema of its `config:`.
    pub schema: Value,
}

impl Report {
    /// Examines a file; `drivers` tells what is in it, if it fits.
    pub(super) fn of(
        file: &Path,
        drivers: impl FnOnce(&Inspected) -> Result<Vec<DriverReport>, Refusal>,
    ) -> Self {
        let mut report = Self {
            file: file.display().to_string(),
            sha256: None,
            machine: None,
            krate: None,
            version: None,
            fingerprint: Vec::new(),
            refused: None,
            drivers: Vec::new(),
        };
        let read = Inspected::read(file).map_err(Refusal::from);
        let drivers = read.and_then(|inspected| {
            report.take_in(&inspected);
            inspected.fits()?;
            drivers(&inspected)
        });
        match drivers {
            Ok(drivers) => report.drivers = drivers,
            Err(refusal) => report.refused = Some(refusal.to_string()),
        }
        report
    }

    /// Refuses the library when one of its drivers is there already.
    pub(super) fn beside(mut self, catalog: &Catalog) -> Self {
        let duplicate = self.drivers.iter().find_map(|driver| {
            let first = catalog.iter().find(|known| known.entry.kind == driver.kind)?;
            let second = format!("crate {} {} in {}", driver.krate, driver.version, self.file);
            Some(DuplicateDriver { kind: first.entry.kind, first: first.to_string(), second })
        });
        self.refused = self.refused.or(duplicate.map(|duplicate| duplicate.to_string()));
        self
    }

    fn take_in(&mut self, inspected: &Inspected) {
        self.file = inspected.file().display().to_string();
        self.sha256 = Some(inspected.digest().to_string());
        self.machine = Some(inspected.machine().to_string());
        if let Some(declared) = inspected.declared() {
            self.krate = Some(declared.krate.clone());
            self.version = Some(declared.version.clone());
            self.fingerprint = side_by_side(&declared.fingerprint, &fingerprint());
        }
    }
}

/// Describes drivers.
pub(super) fn describe(drivers: &[&DriverEntry]) -> Vec<DriverReport> {
    let describe = |driver: &&DriverEntry| DriverReport {
        kind: driver.kind.to_owned(),
        krate: driver.krate.to_owned(),
        version: driver.version.to_owned(),
        about: driver.about.to_owned(),
        schema: driver.config_schema().to_value(),
    };
    drivers.iter().map(describe).collect()
}

/// The parts of both, ours first in their order, then what the library alone has.
fn side_by_side(library: &str, agent: &str) -> Vec<Part> {
    let part =
        |line: &str| line.split_once(' ').map(|(name, what)| (name.to_owned(), what.to_owned()));
    let mut parts: Vec<Part> = Vec::new();
    for (part, agent) in agent.lines().filter_map(part) {
        parts.push(Part { part, library: None, agent: Some(agent) });
    }
    for (part, library) in library.lines().filter_map(part) {
        match parts.iter_mut().find(|known| known.part == part) {
            Some(known) => known.library = Some(library),
            None => parts.push(Part { part, library: Some(library), agent: None }),
        }
    }
    parts
}

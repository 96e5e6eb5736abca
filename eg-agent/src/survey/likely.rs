//! Drivers that may know what was found, by their own declarations.

use crate::library::Catalog;
use eg_hal::{Attachment, DriverEntry, Port};
use serde::Serialize;

/// A driver that may know a chip.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Likely {
    /// The driver, as in `driver:`.
    pub driver: String,
    /// Name of the chip for people.
    pub chip: String,
    /// Settings that it needs beside the place, in YAML of one line; empty where it needs none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub config: String,
    /// `true` if the driver wants the address in its `config:`.
    #[serde(skip)]
    pub(super) says_address: bool,
}

impl Likely {
    fn new(entry: &DriverEntry, attachment: &Attachment) -> Self {
        let schema = entry.config_schema();
        let settings = schema.get("properties").and_then(|all| all.as_object());
        Self {
            driver: entry.kind.to_owned(),
            chip: attachment.chip.to_owned(),
            config: attachment.config.to_owned(),
            says_address: settings.is_some_and(|all| all.contains_key("address")),
        }
    }
}

/// The drivers of chips that may have this address of an I2C bus. Those that allow few addresses come first: a chip at
/// one of two addresses is likelier there than one of sixteen.
pub fn likely_at(catalog: &Catalog, address: u8) -> Vec<Likely> {
    let mut found: Vec<(usize, Likely)> = Vec::new();
    for (entry, attachment) in declared(catalog) {
        if let Port::I2c(addresses) = &attachment.port
            && addresses.contains(&address)
        {
            found.push((addresses.len(), Likely::new(entry, attachment)));
        }
    }
    found.sort_by_key(|(addresses, _)| *addresses);
    found.into_iter().map(|(_, likely)| likely).collect()
}

/// The drivers of what hangs on a port of this kind.
pub(super) fn likely_on(catalog: &Catalog, port: &Port) -> Vec<Likely> {
    let on_it = declared(catalog).filter(|(_, attachment)| attachment.port == *port);
    on_it.map(|(entry, attachment)| Likely::new(entry, attachment)).collect()
}

fn declared(
    catalog: &Catalog,
) -> impl Iterator<Item = (&'static DriverEntry, &'static Attachment)> {
    let entries = catalog.iter().map(|known| known.entry);
    entries.flat_map(|entry| entry.attachments.iter().map(move |it| (entry, it)))
}

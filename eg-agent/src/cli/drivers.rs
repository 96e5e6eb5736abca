//! `drivers`: what this agent can open.

use crate::library::{Catalog, Known};
use comfy_table::{Table, presets};
use serde_json::json;

pub(super) fn table(catalog: &Catalog) -> anyhow::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["driver", "crate", "version", "about", "from"]);
    for known in catalog.iter() {
        let entry = known.entry;
        let from = file(known).unwrap_or_else(|| "this agent".to_owned());
        table.add_row([entry.kind, entry.krate, entry.version, entry.about, &from]);
    }
    anstream::println!("{table}");
    Ok(())
}

pub(super) fn json(catalog: &Catalog) -> anyhow::Result<()> {
    let drivers: Vec<_> = catalog
        .iter()
        .map(|known| {
            json!({
                "kind": known.entry.kind,
                "crate": known.entry.krate,
                "version": known.entry.version,
                "about": known.entry.about,
                "file": file(known),
                "schema": known.entry.config_schema(),
            })
        })
        .collect();
    anstream::println!("{}", serde_json::to_string_pretty(&drivers)?);
    Ok(())
}

/// The library that a driver is in.
fn file(known: &Known) -> Option<String> {
    known.library.map(|library| library.file.display().to_string())
}

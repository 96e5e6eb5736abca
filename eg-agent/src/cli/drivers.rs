//! `drivers`: what this agent can open.

use comfy_table::{Table, presets};
use serde_json::json;

pub(super) fn table() -> anyhow::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["driver", "crate", "version", "about"]);
    for driver in eg_hal::drivers() {
        table.add_row([driver.kind, driver.krate, driver.version, driver.about]);
    }
    anstream::println!("{table}");
    Ok(())
}

pub(super) fn json() -> anyhow::Result<()> {
    let drivers: Vec<_> = eg_hal::drivers()
        .into_iter()
        .map(|driver| {
            json!({
                "kind": driver.kind,
                "crate": driver.krate,
                "version": driver.version,
                "about": driver.about,
                "schema": driver.config_schema(),
            })
        })
        .collect();
    anstream::println!("{}", serde_json::to_string_pretty(&drivers)?);
    Ok(())
}

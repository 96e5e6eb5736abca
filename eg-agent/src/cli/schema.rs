//! `schema`: what may stand in a slot's file.

use crate::config::schema;
use crate::library::Catalog;

pub(super) fn print(catalog: &Catalog) -> anyhow::Result<()> {
    anstream::println!("{}", serde_json::to_string_pretty(&schema(catalog))?);
    Ok(())
}

//! `schema`: what may stand in a slot's file.

use crate::config::schema;

pub(super) fn print() -> anyhow::Result<()> {
    let schema = schema(&eg_hal::drivers());
    anstream::println!("{}", serde_json::to_string_pretty(&schema)?);
    Ok(())
}

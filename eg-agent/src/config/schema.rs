//! The JSON Schema of a slot's file, for editors: completion, hints and red lines while it is typed.

use super::file::SlotFile;
use crate::library::Catalog;
use eg_hal::DriverEntry;
use schemars::Schema;
use serde_json::{Map, Value, json};

/// The schema of a slot's file, with the `config:` of each of these drivers where that driver is named.
pub fn schema(catalog: &Catalog) -> Schema {
    let drivers: Vec<_> = catalog.iter().map(|known| known.entry).collect();
    let mut schema = schemars::schema_for!(SlotFile);
    let mut rules = Vec::new();
    let mut definitions = Map::new();
    for driver in &drivers {
        rules.push(rule(driver, &mut definitions));
    }
    let kinds: Vec<_> = drivers.iter().map(|driver| driver.kind).collect();
    let described: Vec<_> = drivers.iter().map(|driver| driver.about).collect();

    let all = schema.ensure_object().entry("$defs").or_insert_with(|| json!({}));
    if let Some(device) = all.get_mut("Device").and_then(Value::as_object_mut) {
        device.insert("allOf".to_owned(), Value::Array(rules));
        let driver = device.get_mut("properties").and_then(|all| all.get_mut("driver"));
        if let Some(driver) = driver.and_then(Value::as_object_mut) {
            driver.insert("enum".to_owned(), json!(kinds));
            driver.insert("enumDescriptions".to_owned(), json!(described));
        }
    }
    if let Some(all) = all.as_object_mut() {
        all.append(&mut definitions);
    }
    schema
}

/// `if driver == kind then config: its schema`. The schema's own definitions join the others under the driver's name.
fn rule(driver: &DriverEntry, definitions: &mut Map<String, Value>) -> Value {
    let mut config = driver.config_schema();
    let config = config.ensure_object();
    config.remove("$schema");
    let own = config.remove("$defs");
    let mut config = Value::Object(std::mem::take(config));
    point_to(&mut config, driver.kind);
    if let Some(Value::Object(own)) = own {
        for (name, mut definition) in own {
            point_to(&mut definition, driver.kind);
            definitions.insert(format!("{}.{name}", driver.kind), definition);
        }
    }
    let needed = config.get("required").and_then(Value::as_array).is_some_and(|r| !r.is_empty());
    let mut then = json!({ "properties": { "config": config } });
    if needed {
        then["required"] = json!(["config"]);
    }
    json!({
        "if": { "properties": { "driver": { "const": driver.kind } }, "required": ["driver"] },
        "then": then,
    })
}

/// Points references to a driver's own definitions to where they are now.
fn point_to(schema: &mut Value, kind: &str) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::String(target)) = fields.get_mut("$ref")
                && let Some(name) = target.strip_prefix("#/$defs/")
            {
                *target = format!("#/$defs/{kind}.{name}");
            }
            fields.values_mut().for_each(|value| point_to(value, kind));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| point_to(item, kind)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

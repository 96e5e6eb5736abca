//! `eg-agent drivers` and `eg-agent schema`: what this agent can open, and what may stand in a slot's file.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

// Names the agent, so that its drivers are linked here as they are into the binary.
use eg_agent as _;
use std::process::Command;

fn agent(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_eg-agent")).args(arguments).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_table_names_every_driver() {
    let table = agent(&["drivers"]);

    assert!(!eg_hal::drivers().is_empty());
    for driver in eg_hal::drivers() {
        assert!(table.contains(driver.kind) && table.contains(driver.about), "{table}");
    }
}

#[test]
fn the_listing_for_programs_has_kind_crate_version_about_and_schema() {
    let listed: Vec<serde_json::Value> =
        serde_json::from_str(&agent(&["drivers", "--json"])).unwrap();

    let kinds: Vec<_> = listed.iter().map(|driver| driver["kind"].as_str().unwrap()).collect();
    let linked: Vec<_> = eg_hal::drivers().iter().map(|driver| driver.kind).collect();
    assert_eq!(kinds, linked);
    for driver in &listed {
        for text in ["crate", "version", "about"] {
            assert!(driver[text].is_string(), "{driver}");
        }
        assert!(driver["schema"].is_object(), "{driver}");
    }
}

#[test]
fn the_schema_in_the_configs_is_the_one_of_this_agent() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../configs/slot.schema.json");

    let shipped = std::fs::read_to_string(path).unwrap();

    let again = "cargo run -p eg-agent -- schema > configs/slot.schema.json";
    assert!(shipped == agent(&["schema"]), "the drivers have changed: {again}");
}

#[test]
fn the_schema_knows_each_drivers_config() {
    let schema: serde_json::Value = serde_json::from_str(&agent(&["schema"])).unwrap();

    let device = &schema["$defs"]["Device"];
    let rules = device["allOf"].as_array().unwrap();
    let row = rules.iter().find(|rule| rule["if"]["properties"]["driver"]["const"] == "button-row");
    let config = &row.unwrap()["then"]["properties"]["config"];
    assert_eq!(config["additionalProperties"], false);
    let pull = config["properties"]["pull"]["$ref"].as_str().unwrap();
    assert!(schema.pointer(pull.trim_start_matches('#')).is_some(), "{pull}");
}

#[test]
fn the_schema_asks_for_no_more_than_the_agent_does() {
    let schema: serde_json::Value = serde_json::from_str(&agent(&["schema"])).unwrap();

    let required = |name: &str| schema["$defs"][name]["required"].clone();
    assert_eq!(schema["required"], serde_json::json!(["devices"]));
    assert_eq!(required("Device"), serde_json::json!(["driver"]));
    assert_eq!(required("Input"), serde_json::json!(["channel"]));
    assert_eq!(required("Output"), serde_json::json!(["channel"]));
    assert_eq!(required("Core"), serde_json::Value::Null);
}

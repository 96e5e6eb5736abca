//! A slot's file with many mistakes, read the way the agent and the drivers read it.
use std::collections::BTreeMap;

use eg_config::{Anything, KeyPath, Located, Problems, Source, Span, read_at, read_lenient};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read for its mistakes")]
struct Slot {
    slot: String,
    core: Core,
    hal: Hal,
    devices: BTreeMap<Located<String>, Device>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read for its mistakes")]
struct Core {
    host: String,
    #[serde(default)]
    port: Option<u16>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Hal {
    Linux,
    Rppal,
    Sim,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read for its mistakes")]
struct Device {
    driver: Located<String>,
    #[serde(default)]
    config: Option<Anything>,
    #[serde(default)]
    inputs: BTreeMap<String, Input>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read for its mistakes")]
struct Input {
    channel: u8,
    #[serde(default)]
    lockout: Span,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read for its mistakes")]
struct ButtonRow {
    inputs: Vec<String>,
    #[serde(default)]
    outputs: Vec<String>,
    #[serde(default)]
    pull: Pull,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Pull {
    #[default]
    Up,
    Down,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read for its mistakes")]
struct SerialTag {
    port: String,
    baud: u32,
}

const WRONG: &str = r#"# A slot
slot: slot-01
core: { host: 192.168.1.27, port: 99999 }
hal: linus
devices:
  panel:
    driver: button-row
    config: { imputs: [GPIO5, GPIO6], outputs: GPIO18, pull: upp }
    inputs:
      a: { channel: 0, lockout: 50 }
      b: { chanel: "1", lockout: 50ms }
      c: { lockout: soon }
  reader:
    driver: serial-tag
    config:
      baud: fast
  ghost:
    inputs: [a]
  row:
    driver: buton-row
  panel:
    driver: button-row
"#;

fn check(source: &Source) -> Result<(), Problems> {
    let (slot, mut problems) = read_lenient::<Slot>(source);
    for (name, device) in slot.iter().flat_map(|slot| &slot.devices) {
        let config = KeyPath::from(["devices", name, "config"]);
        match device.driver.as_str() {
            _ if !device.driver.is_written() => {}
            "button-row" => drop(problems.keep(read_at::<ButtonRow>(source, &config))),
            "serial-tag" => drop(problems.keep(read_at::<SerialTag>(source, &config))),
            _ => problems.extend(unknown_driver(source, &device.driver)),
        }
    }
    problems.or(())
}

fn unknown_driver(source: &Source, driver: &Located<String>) -> Option<eg_config::Problem> {
    let known = ["button-row", "evdev-keys", "serial-tag"];
    (!known.contains(&driver.as_str())).then(|| {
        source
            .problem_at(driver, format!("no driver called {:?}", driver.as_str()))
            .known(driver, known)
    })
}

#[test]
fn tells_every_mistake_of_a_file_in_one_run() {
    let source = Source::text("configs/slots/slot-01.yaml", WRONG);

    let problems = check(&source).unwrap_err();

    insta::assert_snapshot!(problems);
}

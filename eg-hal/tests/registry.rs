//! Promises of the registry.

use eg_hal::prelude::*;
use eg_hal::{DriverEntry, DuplicateKind, drivers, duplicate_kind};

/// `config:` of a `bell-push`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Config {
    line: LineName,
}

struct BellPush(InputLine);

impl Driver for BellPush {
    const KIND: &'static str = "bell-push";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        Ok(Self(board.input(&config.line, Pull::Up)?))
    }
}

impl Device for BellPush {
    fn wake(&self) -> Wake {
        Wake::OnEdge
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        Ok(readings.line(0, &mut self.0)?)
    }
}

eg_hal::register!(BellPush);

#[test]
fn a_registered_driver_is_found_with_its_crate_and_schema() {
    let all = drivers();

    let [entry] = all[..] else { panic!("{} drivers", all.len()) };
    assert_eq!((entry.kind, entry.krate), ("bell-push", "eg-hal"));
    assert!(entry.about.starts_with("The driver SDK"));
    assert!(entry.config_schema().get("properties").is_some());
}

#[test]
fn two_drivers_of_one_kind_are_named_with_both_crates() {
    let one = DriverEntry::of::<BellPush>("bells", "1.0.0", "");
    let two = DriverEntry::of::<BellPush>("other-bells", "0.2.0", "");

    let found = duplicate_kind(&[&one, &two]).unwrap();

    assert_eq!(found, DuplicateKind { kind: "bell-push", first: "bells", second: "other-bells" });
    assert_eq!(duplicate_kind(&[&one]), None);
    assert_eq!(
        found.to_string(),
        r#"two drivers are called "bell-push": one from crate bells, one from crate other-bells; rename one of them"#
    );
}

#[test]
fn a_driver_without_a_model_opens_on_a_bench_and_says_that_it_cannot_be_poked() {
    let bench = Bench::virtual_time();
    let mut bell = bench.open::<BellPush>("line: GPIO5").unwrap();

    let refused = bell.poke(0, Poke::Level(false)).unwrap_err();

    assert!(refused.to_string().ends_with("this driver has no model to poke"), "{refused}");
}

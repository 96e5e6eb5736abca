//! The promises of every driver, kept by this one.

#[test]
fn conforms() {
    eg_hal::conformance::check::<evdev_keys::EvdevKeys>(
        r#"{ keyboard: /dev/input/event0, keys: ["1", a, KEY_ENTER] }"#,
    );
}

#[test]
fn a_scanner_that_types_conforms() {
    eg_hal::conformance::check::<evdev_keys::EvdevKeys>(
        "{ keyboard: /dev/input/event0, keys: [f1], code: { gives: tag }, layout: fr }",
    );
}

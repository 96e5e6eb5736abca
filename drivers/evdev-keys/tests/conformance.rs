//! The promises of every driver, kept by this one.

#[test]
fn conforms() {
    eg_hal::conformance::check::<evdev_keys::EvdevKeys>(
        r#"{ keyboard: /dev/input/event0, keys: ["1", a, KEY_ENTER] }"#,
    );
}

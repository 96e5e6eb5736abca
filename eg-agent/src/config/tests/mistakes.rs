//! Mistakes that `check` tells of a file, all of them in one run, and what it leaves alone.

use super::{SLOT, read, wrong};
use eg_proto::Set;

/// Each problem's first line, without the file's name.
fn told(text: &str) -> Vec<String> {
    let problems = read(text).err().unwrap_or_default();
    problems.iter().map(|problem| problem.head().replacen("slot.yaml:", "", 1)).collect()
}

/// A slot with one device: its driver, its `config:` and what else stands there.
fn one(hal: &str, driver: &str, config: &str, more: &str) -> String {
    format!(
        "slot: slot-01\ncore: {{ host: c }}\nhal: {hal}\ndevices:\n  d:\n    driver: {driver}\n    config: {config}\n{more}"
    )
}

#[test]
fn a_bus_a_port_and_a_keyboard_are_checked_as_lines_are() {
    for (driver, config, wanted) in [
        (
            "pcf8574",
            "{ bus: i2c1, inputs: [P0] }",
            "7:20: devices.d.config.bus: no I2C bus called \"i2c1\"; this board has buses like i2c-1, and paths like /dev/i2c-1; did you mean \"i2c-1\"?",
        ),
        (
            "pcf8574",
            "{ bus: '', inputs: [P0] }",
            "7:20: devices.d.config.bus: no I2C bus called \"\"",
        ),
        (
            "pcf8574",
            "{ bus: 1, inputs: [P0] }",
            "7:20: devices.d.config.bus: no I2C bus called \"1\"",
        ),
        (
            "pcf8574",
            "{ bus: I2C-l/0x70/0, inputs: [P0] }",
            "7:20: devices.d.config.bus: no I2C bus called \"I2C-l/0x70/0\"",
        ),
        (
            "hc165",
            "{ select: spi-0.0 }",
            "7:23: devices.d.config.select: no chip select called \"spi-0.0\"; this board has chip selects like spi0.0, and paths like /dev/spidev0.0; did you mean \"spi0.0\"?",
        ),
        (
            "serial-tag",
            "{ port: ttyUSB0 }",
            "7:21: devices.d.config.port: no port called \"ttyUSB0\"; this board has ports by their paths, like /dev/ttyUSB0 and /dev/serial0; did you mean \"/dev/ttyUSB0\"?",
        ),
        (
            "evdev-keys",
            "{ keyboard: event3, keys: [a] }",
            "7:25: devices.d.config.keyboard: no keyboard called \"event3\"; this board has keyboards by their paths, like /dev/input/event0, and by their names; did you mean \"/dev/input/event3\"?",
        ),
        (
            "evdev-keys",
            "{ keyboard: ' ', keys: [a] }",
            "7:25: devices.d.config.keyboard: no keyboard called \" \"",
        ),
    ] {
        for hal in ["sim", "linux"] {
            let told = told(&one(hal, driver, config, ""));

            assert_eq!(told.len(), 1, "{config} {told:?}");
            assert!(told[0].starts_with(wanted), "{config} {told:?}");
        }
    }
}

#[test]
fn names_that_a_board_may_have_are_left_to_the_kernel() {
    for (driver, config) in [
        ("pcf8574", "{ bus: i2c-7, inputs: [P0] }"),
        ("pcf8574", "{ bus: /dev/i2c-gpio, inputs: [P0] }"),
        ("pcf8574", "{ bus: i2c-1/0x70/3, inputs: [P0] }"),
        ("hc165", "{ select: /dev/spidev0.1 }"),
        ("hc165", "{ select: spidev1.0 }"),
        ("serial-tag", "{ port: /dev/serial/by-id/usb-reader }"),
        ("evdev-keys", "{ keyboard: event keyboard 3/4, keys: [1, a] }"),
    ] {
        assert_eq!(told(&one("linux", driver, config, "")), Vec::<String>::new(), "{config}");
    }
}

#[test]
fn every_mistake_of_a_device_is_told_in_one_run() {
    let text = one(
        "linux",
        "mpr121",
        "{ bus: i2c1, address: 0x20, electrodes: 13, touch: 5, release: 6, irq: GPOI4 }",
        "    inputs: { a: { channel: 40 } }\n    outputs: { b: { channel: 0 } }\n",
    );

    let places: Vec<String> =
        told(&text).iter().map(|head| head.split(": ").nth(1).unwrap().to_owned()).collect();

    let config = ["bus", "address", "electrodes", "release", "irq"];
    let config = config.map(|field| format!("devices.d.config.{field}"));
    let channels = ["inputs.a", "outputs.b"].map(|role| format!("devices.d.{role}.channel"));
    assert_eq!(places, [&config[..], &channels].concat());
}

#[test]
fn every_line_that_a_board_does_not_have_is_told() {
    let told =
        told(&one("sim", "button-row", "{ inputs: [GPIO5, A, GPIO5], outputs: [B, GPIO6] }", ""));

    let begins = [
        "7:31: devices.d.config.inputs[1]: no line called \"A\"",
        "7:34: devices.d.config.inputs[2]: line GPIO5 is already held by this device",
        "7:52: devices.d.config.outputs[0]: no line called \"B\"",
    ];
    assert_eq!(told.len(), begins.len(), "{told:?}");
    for (told, begin) in told.iter().zip(begins) {
        assert!(told.starts_with(begin), "{told}");
    }
}

#[test]
fn a_mistake_in_the_settings_does_not_hide_wrong_channels() {
    let roles = "    inputs: { a: { channel: 2 }, b: { channel: 1 } }\n    outputs: { l: { channel: 0 } }\n";
    let channel =
        "8:29: devices.d.inputs.a.channel: no input channel 2; this device has inputs 0 to 1";
    for (config, wanted) in [
        // An unknown key, a key that is misspelt, an item that is wrong.
        ("{ inputs: [GPIO5, GPIO6], outputs: [GPIO7], drvie: open-drain }", true),
        ("{ inputs: [GPIO5, GPIO6], outputs: [GPIO7], wholly: new }", true),
        ("{ imputs: [GPIO5, GPIO6], outputs: [GPIO7] }", true),
        ("{ inputs: [GPIO5, [x]], outputs: [GPIO7] }", true),
        ("{ inputs: [GPIO5, GPIO99], outputs: [GPIO7] }", true),
        ("{ inputs: [GPIO5, GPIO6], outputs: [GPIO7], pull: { up: 1 } }", false),
        // How many there were to be, nobody knows.
        ("{ inputs: 5, outputs: [GPIO7] }", false),
        ("{ lines: [GPIO5, GPIO6], outputs: [GPIO7] }", false),
    ] {
        let told = told(&one("sim", "button-row", config, roles));

        assert_eq!(told.len(), if wanted { 2 } else { 1 }, "{config} {told:?}");
        assert_eq!(told.iter().any(|told| told == channel), wanted, "{config} {told:?}");
    }
}

#[test]
fn a_device_with_a_wrong_name_is_checked_all_the_same() {
    let text = one("sim", "button-row", "{ inputs: [GPIO5], pul: up }", "").replace("  d:", "  D:");

    let told = told(&text);

    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[1].contains("unknown key \"pul\""), "{told:?}");
}

#[test]
fn nothing_that_stands_for_a_mistake_is_opened() {
    let sha = "0".repeat(64);
    for more in [
        "plugins: [libx.so]".to_owned(),
        "plugins: libx.so".to_owned(),
        "plugins: [{ fiel: /none/libx.so }]".to_owned(),
        "plugins: [{ file: [libx.so] }]".to_owned(),
        "plugins: [{ sha256: {sha} }]".replace("{sha}", &sha),
        "plugins: [{ file: /none/libx.so, sha256: abc }]".to_owned(),
        "plugins: [{ file: /none/libx.so, sha256: [] }]".to_owned(),
        "plugin: [{ file: /none/libx.so }]".to_owned(),
        "plugin_dir: /none".to_owned(),
        "plugins_dir: [/none]".to_owned(),
        "plugins_dirr: /none\nplugins: [{ file: libx.so }]".to_owned(),
    ] {
        let told = told(&format!("{more}\n{SLOT}"));

        assert_eq!(told.len(), 1, "{more} {told:?}");
        assert!(!told[0].contains("read"), "{more} {told:?}");
    }
}

#[test]
fn an_empty_slot_and_an_empty_host_are_told() {
    for nothing in ["", "~", "null", "''", "' '", "\"\\t\"", "[]", "{}"] {
        let slot = told(&SLOT.replace("slot: slot-01", &format!("slot: {nothing}")));
        let host = told(&SLOT.replace("host: 192.168.1.27", &format!("host: {nothing}")));
        let both = told(
            &SLOT
                .replace("slot: slot-01\n", "slot:\n")
                .replace("core: { host: 192.168.1.27 }", "core: { host: }"),
        );

        assert_eq!(
            [slot.len(), host.len(), both.len()],
            [1, 1, 2],
            "{nothing} {slot:?} {host:?} {both:?}"
        );
        assert!(slot[0].starts_with("1:") && slot[0].contains("slot"), "{nothing} {slot:?}");
        assert!(host[0].starts_with("2:") && host[0].contains("host"), "{nothing} {host:?}");
    }
    for core in ["core:", "core: ~", "core: []", "core: ''", "core: {}\ndiscovery: false"] {
        assert_eq!(told(&SLOT.replace("core: { host: 192.168.1.27 }", core)).len(), 1, "{core}");
    }
    for file in ["", "~", "[]", "{}", "''", "# nothing\n", "---\n", "[[]]", "- slot: slot-01"] {
        assert!(!told(file).is_empty(), "{file:?}");
    }
}

#[test]
fn an_outbox_without_a_name_is_told() {
    for blank in ["''", "' '"] {
        let told = told(&format!("outbox: {blank}\n{SLOT}"));

        assert_eq!(told, ["1:9: outbox: wanted a file, such as ./data/slot-01.outbox.db"]);
    }
}

#[test]
fn a_secret_without_a_name_is_told() {
    let told = told(&format!("secret_file: ' '\n{SLOT}"));

    assert_eq!(told, ["1:14: secret_file: wanted a file, such as ./data/slot-01.secret"]);
}

#[test]
fn a_wrong_number_is_told_as_it_is_written() {
    let told = wrong("host: 192.168.1.27", "host: c, port: 01");

    let message = "wanted a whole number from 0 to 65535, found 01; write 1";
    assert_eq!(told, [format!("slot.yaml:2:24: core.port: {message}")]);
}

#[test]
fn a_text_to_be_shown_is_what_stands_in_the_file() {
    let slot = read(&SLOT.replace("safe: off", "safe: { text: 0123 }")).unwrap();

    assert_eq!(slot.devices[0].output("lamp").unwrap().safe, Set::Text("0123".to_owned()));
}

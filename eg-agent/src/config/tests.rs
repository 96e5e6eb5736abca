//! What reading a slot's file promises.

use super::{Active, Hal, InputKind, Overrides, SlotConfig, Source, read_slot, read_slots};
use eg_proto::{Set, SlotId};
use std::time::Duration;

const SLOT: &str = "\
slot: slot-01
core: { host: 192.168.1.27 }
hal: sim
devices:
  panel:
    driver: button-row
    config: { inputs: [GPIO5, GPIO6], outputs: [GPIO18], pull: up }
    inputs:
      red: { channel: 1, active: low, lockout: 50ms, gestures: { click: 300ms, hold: 800ms } }
      door: { channel: 0, kind: switch }
    outputs:
      lamp: { channel: 0, active: low, safe: off, safe_after: 5s, max_on: 2s }
  reader:
    driver: serial-tag
    config: { port: /dev/ttyUSB0 }
";

fn read(text: &str) -> Result<SlotConfig, eg_config::Problems> {
    read_slot(Source::text("slot.yaml", text), &Overrides::default())
}

/// The first line of each problem that the text has after this change.
fn wrong(from: &str, to: &str) -> Vec<String> {
    assert!(SLOT.contains(from), "{from}");
    match read(&SLOT.replace(from, to)) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(|problem| problem.head()).collect(),
    }
}

#[test]
fn a_file_becomes_a_slot_in_its_order_with_defaults() {
    let slot = read(SLOT).unwrap();

    assert_eq!(slot.slot.as_str(), "slot-01");
    assert_eq!((slot.core.host.as_str(), slot.core.port), ("192.168.1.27", 1883));
    assert_eq!((slot.hal, slot.page_port, slot.topics.base()), (Hal::Sim, 5173, "eg"));
    assert_eq!(slot.outbox.to_str(), Some("./data/slot-01.outbox.db"));
    let panel = &slot.devices[0];
    assert_eq!((panel.name.as_str(), panel.entry.kind), ("panel", "button-row"));
    let names: Vec<_> = panel.inputs.iter().map(|input| input.name.as_str()).collect();
    assert_eq!(names, ["red", "door"]);
}

#[test]
fn an_input_has_what_the_file_says_and_defaults_for_the_rest() {
    let slot = read(SLOT).unwrap();

    let red = slot.devices[0].input("red").unwrap();
    assert_eq!((red.channel, red.active, red.kind), (1, Active::Low, InputKind::Momentary));
    assert_eq!((red.lockout.as_millis(), red.release.as_millis()), (50, 10));
    assert_eq!(red.gestures.hold, Some(Duration::from_millis(800)));
    assert_eq!(red.stuck_after, Some(Duration::from_secs(10)));
    let door = slot.devices[0].input("door").unwrap();
    assert_eq!((door.active, door.kind, door.stuck_after), (Active::High, InputKind::Switch, None));
}

#[test]
fn an_output_starts_safe_with_its_polarity() {
    let slot = read(SLOT).unwrap();

    let lamp = slot.devices[0].output("lamp").unwrap();
    assert_eq!((lamp.safe.clone(), lamp.safe_after.as_secs()), (Set::Off, 5));
    assert_eq!(lamp.max_on, Some(Duration::from_secs(2)));
    assert_eq!(slot.devices[0].safe_levels(), [(0, true)].into());
}

#[test]
fn the_only_input_of_a_device_needs_no_name() {
    let slot = read(SLOT).unwrap();

    let reader = &slot.devices[1];
    assert_eq!(reader.inputs.len(), 1);
    assert_eq!((reader.inputs[0].name.as_str(), reader.inputs[0].channel), ("reader", 0));
}

#[test]
fn what_is_said_elsewhere_wins_over_the_file() {
    let overrides = Overrides {
        core_host: Some("core.local".to_owned()),
        core_port: Some(2883),
        slot: SlotId::new("slot-09").ok(),
        hal: Some(Hal::Linux),
        page_port: Some(6000),
        ..Overrides::default()
    };

    let slot = read_slot(Source::text("slot.yaml", SLOT), &overrides).unwrap();

    assert_eq!((slot.core.host.as_str(), slot.core.port), ("core.local", 2883));
    assert_eq!((slot.slot.as_str(), slot.hal, slot.page_port), ("slot-09", Hal::Linux, 6000));
    assert_eq!(slot.outbox.to_str(), Some("./data/slot-09.outbox.db"));
}

#[test]
fn a_slot_and_a_core_that_are_named_nowhere_are_asked_for() {
    let problems = read("devices: {}").unwrap_err();

    let messages: Vec<_> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            r#"missing key "slot"; write it, or set SLOT_ID"#,
            r#"missing key "core"; write it, or set CORE_HOST"#,
        ]
    );
}

#[test]
fn a_key_with_a_wrong_value_is_not_called_missing_too() {
    let slot = wrong("slot: slot-01", "slot: [a]");
    let core = wrong("core: { host: 192.168.1.27 }", "core: 192.168.1.27");
    let host = wrong("host: 192.168.1.27", "host: {}");

    assert_eq!([slot.len(), core.len(), host.len()], [1, 1, 1], "{slot:?} {core:?} {host:?}");
}

#[test]
fn an_unknown_line_is_told_where_it_is_written() {
    let told = wrong("GPIO6", "GPOI6");

    let line = r#"no line called "GPOI6"; this board has GPIO0…GPIO27; did you mean "GPIO6"?"#;
    assert_eq!(told, [format!("slot.yaml:7:31: devices.panel.config.inputs[1]: {line}")]);
}

#[test]
fn a_line_held_twice_is_told_where_it_is_second() {
    let within = wrong("outputs: [GPIO18]", "outputs: [GPIO5]");
    let across = wrong(
        "  reader:\n    driver: serial-tag\n    config: { port: /dev/ttyUSB0 }",
        "  row:\n    driver: button-row\n    config: { outputs: [GPIO6] }",
    );

    let place = "slot.yaml:7:49: devices.panel.config.outputs[0]";
    assert_eq!(within, [format!("{place}: line GPIO5 is already held by this device")]);
    let place = "slot.yaml:15:25: devices.row.config.outputs[0]";
    assert_eq!(across, [format!("{place}: line GPIO6 is already held by slot-01/panel")]);
}

#[test]
fn a_line_may_be_named_by_its_pin_and_is_one_line_all_the_same() {
    let fine = wrong("[GPIO5, GPIO6], outputs: [GPIO18]", "[pin 29, BCM6], outputs: [\"J8:12\"]");
    let twice = wrong("outputs: [GPIO18]", "outputs: [pin 29]");
    let power = wrong("outputs: [GPIO18]", "outputs: [pin 2]");

    assert_eq!(fine, Vec::<String>::new());
    let place = "slot.yaml:7:49: devices.panel.config.outputs[0]";
    assert_eq!(twice, [format!("{place}: line GPIO5 is already held by this device")]);
    assert!(power[0].starts_with(&format!("{place}: no line called \"pin 2\"")), "{power:?}");
    assert!(power[0].contains("5 V on that pin; its lines are on pins 3, 5, 7"), "{power:?}");
}

#[test]
fn a_device_knows_what_can_go_wrong_with_what_it_holds() {
    let slot = read(SLOT).unwrap();

    let faults = |device: usize| {
        slot.devices[device].faults.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let line = |line: &str| {
        ["stuck low", "stuck high", "bounces 5ms", "loses 3"].map(|how| format!("{line} {how}"))
    };
    let output = ["stuck low", "stuck high"].map(|how| format!("GPIO18 {how}"));
    assert_eq!(faults(0), [&output[..], &line("GPIO5"), &line("GPIO6")].concat());
    assert_eq!(faults(1), ["/dev/ttyUSB0 unplugged", "/dev/ttyUSB0 reads 1"]);
}

#[test]
fn an_address_that_is_impossible_or_taken_is_told_where_it_is_written() {
    let reader = "driver: serial-tag\n    config: { port: /dev/ttyUSB0 }";
    let chip = |config| format!("driver: pcf8574\n    config: {{ bus: i2c-1, {config} }}");
    let two =
        format!("{}\n  second:\n    {}", chip("inputs: [P0]"), chip("address: 32, inputs: [P0]"));

    let impossible = wrong(reader, &chip("address: 0x10, inputs: [P0]"));
    let taken = wrong(reader, &two);

    assert_eq!((impossible.len(), taken.len()), (1, 1), "{impossible:?} {taken:?}");
    let place = "slot.yaml:15:36: devices.reader.config.address: 0x20 to 0x27";
    assert!(impossible[0].starts_with(place), "{impossible:?}");
    let place = "slot.yaml:18:36: devices.second.config.address: ";
    let holder = "address 0x20 on i2c-1 is already held by slot-01/reader";
    assert_eq!(taken, [format!("{place}{holder}")]);
}

#[test]
fn a_line_of_another_chip_is_left_to_the_kernel() {
    let told = wrong("hal: sim", "hal: linux").len()
        + wrong("hal: sim\ndevices:\n  panel:\n    driver: button-row\n    config: { inputs: [GPIO5, GPIO6]",
            "hal: linux\ndevices:\n  panel:\n    driver: button-row\n    config: { inputs: [\"gpio-sim:0\", GPIO6]").len();

    assert_eq!(told, 0);
}

#[test]
fn a_setting_that_a_driver_refuses_is_told_at_its_field() {
    let told = wrong("inputs: [GPIO5, GPIO6], outputs: [GPIO18]", "inputs: []");

    let message = "name at least one line, here or in outputs";
    assert_eq!(told, [format!("slot.yaml:7:23: devices.panel.config.inputs: {message}")]);
}

#[test]
fn a_channel_that_the_device_does_not_have_is_told() {
    let told = wrong("channel: 1, active", "channel: 2, active");

    let message = "no input channel 2; this device has inputs 0 to 1";
    assert_eq!(told, [format!("slot.yaml:9:23: devices.panel.inputs.red.channel: {message}")]);
}

#[test]
fn a_channel_with_two_names_is_told() {
    let told = wrong("channel: 1, active", "channel: 0, active");

    let message = r#"input channel 0 is "red" already"#;
    assert_eq!(told, [format!("slot.yaml:10:24: devices.panel.inputs.door.channel: {message}")]);
}

#[test]
fn names_are_checked_where_they_are_written() {
    for (from, to) in
        [("slot: slot-01", "slot: Slot 1"), ("  panel:", "  Panel:"), ("red:", "Red:")]
    {
        let told = wrong(from, to);

        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].contains("is not a name: 1 to 32 of a-z, 0-9 and - are wanted"),
            "{told:?}"
        );
    }
}

#[test]
fn settings_that_contradict_each_other_are_told() {
    for (from, to, message) in [
        ("kind: switch", "kind: switch, gestures: { click: 1s }", "a switch has no gestures"),
        ("hold: 800ms", "hold_end: true", "there is no hold to end"),
        ("safe: off", "safe: on", "its safe state is on"),
        ("safe: off", "safe: { pulse_ms: 5 }", "a pulse is no state to stay in"),
        ("lockout: 50ms", "lockout: 50s", "50s is too long to debounce"),
        ("hal: sim", "base_topic: eg/#", "is no base topic"),
        ("hal: sim", "page: { port: 0 }", "wanted a port from 1 to 65535"),
    ] {
        let told = wrong(from, to);

        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains(message), "{told:?}");
    }
}

#[test]
fn one_slot_in_two_files_is_told() {
    let sources = vec![Source::text("a.yaml", SLOT), Source::text("b.yaml", SLOT)];

    let problems = read_slots(sources, &Overrides::default()).unwrap_err();

    let message = "slot: a.yaml is slot slot-01 already; each slot has one file";
    let told: Vec<_> = problems.iter().map(|problem| problem.head()).collect();
    assert_eq!(told, [format!("b.yaml:1:7: {message}")]);
}

#[test]
fn the_pages_of_several_slots_get_ports_of_their_own() {
    let other = SLOT.replace("slot-01", "slot-02");
    let sources = vec![Source::text("a.yaml", SLOT), Source::text("b.yaml", other)];

    let slots = read_slots(sources, &Overrides::default()).unwrap();

    assert_eq!([slots[0].page_port, slots[1].page_port], [5173, 5174]);
}

#[test]
fn a_slot_id_from_elsewhere_names_a_single_slot_only() {
    let sources = vec![Source::text("a.yaml", SLOT), Source::text("b.yaml", SLOT)];
    let overrides = Overrides { slot: SlotId::new("slot-07").ok(), ..Overrides::default() };

    let problems = read_slots(sources, &overrides).unwrap_err();

    assert!(problems.iter().any(|problem| problem.file == "SLOT_ID"), "{problems}");
}

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
    for core in ["core:", "core: ~", "core: {}", "core: []", "core: ''"] {
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

//! Promises of reading a slot's file.

mod mistakes;

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
    assert_eq!(slot.secret.path().to_str(), Some("./data/slot-01.secret"));
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
    let problems = read("discovery: false\ndevices: {}").unwrap_err();

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
fn a_core_that_nobody_names_is_looked_for_unless_the_file_forbids_it() {
    let named = read("slot: a\ncore: { host: core.local }\ndevices: {}").unwrap();
    let tls = read("slot: a\ncore: { tls: true }\ndevices: {}").unwrap();
    let bare = read("slot: a\ndevices: {}").unwrap();
    let empty = read("slot: a\ncore: { host: }\ndevices: {}").unwrap_err();

    assert_eq!([&named, &tls, &bare].map(|slot| slot.core.is_looked_for()), [false, true, true]);
    assert!(tls.core.tls);
    assert!(empty.to_string().contains("nothing stands here"), "{empty}");
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
fn one_secret_of_two_slots_is_told() {
    let other = SLOT.replace("slot-01", "slot-02");
    let sources = [("a.yaml", SLOT), ("b.yaml", other.as_str())]
        .map(|(name, text)| Source::text(name, format!("secret_file: ./secret\n{text}")));

    let problems = read_slots(sources.into(), &Overrides::default()).unwrap_err();

    let told: Vec<_> = problems.iter().map(|problem| problem.head()).collect();
    assert_eq!(told, ["b.yaml:1:14: secret_file: slot slot-01 has its secret there already"]);
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

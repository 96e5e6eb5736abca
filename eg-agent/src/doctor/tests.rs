//! The doctor on machines made of files.

use super::*;
use crate::config::{Overrides, SlotConfig, Source, read_slot};
use crate::library::Catalog;
use crate::survey::{ChipUse, LineUse, Machine, Question, Wires};
use eg_page::{Finding, Lang, Soundness};
use std::fs;
use std::io;
use std::path::Path;
use tempfile::TempDir;

/// A machine whose bus has these chips, and whose line 6 somebody else holds.
struct Pi {
    root: TempDir,
    chips: Vec<u8>,
    refuses: bool,
}

impl Pi {
    fn new(files: &[&str], chips: &[u8]) -> Self {
        let root = tempfile::tempdir().unwrap();
        for file in files.iter().chain(&["proc/device-tree/model"]) {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "Raspberry Pi 4 Model B\0").unwrap();
        }
        Self { root, chips: chips.to_vec(), refuses: false }
    }

    fn finds(&mut self, devices: &str) -> Vec<(&'static str, Soundness)> {
        let found = self.look(devices);
        found.iter().map(|finding| (finding.check, finding.soundness)).collect()
    }

    fn look(&mut self, devices: &str) -> Vec<Finding> {
        let machine = Machine::under(self.root.path());
        wires(&slot(devices), &Catalog::linked(), &machine, self)
    }
}

impl Wires for Pi {
    fn ask(&mut self, _: &Path, address: u8, _: Question) -> io::Result<bool> {
        if self.refuses {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(self.chips.contains(&address))
    }

    fn chip(&mut self, path: &Path) -> io::Result<ChipUse> {
        let holder = |offset| match offset {
            5 => Some("eg:slot-01/panel".to_owned()),
            6 => Some("w1".to_owned()),
            _ => None,
        };
        let line = |offset| LineUse { offset, name: String::new(), holder: holder(offset) };
        Ok(ChipUse {
            path: path.to_path_buf(),
            name: "gpiochip0".to_owned(),
            label: "pinctrl-bcm2711".to_owned(),
            count: 28,
            lines: (0..28).map(line).collect(),
            refused: None,
        })
    }
}

fn slot(devices: &str) -> SlotConfig {
    let text = format!("slot: slot-01\ncore: {{ host: c }}\ndevices: {{ {devices} }}\n");
    read_slot(Source::text("slot.yaml", text), &Overrides::default()).unwrap()
}

const EXPANDER: &str =
    "x: { driver: mcp23017, config: { bus: i2c-1, address: 0x20, inputs: [A0] } }";

use Soundness::{Bad, Good};

#[test]
fn a_chip_that_answers_is_well_and_one_that_does_not_is_told_with_those_that_do() {
    let mut pi = Pi::new(&["dev/i2c-1"], &[0x20]);
    assert_eq!(pi.finds(EXPANDER), [("address", Good)]);

    pi.chips = vec![0x21];
    let found = pi.look(EXPANDER);
    assert_eq!((found[0].check, found[0].soundness), ("address", Bad));
    assert_eq!(found[0].cause(Lang::En).unwrap(), "on i2c-1 these answer: 0x21");
}

#[test]
fn a_bus_that_is_not_switched_on_says_how_a_pi_does_it() {
    let found = Pi::new(&[], &[]).look(EXPANDER);

    let words = doctor_words().unwrap();
    assert_eq!((found[0].check, found[0].soundness), ("pi-bus", Bad));
    assert!(found[0].advice(&words, Lang::En).unwrap().contains("raspi-config nonint do_i2c 0"));
    assert!(found[0].advice(&words, Lang::Fr).unwrap().contains("redémarrez"));
}

#[test]
fn a_missing_right_is_told_once_however_many_chips_hang_there() {
    let mut pi = Pi::new(&["dev/i2c-1"], &[]);
    pi.refuses = true;
    let two = "a: { driver: mcp23017, config: { bus: i2c-1, address: 0x20, inputs: [A0] } }, \
               b: { driver: mcp23017, config: { bus: i2c-1, address: 0x21, inputs: [A0] } }";

    assert_eq!(pi.finds(two), [("rights", Bad)]);
}

#[test]
fn lines_of_this_slots_agent_are_well_and_those_of_others_are_named() {
    let mut pi = Pi::new(&["dev/gpiochip0"], &[]);

    let found = pi.look("panel: { driver: button-row, config: { inputs: [GPIO4, GPIO5, GPIO6] } }");

    let states: Vec<_> = found.iter().map(|it| (it.check, it.soundness)).collect();
    assert_eq!(states, [("line", Good), ("line", Good), ("line-taken", Bad)]);
    let words = doctor_words().unwrap();
    assert_eq!(found[2].found(&words, Lang::En), "the line GPIO6 is held by w1 (panel)");
}

#[test]
fn selects_ports_and_keyboards_are_looked_for_where_they_are_named() {
    let devices = "s: { driver: hc165, config: { select: spi0.0 } }, \
                   r: { driver: serial-tag, config: { port: /dev/ttyUSB0 } }, \
                   k: { driver: evdev-keys, config: { keyboard: an encoder, keys: [a] } }";

    let mut bare = Pi::new(&[], &[]);
    let mut full = Pi::new(&["dev/spidev0.0", "dev/ttyUSB0", "dev/input/event2"], &[]);
    let keyboard = "N: Name=\"an encoder\"\nH: Handlers=kbd event2\nB: KEY=fffffffe\n";
    fs::create_dir_all(full.root.path().join("proc/bus/input")).unwrap();
    fs::write(full.root.path().join("proc/bus/input/devices"), keyboard).unwrap();

    assert_eq!(bare.finds(devices), [("pi-select", Bad), ("port", Bad), ("keyboard", Bad)]);
    assert_eq!(full.finds(devices), [("select", Good), ("port", Good), ("port", Good)]);
}

#[test]
fn a_chip_behind_a_switch_is_as_well_as_its_switch() {
    let behind =
        "x: { driver: mcp23017, config: { bus: i2c-1/0x70/3, address: 0x20, inputs: [A0] } }";
    let mut pi = Pi::new(&["dev/i2c-1"], &[0x70]);
    assert!(pi.finds(behind).contains(&("switch", Good)));

    pi.chips = vec![0x20];
    assert_eq!(pi.finds(behind), [("address", Bad)]);
}

#[test]
fn simulated_boards_ask_nothing_of_the_machine() {
    let text = "slot: slot-01\ncore: { host: c }\nhal: sim\ndevices: {}\n";
    let config = read_slot(Source::text("slot.yaml", text), &Overrides::default()).unwrap();
    let mut pi = Pi::new(&[], &[]);
    let machine = Machine::under(pi.root.path());

    let found = wires(&config, &Catalog::linked(), &machine, &mut pi);

    assert_eq!(found.len(), 1);
    assert_eq!(found[0].check, "simulated");
}

#[test]
fn a_weak_supply_is_told_while_it_lasts_and_after() {
    let pi = Pi::new(&[], &[]);
    let word = "sys/devices/platform/soc/soc:firmware/get_throttled";
    fs::create_dir_all(pi.root.path().join(word).parent().unwrap()).unwrap();
    let machine = Machine::under(pi.root.path());

    let states = ["0", "50000", "50005\n"].map(|text| {
        fs::write(pi.root.path().join(word), text).unwrap();
        power(&machine).unwrap().soundness
    });

    assert_eq!(states, [Good, Soundness::Doubtful, Bad]);
    assert_eq!(power(&Machine::under("/nowhere")), None);
}

#[test]
fn events_that_cannot_be_stored_are_told() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("a-file");
    fs::write(&file, "").unwrap();

    let there = storage(&root.path().join("data/slot-01.outbox.db"));
    let no_folder = storage(&file.join("slot-01.outbox.db"));

    assert!(there.check == "disk");
    assert_ne!(no_folder.soundness, Good);
}

#[test]
fn the_words_are_the_same_in_both_languages() {
    assert!(doctor_words().is_ok());
}

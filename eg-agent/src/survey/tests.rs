//! A machine made of files, and chips that answer as they are told.

use super::*;
use crate::config::{Overrides, read_slot};
use eg_config::Source;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::Path;
use tempfile::TempDir;

/// Chips by bus and address; everything that was asked, with how.
#[derive(Default)]
struct FakeWires {
    chips: BTreeMap<String, Vec<u8>>,
    asked: Vec<(String, u8, Question)>,
    refuses: Option<io::ErrorKind>,
}

impl Wires for FakeWires {
    fn ask(&mut self, bus: &Path, address: u8, how: Question) -> io::Result<bool> {
        if let Some(kind) = self.refuses {
            return Err(kind.into());
        }
        let bus = bus.file_name().unwrap().to_str().unwrap().to_owned();
        let answers = self.chips.get(&bus).is_some_and(|chips| chips.contains(&address));
        self.asked.push((bus, address, how));
        Ok(answers)
    }

    fn chip(&mut self, path: &Path) -> io::Result<ChipUse> {
        let line = |offset, name: &str, holder: Option<&str>| LineUse {
            offset,
            name: name.to_owned(),
            holder: holder.map(str::to_owned),
        };
        Ok(ChipUse {
            path: path.to_path_buf(),
            name: "gpiochip0".to_owned(),
            label: "pinctrl-bcm2711".to_owned(),
            count: 2,
            lines: vec![line(0, "GPIO0", None), line(1, "GPIO1", Some("eg:slot-01/panel"))],
            refused: None,
        })
    }
}

const INPUTS: &str = "I: Bus=0019 Vendor=0000 Product=0001 Version=0000
N: Name=\"Power Button\"
H: Handlers=kbd event0
B: EV=3
B: KEY=10000000000000 0

I: Bus=0003 Vendor=1234 Product=5678 Version=0110
N: Name=\"Arcade \"Encoder\"\"
H: Handlers=sysrq kbd event3 leds
B: EV=120013
B: KEY=1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe

I: Bus=0003 Vendor=1234 Product=5679 Version=0110
N: Name=\"A Mouse\"
H: Handlers=mouse0 event4
B: EV=17
B: KEY=ff0000 0 0 0 0
";

fn pi() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0");
    write("proc/bus/input/devices", INPUTS);
    for bus in ["i2c-1", "i2c-20"] {
        write(&format!("dev/{bus}"), "");
        write(&format!("sys/class/i2c-dev/{bus}/name"), "bcm2835 (i2c@7e804000)\n");
    }
    write("sys/bus/i2c/devices/1-0068/name", "ds3231\n");
    for (device, driver) in [("i2c/devices/1-0068", "rtc-ds1307"), ("tty", "uart")] {
        fs::create_dir_all(root.path().join("sys/bus").join(device)).unwrap();
        symlink(
            format!("/drivers/{driver}"),
            root.path().join("sys/bus").join(device).join("driver"),
        )
        .unwrap();
    }
    for (tty, driver, kind) in
        [("ttyAMA0", "uart-pl011", "27"), ("ttyS0", "serial8250", "0"), ("ttyUSB0", "ch341", "1")]
    {
        write(&format!("sys/class/tty/{tty}/type"), kind);
        write(&format!("sys/class/tty/{tty}/device/there"), "");
        let link = root.path().join(format!("sys/class/tty/{tty}/device/driver"));
        symlink(format!("/drivers/{driver}"), link).unwrap();
        write(&format!("dev/{tty}"), "");
    }
    write("sys/class/tty/console/active", "tty1 ttyAMA0\n");
    fs::create_dir_all(root.path().join("dev/serial/by-id")).unwrap();
    symlink("../../ttyUSB0", root.path().join("dev/serial/by-id/usb-1a86-reader")).unwrap();
    for file in ["dev/spidev0.0", "dev/spidev0.1", "dev/gpiochip0", "dev/input/event3"] {
        write(file, "");
    }
    symlink("gpiochip0", root.path().join("dev/gpiochip4")).unwrap();
    root
}

fn found(asked: &[&str], chips: &[u8]) -> (Survey, FakeWires) {
    let root = pi();
    let chips = [("i2c-1".to_owned(), chips.to_vec())].into();
    let mut wires = FakeWires { chips, ..FakeWires::default() };
    let asked: Vec<_> = asked.iter().map(|bus| (*bus).to_owned()).collect();
    let machine = Machine::under(root.path());
    (
        Survey::of(
            &machine,
            &mut wires,
            &Catalog::linked(),
            if asked.is_empty() { Asked::Headers } else { Asked::Named(&asked) },
        ),
        wires,
    )
}

#[test]
fn names_the_likely_chips_by_the_drivers_own_addresses() {
    let (survey, _) = found(&[], &[0x27, 0x3c, 0x48]);

    let likely = |address| {
        let chip = survey.i2c[0].chips.iter().find(|chip| chip.address == address).unwrap();
        chip.likely.iter().map(|it| it.chip.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(likely(0x27), ["LCD1602 behind a PCF8574", "MCP23017", "PCF8574"]);
    assert_eq!(likely(0x3c)[0], "SSD1306");
    assert_eq!(likely(0x48)[0], "ADS1115");
}

#[test]
fn an_address_of_the_kernel_is_named_and_never_asked() {
    let (survey, wires) = found(&[], &[0x68]);

    let clock = &survey.i2c[0].chips[0];
    assert_eq!((clock.address, clock.kernel.as_deref()), (0x68, Some("rtc-ds1307")));
    assert!(wires.asked.iter().all(|(_, address, _)| *address != 0x68));
}

#[test]
fn memories_are_read_and_the_rest_is_asked_by_a_write_of_nothing() {
    let (_, wires) = found(&[], &[]);

    let how = |wanted| wires.asked.iter().find(|(_, address, _)| *address == wanted).unwrap().2;
    assert_eq!([0x08, 0x20, 0x70, 0x77].map(how), [Question::QuickWrite; 4]);
    assert_eq!([0x30, 0x37, 0x50, 0x5f].map(how), [Question::ReadByte; 4]);
    assert_eq!(wires.asked.len(), 0x78 - 0x08 - 1, "each once, but for that of the kernel");
}

#[test]
fn a_bus_that_is_no_headers_is_asked_when_it_is_named() {
    let (survey, wires) = found(&[], &[]);
    let (named, other) = found(&["/dev/i2c-20"], &[]);

    assert_eq!(survey.i2c.iter().map(|bus| bus.asked).collect::<Vec<_>>(), [true, false]);
    assert!(wires.asked.iter().all(|(bus, ..)| bus == "i2c-1"));
    assert_eq!(named.i2c.iter().map(|bus| bus.asked).collect::<Vec<_>>(), [false, true]);
    assert!(other.asked.iter().all(|(bus, ..)| bus == "i2c-20"));
}

#[test]
fn a_bus_that_refuses_is_told_and_the_rest_is_found() {
    let root = pi();
    let mut wires =
        FakeWires { refuses: Some(io::ErrorKind::PermissionDenied), ..FakeWires::default() };

    let machine = Machine::under(root.path());
    let survey = Survey::of(&machine, &mut wires, &Catalog::linked(), Asked::Headers);

    assert!(survey.i2c[0].refused.as_ref().unwrap().cause.contains("permission denied"));
    assert_eq!(survey.spi.len(), 2);
}

#[test]
fn a_missing_right_names_the_group_of_the_file() {
    let root = pi();
    let machine = Machine::under(root.path());
    let file = machine.path("/dev/i2c-1");
    let gid = std::os::unix::fs::MetadataExt::gid(&fs::metadata(&file).unwrap());
    fs::create_dir_all(root.path().join("etc")).unwrap();
    fs::write(root.path().join("etc/group"), format!("root:x:0:\ni2c:x:{gid}:eg\n")).unwrap();

    let denied = machine.no_access(&file, &io::ErrorKind::PermissionDenied.into());
    let broken = machine.no_access(&file, &io::ErrorKind::NotFound.into());

    let wanted = (gid != 0).then(|| "i2c".to_owned());
    assert_eq!((denied.group, broken.group), (wanted, None));
}

#[test]
fn keyboards_are_told_from_power_buttons_and_mice() {
    let (survey, _) = found(&[], &[]);

    let names: Vec<_> = survey.keyboards.iter().map(|it| (&*it.keyboard, &*it.path)).collect();
    assert_eq!(names, [("Arcade \"Encoder\"", "/dev/input/event3")]);
}

#[test]
fn serial_ports_go_by_the_name_that_stays_and_a_console_is_told() {
    let (survey, _) = found(&[], &[]);

    let ports: Vec<_> = survey.serial.iter().map(|it| (&*it.port, it.console)).collect();
    assert_eq!(ports, [("/dev/ttyAMA0", true), ("/dev/serial/by-id/usb-1a86-reader", false)]);
}

#[test]
fn lines_in_use_are_told_with_who_holds_them_and_a_linked_chip_once() {
    let (survey, _) = found(&[], &[]);

    assert_eq!(survey.gpio.len(), 1);
    let held: Vec<_> = survey.gpio[0].held().map(|(line, by)| (&*line.name, by)).collect();
    assert_eq!(held, [("GPIO1", "eg:slot-01/panel")]);
}

#[test]
fn what_is_printed_can_stand_in_a_slots_file() {
    let (survey, _) = found(&[], &[0x20, 0x24, 0x2e, 0x34, 0x3c, 0x48, 0x5a, 0x70]);
    let yaml = snippet(&survey);
    let slot = format!("slot: slot-01\ncore: {{ host: core.local }}\nhal: sim\n{yaml}");

    let read = read_slot(Source::text("slot.yaml", slot.as_str()), &Overrides::default());

    let slot = read.unwrap_or_else(|problems| panic!("{problems}\n{yaml}"));
    assert_eq!(slot.devices.len(), 9, "{yaml}");
}

#[test]
fn every_way_that_is_printed_as_a_remark_can_stand_there_too() {
    let (survey, _) = found(&[], &[0x20, 0x24, 0x34, 0x3a, 0x3c, 0x48, 0x5a, 0x70]);
    let yaml = snippet(&survey);
    let lines: Vec<_> = yaml.lines().map(|line| line.trim_start_matches(['#', ' '])).collect();
    let blocks: Vec<_> = lines.windows(2).filter(|pair| pair[0].starts_with("driver:")).collect();

    let head = "slot: slot-01\ncore: { host: core.local }\nhal: sim\ndevices:\n  it:";
    for pair in &blocks {
        let slot = format!("{head}\n    {}\n    {}\n", pair[0], pair[1]);
        let read = read_slot(Source::text("slot.yaml", slot.as_str()), &Overrides::default());
        assert!(read.is_ok(), "{:?}\n{slot}", read.err().map(|problems| problems.to_string()));
    }

    let kinds = blocks.iter().map(|pair| pair[0]).collect::<std::collections::BTreeSet<_>>();
    let declared = Catalog::linked();
    let declared = declared.iter().filter(|known| !known.entry.attachments.is_empty()).count();
    assert_eq!(kinds.len(), declared, "{yaml}");
}

#[test]
fn a_machine_without_anything_prints_a_file_without_devices() {
    let root = tempfile::tempdir().unwrap();
    let machine = Machine::under(root.path());

    let survey =
        Survey::of(&machine, &mut FakeWires::default(), &Catalog::linked(), Asked::Headers);

    assert_eq!(snippet(&survey), "devices: {}\n");
}

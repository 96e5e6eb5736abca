//! Every cause that the slot's page shows is told in French on a French page.

use crate::outbox::Health;
use crate::slot::TouchError;
use eg_hal::{BoardError, DeviceError, KeyError, LineError, SerialError, SpiError};
use eg_mqtt::{DisconnectError, Refusal};
use std::io;

/// Lists the causes that boards, drivers, disk and network tell, each kind once.
fn causes() -> Vec<String> {
    let absent = "it does not exist; is it plugged in and enabled?".to_owned();
    let system = |number| io::Error::from_raw_os_error(number).to_string();
    let boards = [
        BoardError::Refused { what: "port /dev/ttyUSB0".to_owned(), cause: absent },
        BoardError::Refused { what: "/dev/i2c-1".to_owned(), cause: system(system_errors::EBUSY) },
        BoardError::Unsupported { backend: "sim", what: "camera" },
        BoardError::Unknown { kind: "line", name: "C".to_owned(), known: "A, B".to_owned() },
    ];
    // As embedded-hal says it.
    let bus = [
        "Bus error occurred",
        "The arbitration was lost",
        "The device did not acknowledge its address",
        "The device did not acknowledge the data",
        "The device did not acknowledge its address or the data",
        "The peripheral receive buffer was overrun",
        "A different error occurred. The original error may contain more information",
    ];
    let bus = bus.map(|kind| format!("i2c-1 address 0x20: {kind}"));
    let cause = || system(system_errors::EIO);
    let devices = [
        DeviceError::Line(LineError { line: "GPIO5".to_owned(), cause: cause() }),
        DeviceError::Spi(SpiError { select: "spi0.0".to_owned(), cause: cause() }),
        DeviceError::Serial(SerialError { port: "/dev/ttyUSB0".to_owned(), cause: cause() }),
        DeviceError::Keys(KeyError { keyboard: "/dev/input/event0".to_owned(), cause: cause() }),
        DeviceError::Unexpected { expected: "a PN532", found: "0x00".to_owned() },
        DeviceError::Panicked("index out of bounds".to_owned()),
    ];
    let refused = || io::Error::from_raw_os_error(system_errors::ECONNREFUSED);
    let links = [
        DisconnectError::Connect { address: "192.168.1.27:1883".to_owned(), source: refused() },
        DisconnectError::NoAnswer,
        DisconnectError::Refused(Refusal::NotAuthorized),
        DisconnectError::Closed,
        DisconnectError::Silent,
    ];
    let health = Health {
        lost: 3,
        in_memory: 2,
        trouble: Some("database or disk is full".to_owned()),
        set_aside: Some("/var/lib/eg/outbox.bad".into()),
        new_dead_letters: 1,
        ..Health::default()
    };
    let mut all: Vec<String> = Vec::new();
    all.extend(boards.iter().map(ToString::to_string));
    all.extend(bus);
    all.extend(devices.iter().map(ToString::to_string));
    all.extend(links.iter().map(ToString::to_string));
    all.extend(
        [
            "the broker is there, and the core has not answered yet",
            "the core is silent; does it still run",
        ]
        .map(str::to_owned),
    );
    all.extend(health.error());
    all.push(TouchError::Real.to_string());
    all.push("the slot is stopping, nothing is taken any more".to_owned());
    all.push("panel is not open yet, press again in a moment".to_owned());
    all.push(super::guard::OTHER_HOST.to_owned());
    all.push(super::guard::OTHER_SITE.to_owned());
    all
}

/// Numbers of the system's errors on Linux.
mod system_errors {
    pub(super) const EIO: i32 = 5;
    pub(super) const EBUSY: i32 = 16;
    pub(super) const ECONNREFUSED: i32 = 111;
}

#[test]
fn every_cause_on_the_page_is_told_in_french() {
    let causes = causes();
    assert!(causes.len() > 20, "{}", causes.len());

    let english: Vec<_> = causes
        .iter()
        .map(|cause| eg_page::say(cause.as_str()).fr)
        .filter(|french| french.contains("(en anglais)"))
        .collect();

    assert_eq!(english, Vec::<String>::new());
}

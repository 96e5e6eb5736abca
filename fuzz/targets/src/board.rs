//! Boards: what a chip, a line, a reader or a keyboard sends to its driver.

mod noise;

use eg_agent::config::{Hal, Overrides, read_slot};
use eg_config::Source;
use eg_hal::scan::{Scan, Settings};
use eg_hal::{Board, Channel, Claims, Moment, Output, Readings, Set};
use noise::Noise;
use std::sync::OnceLock;
use std::time::Duration;

/// Slots whose boards are opened, one of each driver.
const SLOTS: [&str; 21] = [
    include_str!("../../../configs/boards/ads1115.yaml"),
    include_str!("../../../configs/boards/hc165.yaml"),
    include_str!("../../../configs/boards/ht16k33.yaml"),
    include_str!("../../../configs/boards/lcd1602.yaml"),
    include_str!("../../../configs/boards/matrix-keypad.yaml"),
    include_str!("../../../configs/boards/max7219.yaml"),
    include_str!("../../../configs/boards/mcp23017.yaml"),
    include_str!("../../../configs/boards/mcp23s17.yaml"),
    include_str!("../../../configs/boards/mfrc522.yaml"),
    include_str!("../../../configs/boards/mpr121.yaml"),
    include_str!("../../../configs/boards/pcf8574.yaml"),
    include_str!("../../../configs/boards/pn532.yaml"),
    include_str!("../../../configs/boards/relay.yaml"),
    include_str!("../../../configs/boards/rotary.yaml"),
    include_str!("../../../configs/boards/scanners.yaml"),
    include_str!("../../../configs/boards/seesaw.yaml"),
    include_str!("../../../configs/boards/ssd1306.yaml"),
    include_str!("../../../configs/boards/tca8418.yaml"),
    include_str!("../../../configs/boards/tm1637.yaml"),
    include_str!("../../../configs/boards/ws2812.yaml"),
    include_str!("../../../configs/slots/slot-01.yaml"),
];
/// Calls of an opened device.
const READS: u32 = 12;

fn slots() -> &'static [eg_agent::config::SlotConfig] {
    static READ: OnceLock<Vec<eg_agent::config::SlotConfig>> = OnceLock::new();
    READ.get_or_init(|| {
        let overrides = Overrides { hal: Some(Hal::Sim), ..Overrides::default() };
        let read = |text: &&str| read_slot(Source::text("slot.yaml", *text), &overrides).unwrap();
        SLOTS.iter().map(read).collect()
    })
}

/// Opens a board, reads it and writes to it, while everything that it hears is arbitrary: registers, frames, levels and
/// edges, keys, and errors of the bus.
///
/// An input is a byte that chooses the board, and the bytes of its wires.
pub(crate) fn driver(input: &[u8]) {
    let Some((which, bytes)) = input.split_first() else { return };
    let devices: Vec<_> = slots()
        .iter()
        .flat_map(|slot| slot.devices.iter().map(move |device| (slot, device)))
        .collect();
    let (slot, device) = devices[usize::from(*which) % devices.len()];
    let (noise, claims) = (Noise::new(bytes), Claims::default());
    let safe = device.safe_levels();
    let mut board = Board::new("fuzz", &noise, &claims, &safe);
    let opened = (device.entry.open)(&slot.source, &device.config_path, &mut board);
    let Ok(mut opened) = opened else { return };
    let mut readings = Readings::new(Moment::default(), eg_hal::Source::Poll, 0);
    for turn in 0..READS {
        let now = noise.moment();
        readings.begin(now, eg_hal::Source::Poll, 0);
        if opened.read(&mut readings).is_err() {
            return;
        }
        readings.end(now);
        readings.drain().for_each(drop);
        drop(readings.take_noise());
        let _ = opened.wake();
        let set = match turn % 4 {
            0 => Set::On,
            1 => Set::Level(0.5),
            2 => Set::Text(String::from_utf8_lossy(&bytes[..bytes.len().min(64)]).into_owned()),
            _ => Set::Rgb([1, 2, 3]),
        };
        let _ = opened.write(Output { channel: turn as Channel % 4, set });
    }
}

/// Ways in which a reader's codes end.
const CODES: [&str; 7] = [
    "{}",
    "{\"gives\":\"line\"}",
    "{\"gives\":\"key\"}",
    "{\"length\":10,\"checksum\":\"strip\"}",
    "{\"prefix\":\"]E0\",\"suffix\":\"#\"}",
    "{\"timeout\":\"50ms\"}",
    "{\"gives\":\"line\",\"length\":13}",
];

/// Takes the bytes of a reader on a serial port or a keyboard, with silences between them.
///
/// An input is a byte that chooses the settings, and pairs of a byte and a silence before it, in milliseconds.
pub(crate) fn scan(input: &[u8]) {
    let Some((which, bytes)) = input.split_first() else { return };
    let settings: Settings =
        serde_json::from_str(CODES[usize::from(*which) % CODES.len()]).unwrap();
    let mut scan = Scan::new(settings).ok().unwrap();
    let mut now = Moment::default();
    let mut heard = 0;
    for pair in bytes.chunks(2) {
        let silence = pair.get(1).copied().filter(|silence| *silence >= 128).unwrap_or(0);
        now = now + Duration::from_millis(silence.into());
        heard += scan.push(pair[0], now).count();
    }
    heard += usize::from(scan.rest(now + Duration::from_secs(10)).is_some());
    assert!(heard <= 2 * bytes.len() + 1, "{heard} codes of {} bytes", bytes.len());
}

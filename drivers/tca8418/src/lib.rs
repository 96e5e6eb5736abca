//! Keypads behind the I2C keypad controller TCA8418, which scans, debounces and queues on its own.

mod chip;
mod model;

use chip::{Chip, Events};
use eg_hal::prelude::*;
use eg_hal::{Edge, Interrupt, Looks, OpenError};
use model::Keypad;
use std::time::Duration;

/// The chip has no pins for another one (SCPS215G, section 8.5.1).
const ADDRESS: u8 = 0x34;
/// Between two looks at a chip that cannot call: its queue holds ten events, five presses.
const POLL: Duration = Duration::from_millis(10);

/// `config:` of a `tca8418`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The bus it is on, e.g. `i2c-1`. Its address is always 0x34.
    bus: BusName,
    /// How many rows the keypad has, from ROW0 on: 1 to 8.
    rows: u8,
    /// How many columns it has, from COL0 on: 1 to 10.
    columns: u8,
    /// The line that INT is wired to. Without it the chip is asked every 10 ms.
    int: Option<LineName>,
}

/// An opened keypad.
pub struct Tca8418 {
    chip: Chip,
    int: Interrupt,
    columns: u8,
    /// The keys, row by row: whether each is down.
    down: Vec<bool>,
    started: bool,
}

impl Driver for Tca8418 {
    const KIND: &'static str = "tca8418";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { bus, rows, columns, int } = config;
        let mut wrong = SettingProblems::default();
        for (field, count, most) in [("rows", rows, 8), ("columns", columns, 10)] {
            if !(1..=most).contains(&count) {
                wrong.push(field, format!("1 to {most}, not {count}"));
            }
        }
        board.refuse(wrong)?;
        let int = board.interrupt(int.as_ref())?;
        let chip = Chip::set_up(board.i2c(&bus, ADDRESS)?, rows, columns)?;
        let down = vec![false; usize::from(rows) * usize::from(columns)];
        Ok(Self { chip, int, columns, down, started: false })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let Config { bus, rows, columns, int } = config;
        let keypad = Keypad::new(*rows, *columns, int.as_ref().map(|line| bench.wire(line)));
        bench.attach_i2c(bus, ADDRESS, keypad.chip());
        Box::new(keypad)
    }
}

impl Tca8418 {
    /// Takes over what the chip queued. The first event is the one that it called for.
    fn tell(&mut self, events: &Events, mut call: Option<Edge>, readings: &mut Readings) {
        if events.lost && self.started {
            // Which keys lost something, nobody knows. One that was down and has no later event counts as up: held down
            // for ever it would hide its next press.
            for (channel, down) in (0..).zip(&mut self.down) {
                readings.push(channel, Reading::Lost(1));
                if std::mem::take(down) {
                    readings.level(channel, false);
                }
            }
            call = None;
        }
        // A read that began before the call has no later moment for what it found.
        let late = call.filter(|edge| edge.at > readings.now());
        for key in &events.keys {
            let number = usize::from(key.row) * usize::from(self.columns) + usize::from(key.column);
            let (Some(down), Ok(channel)) = (self.down.get_mut(number), Channel::try_from(number))
            else {
                continue;
            };
            *down = key.down;
            match call.take().or(late) {
                _ if !self.started => {}
                Some(edge) => readings.edge(channel, Edge { high: key.down, ..edge }),
                None => readings.level(channel, key.down),
            }
        }
    }
}

impl Device for Tca8418 {
    fn wake(&self) -> Wake {
        self.int.wake(POLL)
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let mut looks = Looks::default();
        while let Some(call) = self.int.next_look(&mut looks)? {
            let events = self.chip.events()?;
            self.tell(&events, call, readings);
        }
        if !self.started {
            (0..).zip(&self.down).for_each(|(channel, down)| readings.level(channel, *down));
            self.started = true;
        }
        Ok(())
    }

    fn channels(&self) -> Channels {
        Channels::of(self.down.len(), 0)
    }
}

eg_hal::register!(Tca8418);

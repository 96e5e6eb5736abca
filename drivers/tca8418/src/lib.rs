//! Keypads behind the I2C keypad controller TCA8418, which scans, debounces and queues on its own.

mod chip;
mod model;

use chip::{Chip, Error, Events};
use eg_hal::prelude::*;
use model::Keypad;
use std::time::Duration;

/// The chip has no pins for another one (SCPS215G, section 8.5.1).
const ADDRESS: u8 = 0x34;
/// Between two looks at a chip that cannot call: its queue holds ten events, five presses.
const POLL: Duration = Duration::from_millis(10);
/// Number of looks after the last event at which nothing of a scan is still to come.
const WHOLE: u8 = 10;

/// `config:` of a `tca8418`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Bus of the chip, e.g. `i2c-1`. Its address is always 0x34.
    bus: BusName,
    /// Number of rows of the keypad, from ROW0 on: 1 to 8.
    rows: u8,
    /// Number of columns, from COL0 on: 1 to 10.
    columns: u8,
    /// The line that INT is wired to. Without it the chip is asked every 10 ms.
    int: Option<LineName>,
    /// `true` if every key has a diode of its own, so that none is a ghost of others that are down. A keypad that shows
    /// three keys of a rectangle without the fourth for 100 ms has, whatever stands here.
    #[serde(default)]
    diodes: bool,
}

/// An opened keypad.
pub struct Tca8418 {
    chip: Chip<I2cBus>,
    int: Interrupt,
    columns: u8,
    diodes: bool,
    /// The keys that the chip says are down, by row: bit n is column n. Ghosts are among them.
    seen: Vec<u16>,
    /// The keys that are surely down, and those that may be ghosts.
    state: MatrixState,
    levels: LevelTracker,
    /// Looks since the last event while the chip has not told the whole of a scan.
    doubts: Option<u8>,
    /// Events were lost since all keys were up last: what the chip told is no whole scan.
    lossy: bool,
    started: bool,
}

impl Driver for Tca8418 {
    const KIND: &'static str = "tca8418";
    const ATTACHMENTS: &'static [Attachment] =
        &[Attachment::i2c("TCA8418", 0x34..=0x34).with("rows: 4, columns: 4")];
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { bus, rows, columns, int, diodes } = config;
        let mut wrong = SettingProblems::default();
        for (field, count, most) in [("rows", rows, 8), ("columns", columns, 10)] {
            if !(1..=most).contains(&count) {
                wrong.push(field, format!("1 to {most}, not {count}"));
            }
        }
        board.refuse(wrong)?;
        let int = board.interrupt(int.as_ref())?;
        let chip = Chip::set_up(board.i2c(&bus, ADDRESS)?, rows, columns);
        let chip = chip.map_err(DeviceError::from)?;
        let seen = vec![0; rows.into()];
        let state = MatrixState::with_diodes(&seen);
        let (levels, doubts, lossy, started) = (LevelTracker::default(), None, false, false);
        Ok(Self { chip, int, columns, diodes, seen, state, levels, doubts, lossy, started })
    }

    /// The chip debounces for 25 ms (SCPS215G, section 8.3.1).
    fn input(_: &Config, _: Channel) -> InputTraits {
        InputTraits::CLEAN
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let Config { bus, rows, columns, int, diodes } = config;
        let int = int.as_ref().map(|line| bench.wire(line));
        let keypad = Keypad::new(*rows, *columns, int, *diodes);
        bench.attach_i2c(bus, ADDRESS, keypad.chip());
        Box::new(keypad)
    }
}

impl Tca8418 {
    /// Takes over the events of the queue. The first one is the one that the chip called for.
    fn take_over(&mut self, events: &Events, mut trigger: Trigger, readings: &mut Readings) {
        if events.lost && self.started {
            self.forget(readings);
            trigger = Trigger::Poll;
        }
        let late = trigger.after(readings.now());
        for key in &events.keys {
            let Some(keys) = self.seen.get_mut(usize::from(key.row)) else { continue };
            let bit = 1 << key.column;
            *keys = if key.down { *keys | bit } else { *keys & !bit };
            self.lossy &= self.seen.iter().any(|keys| *keys != 0);
            // A key and the ghost that it makes are two events of one scan.
            let whole = self.diodes || self.lossy || MatrixState::is_closed(&self.seen);
            self.doubts = (!whole).then_some(0);
            let trigger = trigger.take(late);
            if whole {
                self.settle(trigger, readings);
            }
        }
    }

    /// Half a scan that stays half a scan is none: the keys have diodes.
    fn doubt(&mut self, readings: &mut Readings) {
        let Some(looks) = &mut self.doubts else { return };
        *looks += 1;
        if *looks > WHOLE {
            (self.diodes, self.doubts) = (true, None);
            self.settle(Trigger::Poll, readings);
        }
    }

    /// Reports a loss on every key: nobody knows which ones lost something. A key that was down and has no later event
    /// counts as up: held down for ever it would hide its next press.
    fn forget(&mut self, readings: &mut Readings) {
        self.seen.fill(0);
        (self.lossy, self.doubts) = (true, None);
        (0..self.keys()).for_each(|channel| readings.push(channel, Reading::Lost(1)));
        self.settle(Trigger::Poll, readings);
    }

    /// Reports the keys that are surely down now. One that only a diode could tell apart stays as it was.
    fn settle(&mut self, trigger: Trigger, readings: &mut Readings) {
        let now = match self.diodes {
            true => MatrixState::with_diodes(&self.seen),
            false => MatrixState::resolve(&self.seen, &self.state.down),
        };
        let before = std::mem::replace(&mut self.state, now);
        if self.started {
            self.state.report_ghosts(&before.ghosts, self.columns.into(), readings);
            self.levels.report(self.state.levels(self.columns.into()), trigger, readings);
        }
    }

    fn keys(&self) -> Channel {
        Channels::of(self.seen.len() * usize::from(self.columns), 0).inputs
    }
}

impl<E: Into<DeviceError>> From<Error<E>> for DeviceError {
    fn from(error: Error<E>) -> Self {
        match error {
            Error::Bus(error) => error.into(),
            Error::Settings(settings) => Self::unexpected(
                "the settings it was given",
                format!("CFG {settings:#04x}: it lost its supply"),
            ),
        }
    }
}

impl Device for Tca8418 {
    fn wake(&self) -> Wake {
        let doubtful = self.int.is_wired() && self.doubts.is_some();
        if doubtful { Wake::EdgeOrEvery(POLL) } else { self.int.wake(POLL) }
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let mut budget = PollBudget::default();
        while let Some(trigger) = self.int.next_look(&mut budget)? {
            let events = self.chip.events()?;
            self.take_over(&events, trigger, readings);
        }
        self.doubt(readings);
        if !self.started {
            let columns = Channel::from(self.columns);
            self.levels.report(self.state.levels(columns.into()), Trigger::Poll, readings);
            self.state.report_ghosts(&vec![0; self.seen.len()], columns, readings);
            self.started = true;
        }
        Ok(())
    }

    fn channels(&self) -> Channels {
        Channels { inputs: self.keys(), outputs: 0 }
    }
}

eg_hal::register!(Tca8418);

//! A device on the bench for its tests: opened as the host would, poked, and read.

use super::{Bench, Model, Poke, PokeError};
use crate::backend::Backend;
use crate::registry::EntryError;
use crate::{
    Board, Channel, Device, DeviceError, Driver, InputTraits, Noise, Output, Reading, Readings,
    SafeLevels, Sample, Set, Source, Waits,
};
use eg_config::{KeyPath, Problems, Source as File, read_at};

/// A device that was opened on a [`Bench`], with its model at the other end of the wires. Its tests read like somebody
/// at the machine:
///
/// ```
/// # use eg_hal::{prelude::*, sim::Switches};
/// # #[derive(Deserialize, JsonSchema)]
/// # struct Config { line: LineName }
/// # struct BellPush(InputLine);
/// # impl Driver for BellPush {
/// #     const KIND: &'static str = "bell-push";
/// #     type Config = Config;
/// #     fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
/// #         Ok(Self(board.input(&config.line, Pull::Up)?))
/// #     }
/// #     fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
/// #         Box::new(Switches::new([bench.wire(&config.line)]))
/// #     }
/// # }
/// # impl Device for BellPush {
/// #     fn wake(&self) -> Wake { Wake::OnEdge }
/// #     fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
/// #         Ok(readings.line(0, &mut self.0)?)
/// #     }
/// # }
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let bench = Bench::virtual_time();
/// let mut bell = bench.open::<BellPush>("line: GPIO5")?;
/// assert_eq!(bell.read()?, [(0, Reading::Level(true))]);
///
/// bell.poke(0, Poke::Level(false))?;
///
/// assert!(bell.woken());
/// assert_eq!(bell.read()?, [(0, Reading::Level(false))]);
/// # Ok(())
/// # }
/// ```
pub struct Rig<D> {
    device: D,
    model: Box<dyn Model>,
    waits: Waits,
    bench: Bench,
    readings: Readings,
}

impl Bench {
    /// Reads `config` as the `config:` block of a slot's file, attaches the driver's model and opens the device, as the
    /// host does. Its holder is the driver's kind, and its outputs start low.
    ///
    /// # Errors
    /// [`EntryError`], as the host would show it.
    pub fn open<D: Driver>(&self, config: &str) -> Result<Rig<D>, EntryError> {
        self.open_as(D::KIND, &SafeLevels::new(), config)
    }

    /// Reads `config` and tells what an input of such a device is.
    ///
    /// # Errors
    /// The mistakes in `config`.
    pub fn traits<D: Driver>(config: &str, channel: Channel) -> Result<InputTraits, Problems> {
        let file = File::text(format!("{}.yaml", D::KIND), config);
        Ok(D::input(&read_at(&file, &KeyPath::root())?, channel))
    }

    /// As [`open`](Self::open), under a holder's name and with levels for the outputs to start at.
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub fn open_as<D: Driver>(
        &self,
        holder: &str,
        safe: &SafeLevels,
        config: &str,
    ) -> Result<Rig<D>, EntryError> {
        self.open_with(holder, safe, config, config)
    }

    /// As [`open`](Self::open), where the board is another than the slot's file says: its model is made by `board`.
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub fn open_on<D: Driver>(&self, board: &str, config: &str) -> Result<Rig<D>, EntryError> {
        self.open_with(D::KIND, &SafeLevels::new(), board, config)
    }

    fn open_with<D: Driver>(
        &self,
        holder: &str,
        safe: &SafeLevels,
        board: &str,
        config: &str,
    ) -> Result<Rig<D>, EntryError> {
        let read = |text: &str| {
            let file = File::text(format!("{}.yaml", D::KIND), text);
            read_at::<D::Config>(&file, &KeyPath::root())
        };
        let model = D::model(&read(board)?, self);
        let mut board = Board::new(holder, self, self.claims(), safe);
        let device = D::open(read(config)?, &mut board)?;
        let readings = Readings::new(self.now(), Source::Synthetic, 0);
        Ok(Rig { device, model, waits: board.into_waits(), bench: self.clone(), readings })
    }
}

impl<D: Device> Rig<D> {
    /// Does something to the model, as a hand would.
    ///
    /// # Errors
    /// [`PokeError`] when the model has nothing there that takes it.
    pub fn poke(&mut self, channel: Channel, poke: Poke) -> Result<(), PokeError> {
        self.model.poke(channel, &poke)
    }

    /// Reads the device once and tells what it reported, in the order of time.
    ///
    /// # Errors
    /// Whatever the device reports.
    pub fn read(&mut self) -> Result<Vec<(Channel, Reading)>, DeviceError> {
        let samples = self.samples()?.into_iter();
        Ok(samples.map(|Sample { channel, reading, .. }| (channel, reading)).collect())
    }

    /// Reads the device once and gives the whole samples, with their moments.
    ///
    /// # Errors
    /// Whatever the device reports.
    pub fn samples(&mut self) -> Result<Vec<Sample>, DeviceError> {
        self.readings.begin(self.bench.now(), Source::Synthetic, 0);
        self.device.read(&mut self.readings)?;
        Ok(self.readings.drain().collect())
    }

    /// What the device heard and could not use since this was last asked.
    pub fn noise(&mut self) -> Option<Noise> {
        self.readings.take_noise()
    }

    /// Tells the device to set an output.
    ///
    /// # Errors
    /// Whatever the device reports.
    pub fn write(&mut self, channel: Channel, set: Set) -> Result<(), DeviceError> {
        self.device.write(Output { channel, set })
    }

    /// What an output shows to somebody in the room, as far as the model follows it.
    pub fn shown(&self, channel: Channel) -> Option<Set> {
        self.model.shown(channel)
    }

    /// Whether the host would be woken now: one of the device's descriptors is readable.
    pub fn woken(&self) -> bool {
        self.waits.ready()
    }

    /// The device itself.
    pub fn device(&mut self) -> &mut D {
        &mut self.device
    }
}

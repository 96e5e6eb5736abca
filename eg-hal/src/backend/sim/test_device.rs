//! A device on the bench for its tests: opened as the host would, poked, and read.

use super::{Bench, Fault, Model, Poke, PokeError};
use crate::registry::EntryError;
use crate::{
    Board, Channel, Device, DeviceError, Driver, InputTraits, Noise, Output, Reading, Readings,
    Resource, SafeLevels, Sample, Set, Source, Waits,
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
pub struct TestDevice<D> {
    device: D,
    model: Box<dyn Model>,
    waits: Waits,
    bench: Bench,
    readings: Readings,
    place: OpenSettings,
}

/// Settings that a device is opened with.
struct OpenSettings {
    holder: String,
    safe: SafeLevels,
    config: File,
}

impl Bench {
    /// Reads `config` as the `config:` block of a slot's file, attaches the driver's model and opens the device, as the
    /// host does. Its holder is the driver's kind, and its outputs start low.
    ///
    /// # Errors
    /// [`EntryError`], as the host would show it.
    pub fn open<D: Driver>(&self, config: &str) -> Result<TestDevice<D>, EntryError> {
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
    ) -> Result<TestDevice<D>, EntryError> {
        self.open_with(holder, safe, config, config)
    }

    /// As [`open`](Self::open), where the board is another than the slot's file says: its model is made by `board`.
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub fn open_on<D: Driver>(
        &self,
        board: &str,
        config: &str,
    ) -> Result<TestDevice<D>, EntryError> {
        self.open_with(D::KIND, &SafeLevels::new(), board, config)
    }

    fn open_with<D: Driver>(
        &self,
        holder: &str,
        safe: &SafeLevels,
        board: &str,
        config: &str,
    ) -> Result<TestDevice<D>, EntryError> {
        let file = |text: &str| File::text(format!("{}.yaml", D::KIND), text);
        let model = D::model(&read_at::<D::Config>(&file(board), &KeyPath::root())?, self);
        let place =
            OpenSettings { holder: holder.to_owned(), safe: safe.clone(), config: file(config) };
        TestDevice::open(self.clone(), place, model)
    }
}

impl<D: Driver> TestDevice<D> {
    fn open(bench: Bench, place: OpenSettings, model: Box<dyn Model>) -> Result<Self, EntryError> {
        let config = read_at(&place.config, &KeyPath::root())?;
        let mut board = Board::new(place.holder.as_str(), &bench, bench.claims(), &place.safe);
        let device = D::open(config, &mut board)?;
        let waits = board.into_waits();
        let readings = Readings::new(bench.now(), Source::Synthetic, 0);
        Ok(Self { device, model, waits, bench, readings, place })
    }

    /// Closes the device and opens it again on the board as it now is, as the host does after an error: the chips keep their
    /// registers, and what a hand holds stays held.
    ///
    /// # Errors
    /// As for [`Bench::open`].
    pub fn reopen(self) -> Result<Self, EntryError> {
        let Self { device, model, waits, bench, place, .. } = self;
        drop((device, waits));
        Self::open(bench, place, model)
    }
}

impl<D: Device> TestDevice<D> {
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

    /// Takes what the device heard and could not use since the last call.
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

    /// Gives the state of an output as somebody in the room sees it, if the model follows it.
    pub fn shown(&self, channel: Channel) -> Option<Set> {
        self.model.shown(channel)
    }

    /// Takes the supply away from every chip that the device holds, for a moment: their registers are as after power-on.
    pub fn brown_out(&self) {
        let held = self.bench.claims().held().into_iter();
        for (what, _) in held.filter(|(_, holder)| *holder == self.place.holder) {
            let fault = match what {
                Resource::Address(bus, address) => Fault::BrownOut(bus, address),
                Resource::Spi(select) => Fault::SpiBrownOut(select),
                Resource::Line(_) | Resource::Port(_) => continue,
            };
            // An address where nobody sits has nothing to lose.
            let _ = self.bench.inflict(&fault);
        }
    }

    /// `true` if the host would be woken now: one of the device's descriptors is readable.
    pub fn woken(&self) -> bool {
        self.waits.ready()
    }

    /// The device itself.
    pub fn device(&mut self) -> &mut D {
        &mut self.device
    }
}

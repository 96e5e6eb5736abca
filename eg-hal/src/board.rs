//! Boards: lines, buses and ports, each claimed for one device at a time.

mod bus;
mod claim;
mod delay;
mod edge;
mod error;
mod header;
mod interrupt;
mod keys;
mod known_names;
mod line;
mod line_config;
mod name;
mod resource;
mod serial;
mod spi_config;
mod trial;

pub use bus::{I2cBus, SpiBus, SpiDevice};
pub use claim::{Claim, Claims};
pub use delay::Delay;
pub use edge::{Edge, KeyEdge};
pub use error::{BoardError, BusError, KeyError, LineError, SerialError, SpiError};
pub use interrupt::{Interrupt, PollBudget, Trigger};
pub use keys::KeyReader;
pub use line::{InputLine, OutputLine};
pub use line_config::{Drive, InputConfig, OutputConfig, Pull};
pub(crate) use name::Hop;
pub use name::{BusName, LineName, PortName, SpiName};
pub use resource::Resource;
pub use serial::SerialPort;
pub use spi_config::{BitOrder, SpiConfig};

use crate::backend::Backend;
use crate::backend::switch::Switched;
use crate::{Channel, OpenError, Waits};
use std::collections::BTreeMap;
use std::os::fd::BorrowedFd;

/// The level, by output channel, at which each output line is requested: its safe state with polarity applied;
/// `true` is high. A channel that is not named starts low.
pub type SafeLevels = BTreeMap<Channel, bool>;

/// One device's way to the hardware while it opens.
pub struct Board<'a> {
    holder: String,
    backend: &'a dyn Backend,
    claims: &'a Claims,
    safe: &'a SafeLevels,
    waits: Waits,
    /// Refusals so far, on a board that is tried.
    refused: Option<Vec<OpenError>>,
}

impl<'a> Board<'a> {
    /// Opens the board for one device. `holder` is how a refusal and the kernel's consumer label name it,
    /// e.g. `slot-01/panel`.
    pub fn new(
        holder: impl Into<String>,
        backend: &'a dyn Backend,
        claims: &'a Claims,
        safe: &'a SafeLevels,
    ) -> Self {
        let (holder, waits) = (holder.into(), Waits::default());
        Self { holder, backend, claims, safe, waits, refused: None }
    }

    /// Claims an input line. Its edges are queued from now on.
    ///
    /// # Errors
    /// [`BoardError::Unknown`] when there is no such line, [`BoardError::Taken`] when another device holds it.
    pub fn input(
        &mut self,
        line: &LineName,
        config: impl Into<InputConfig>,
    ) -> Result<InputLine, BoardError> {
        let config = config.into();
        self.claim_input(line, config).or_else(|refusal| {
            self.note(refusal)?;
            self.spare_input(config)
        })
    }

    fn claim_input(
        &mut self,
        line: &LineName,
        config: InputConfig,
    ) -> Result<InputLine, BoardError> {
        let line = on_header(line)?;
        let claim = self.claims.claim(Resource::Line(line.clone()), &self.holder)?;
        let port = self.backend.input(&line, config, &self.consumer())?;
        self.watch(port.fd())?;
        Ok(InputLine::new(port, claim))
    }

    /// Claims an output line for one of the device's output channels. It is driven to that channel's safe level from
    /// the first moment on.
    ///
    /// # Errors
    /// As for [`input`](Self::input).
    pub fn output(&mut self, line: &LineName, channel: Channel) -> Result<OutputLine, BoardError> {
        self.output_at(line, self.safe_level(channel))
    }

    /// The same for a line that makes its levels otherwise, such as open-drain.
    ///
    /// # Errors
    /// As for [`input`](Self::input).
    pub fn output_driven(
        &mut self,
        line: &LineName,
        channel: Channel,
        drive: Drive,
    ) -> Result<OutputLine, BoardError> {
        self.drive(line, OutputConfig { high: self.safe_level(channel), drive })
    }

    /// Claims an output line that is none of the device's output channels as it stands, e.g. a row of a key matrix. It is
    /// driven to this level from the first moment on; `true` is high.
    ///
    /// # Errors
    /// As for [`input`](Self::input).
    pub fn output_at(&mut self, line: &LineName, high: bool) -> Result<OutputLine, BoardError> {
        self.drive(line, OutputConfig { high, drive: Drive::PushPull })
    }

    fn drive(&mut self, line: &LineName, config: OutputConfig) -> Result<OutputLine, BoardError> {
        self.claim_output(line, config).or_else(|refusal| {
            self.note(refusal)?;
            self.spare_output(config)
        })
    }

    fn claim_output(
        &mut self,
        line: &LineName,
        config: OutputConfig,
    ) -> Result<OutputLine, BoardError> {
        let line = on_header(line)?;
        let claim = self.claims.claim(Resource::Line(line.clone()), &self.holder)?;
        let port = self.backend.output(&line, config, &self.consumer())?;
        Ok(OutputLine::new(port, config.high, claim))
    }

    /// Pauses for chips that need one between two transfers. On a simulated board they take its time, which is virtual in a
    /// test: chips there are busy as long as their data sheets say.
    pub fn delay(&self) -> Delay {
        self.backend.delay()
    }

    /// The level at which an output that is no line of its own is to start, such as a pin of an expander; `true` is
    /// high. Bring it there before the pin drives.
    pub fn safe_level(&self, channel: Channel) -> bool {
        self.safe.get(&channel).copied().unwrap_or(false)
    }

    /// Claims one seven-bit address on an I2C bus, which may be behind bus switches: `i2c-1/0x70/3` is channel 3 of the
    /// one at 0x70 of `i2c-1`. What it gives reaches that address alone.
    ///
    /// # Errors
    /// As for [`input`](Self::input).
    pub fn i2c(&mut self, bus: &BusName, address: u8) -> Result<I2cBus, BoardError> {
        let (root, hops) = match bus.known() {
            Ok(way) => way,
            Err(unknown) => {
                self.note(unknown)?;
                (bus.clone(), Vec::new())
            }
        };
        let mut claims = vec![self.claim(Resource::Address(bus.short(), address))?];
        if hops.is_empty() {
            return Ok(I2cBus::new(self.backend.i2c(bus)?, bus.clone(), address, claims));
        }
        for hop in &hops {
            match self.claims.pass_through(hop, &self.holder) {
                Ok(claim) => claims.push(claim),
                Err(taken) => self.note(taken)?,
            }
        }
        let way = self.claims.way(&root.short());
        let port = Switched::new(self.backend.i2c(&root)?, bus.short(), hops, way);
        Ok(I2cBus::new(Box::new(port), bus.clone(), address, claims))
    }

    /// Claims a chip select of an SPI bus.
    ///
    /// # Errors
    /// As for [`input`](Self::input).
    pub fn spi(&mut self, select: &SpiName, config: SpiConfig) -> Result<SpiDevice, BoardError> {
        select.known().or_else(|unknown| self.note(unknown))?;
        let claim = self.claim(Resource::Spi(select.short()))?;
        Ok(SpiDevice::new(self.backend.spi(select, config)?, claim))
    }

    /// Claims a chip select of an SPI bus for a driver that selects its chip by itself, on an output line, as some chip
    /// crates want: the controller leaves the select alone. Nothing else may be on that bus, since transfers of another
    /// device would reach the chip between two of its own.
    ///
    /// # Errors
    /// As for [`input`](Self::input), and [`BoardError::Unsupported`] where the backend cannot.
    pub fn spi_bus(&mut self, select: &SpiName, config: SpiConfig) -> Result<SpiBus, BoardError> {
        select.known().or_else(|unknown| self.note(unknown))?;
        let claim = self.claim(Resource::Spi(select.short()))?;
        Ok(SpiBus::new(self.backend.spi_bus(select, config)?, claim))
    }

    /// Claims a serial port, 8N1 without flow control, and waits for its bytes.
    ///
    /// # Errors
    /// As for [`input`](Self::input).
    pub fn serial(&mut self, port: &PortName, baud: u32) -> Result<SerialPort, BoardError> {
        port.known_port().or_else(|unknown| self.note(unknown))?;
        let claim = self.claim(Resource::Port(port.clone()))?;
        let open = self.backend.serial(port, baud)?;
        self.watch(open.fd())?;
        Ok(SerialPort::new(open, claim))
    }

    /// Claims a keyboard (`/dev/input/event3`, or a device's name) and waits for its keys. With `grab` nobody else on
    /// the machine sees them.
    ///
    /// # Errors
    /// As for [`input`](Self::input).
    pub fn keys(&mut self, keyboard: &PortName, grab: bool) -> Result<KeyReader, BoardError> {
        keyboard.known_keyboard().or_else(|unknown| self.note(unknown))?;
        let claim = self.claim(Resource::Port(keyboard.clone()))?;
        let open = self.backend.keys(keyboard, grab)?;
        self.watch(open.fd())?;
        Ok(KeyReader::new(open, claim))
    }

    /// Gives the descriptors that the opened device waits for. The host keeps them beside the device.
    pub fn into_waits(self) -> Waits {
        self.waits
    }

    fn consumer(&self) -> String {
        format!("eg:{}", self.holder)
    }

    fn watch(&mut self, fd: Option<BorrowedFd<'_>>) -> Result<(), BoardError> {
        fd.map_or(Ok(()), |fd| self.waits.add(fd)).map_err(|cause| BoardError::Refused {
            what: "a descriptor to wait on".to_owned(),
            cause: cause.to_string(),
        })
    }
}

/// The line's one name, by which it is claimed and found.
fn on_header(line: &LineName) -> Result<LineName, BoardError> {
    line.on_header().map_err(|no_line| BoardError::Unknown {
        kind: "line",
        name: line.to_string(),
        known: no_line.known,
    })
}

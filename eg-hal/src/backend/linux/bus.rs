//! I2C through i2c-dev, one open file per device, and SPI through spidev.

use super::error::refused;
use super::joined::joined;
use crate::backend::{I2cPort, SpiPort};
use crate::board::BitOrder;
use crate::{BoardError, BusError, BusName, SpiConfig, SpiError, SpiName};
use embedded_hal::i2c::{self, ErrorKind, NoAcknowledgeSource};
use embedded_hal::spi::{self, Phase, Polarity};
use linux_embedded_hal::spidev::{SpiModeFlags, SpidevOptions};
use linux_embedded_hal::{I2cdev, SpidevDevice};
use rustix::io::Errno;
use std::io;

/// One device's own file on a bus: a shared `I2cdev` would reopen it at every change of address. The kernel serialises
/// transactions among the files.
pub(super) struct I2c {
    bus: String,
    device: I2cdev,
}

impl I2c {
    pub(super) fn open(bus: &BusName) -> Result<Self, BoardError> {
        let path = device_path(bus.as_str(), "");
        let device = I2cdev::new(&path)
            .map_err(|error| refused(format!("I2C bus {path}"), &error.into(), "i2c"))?;
        Ok(Self { bus: bus.to_string(), device })
    }
}

impl I2cPort for I2c {
    fn transaction(
        &mut self,
        address: u8,
        operations: &mut [i2c::Operation<'_>],
    ) -> Result<(), BusError> {
        let done = joined(operations, |messages| {
            i2c::I2c::<u8>::transaction(&mut self.device, address, messages)
        });
        done.map_err(|error| {
            use linux_embedded_hal::i2cdev::linux::LinuxI2CError;
            let errno = match error.inner() {
                LinuxI2CError::Errno(number) => Some(*number),
                LinuxI2CError::Io(error) => error.raw_os_error(),
            };
            BusError { bus: self.bus.clone(), address, kind: kind(errno), claimed: None }
        })
    }
}

/// The kernel's fault codes (Documentation/i2c/fault-codes.rst). The Pi's controller says `EREMOTEIO` when nobody
/// acknowledges; linux-embedded-hal leaves that as `Other`.
fn kind(errno: Option<i32>) -> ErrorKind {
    let Some(errno) = errno.map(Errno::from_raw_os_error) else { return ErrorKind::Other };
    match errno {
        Errno::REMOTEIO => ErrorKind::NoAcknowledge(NoAcknowledgeSource::Unknown),
        Errno::NXIO => ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address),
        Errno::AGAIN => ErrorKind::ArbitrationLoss,
        Errno::OVERFLOW => ErrorKind::Overrun,
        Errno::IO | Errno::BUSY | Errno::INVAL | Errno::TIMEDOUT | Errno::PROTO => ErrorKind::Bus,
        _ => ErrorKind::Other,
    }
}

/// A chip select.
pub(super) struct Spi {
    select: String,
    device: SpidevDevice,
}

impl Spi {
    /// Opens it; `selects` says whether the controller drives the select.
    pub(super) fn open(
        select: &SpiName,
        config: SpiConfig,
        selects: bool,
    ) -> Result<Self, BoardError> {
        let path = device_path(select.as_str(), "dev");
        let what = || format!("SPI chip select {path}");
        let mut device =
            SpidevDevice::open(&path).map_err(|error| refused(what(), error.inner(), "spi"))?;
        let options = SpidevOptions::new()
            .bits_per_word(8)
            .max_speed_hz(config.max_hz)
            .lsb_first(config.order == BitOrder::LsbFirst)
            .mode(
                mode(config.mode)
                    | if selects { SpiModeFlags::empty() } else { SpiModeFlags::SPI_NO_CS },
            )
            .build();
        device.configure(&options).map_err(|error| {
            if error.kind() == io::ErrorKind::InvalidInput {
                let cause = format!("the controller cannot do {config:?}");
                return BoardError::Refused { what: what(), cause };
            }
            refused(what(), &error, "spi")
        })?;
        Ok(Self { select: select.to_string(), device })
    }
}

impl SpiPort for Spi {
    fn transaction(&mut self, operations: &mut [spi::Operation<'_, u8>]) -> Result<(), SpiError> {
        spi::SpiDevice::transaction(&mut self.device, operations).map_err(|error| {
            let too_long = error.inner().raw_os_error() == Some(Errno::MSGSIZE.raw_os_error());
            let cause = if too_long { too_much(operations) } else { error.to_string() };
            SpiError { select: self.select.clone(), cause }
        })
    }
}

/// spidev copies a whole transaction into a buffer of its own, of 4,096 bytes unless the kernel was told otherwise.
fn too_much(operations: &[spi::Operation<'_, u8>]) -> String {
    let length = |operation: &spi::Operation<'_, u8>| match operation {
        spi::Operation::Read(words) => words.len(),
        spi::Operation::Write(words) => words.len(),
        spi::Operation::Transfer(read, write) => read.len().max(write.len()),
        spi::Operation::TransferInPlace(words) => words.len(),
        spi::Operation::DelayNs(_) => 0,
    };
    let wanted: usize = operations.iter().map(length).sum();
    let most = std::fs::read_to_string("/sys/module/spidev/parameters/bufsiz");
    let most = most.as_deref().map_or("4096", str::trim);
    format!(
        "{wanted} bytes in one transaction, the kernel takes {most}; send less at once or boot with spidev.bufsiz={}",
        wanted.next_power_of_two()
    )
}

fn mode(mode: spi::Mode) -> SpiModeFlags {
    let polarity = match mode.polarity {
        Polarity::IdleLow => SpiModeFlags::empty(),
        Polarity::IdleHigh => SpiModeFlags::SPI_CPOL,
    };
    let phase = match mode.phase {
        Phase::CaptureOnFirstTransition => SpiModeFlags::empty(),
        Phase::CaptureOnSecondTransition => SpiModeFlags::SPI_CPHA,
    };
    polarity | phase
}

/// `i2c-1` is `/dev/i2c-1`; `spi0.0` is `/dev/spidev0.0` with `dev` to put in. Paths stay as they are.
fn device_path(name: &str, infix: &str) -> String {
    match name.strip_prefix("spi") {
        _ if name.starts_with('/') => name.to_owned(),
        Some(number) if !number.starts_with(infix) => format!("/dev/spi{infix}{number}"),
        Some(_) | None => format!("/dev/{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{device_path, kind, mode};
    use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource};
    use embedded_hal::spi::{MODE_0, MODE_3};
    use linux_embedded_hal::spidev::SpiModeFlags;
    use rustix::io::Errno;

    #[test]
    fn the_pis_missing_acknowledge_is_one() {
        let raw = |errno: Errno| kind(Some(errno.raw_os_error()));

        assert_eq!(raw(Errno::REMOTEIO), ErrorKind::NoAcknowledge(NoAcknowledgeSource::Unknown));
        assert_eq!(raw(Errno::NXIO), ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address));
        assert_eq!(raw(Errno::TIMEDOUT), ErrorKind::Bus);
        assert_eq!(raw(Errno::AGAIN), ErrorKind::ArbitrationLoss);
        assert_eq!(kind(None), ErrorKind::Other);
    }

    #[test]
    fn short_names_and_paths_mean_the_same_file() {
        assert_eq!(device_path("i2c-1", ""), "/dev/i2c-1");
        assert_eq!(device_path("/dev/i2c-1", ""), "/dev/i2c-1");
        assert_eq!(device_path("spi0.0", "dev"), "/dev/spidev0.0");
        assert_eq!(device_path("spidev0.0", "dev"), "/dev/spidev0.0");
        assert_eq!(device_path("/dev/spidev0.0", "dev"), "/dev/spidev0.0");
    }

    #[test]
    fn modes_are_polarity_and_phase() {
        assert_eq!(mode(MODE_0), SpiModeFlags::empty());
        assert_eq!(mode(MODE_3), SpiModeFlags::SPI_CPOL | SpiModeFlags::SPI_CPHA);
    }
}

//! What only system calls tell of a machine's wires.

use super::lines::{ChipUse, LineUse};
use super::question::Question;
use gpiocdev::Chip;
use i2cdev::core::I2CDevice;
use i2cdev::linux::{LinuxI2CDevice, LinuxI2CError};
use rustix::io::Errno;
use std::io;
use std::path::Path;

/// System calls on the files of buses and chips.
pub trait Wires {
    /// Asks an address of an I2C bus, by the path of its file, and tells whether anybody acknowledged.
    ///
    /// # Errors
    /// The system's, where the bus cannot be asked. `EBUSY`: a driver of the kernel has the address.
    fn ask(&mut self, bus: &Path, address: u8, how: Question) -> io::Result<bool>;

    /// Reads what a GPIO chip is and who holds its lines.
    ///
    /// # Errors
    /// The system's.
    fn chip(&mut self, path: &Path) -> io::Result<ChipUse>;
}

/// The running kernel.
#[derive(Clone, Copy, Debug, Default)]
pub struct KernelWires;

impl Wires for KernelWires {
    fn ask(&mut self, bus: &Path, address: u8, how: Question) -> io::Result<bool> {
        let asked = LinuxI2CDevice::new(bus, address.into()).map_err(of_i2c)?;
        let answered = answer(asked, how);
        match answered {
            Ok(()) => Ok(true),
            Err(error) => {
                let errno = error.raw_os_error().map(Errno::from_raw_os_error);
                match errno {
                    // Nobody acknowledged, in the words of one controller or another (kernel: i2c/fault-codes.rst).
                    Some(Errno::NXIO | Errno::REMOTEIO | Errno::IO | Errno::TIMEDOUT) => Ok(false),
                    _ => Err(error),
                }
            }
        }
    }

    fn chip(&mut self, path: &Path) -> io::Result<ChipUse> {
        let chip = Chip::from_path(path).map_err(of_gpio)?;
        let info = chip.info().map_err(of_gpio)?;
        let line = |offset| {
            let line = chip.line_info(offset).ok()?;
            let holder = line.used.then_some(line.consumer);
            Some(LineUse { offset, name: line.name, holder })
        };
        Ok(ChipUse {
            path: path.to_path_buf(),
            name: info.name,
            label: info.label,
            count: info.num_lines,
            lines: (0..info.num_lines).filter_map(line).collect(),
            refused: None,
        })
    }
}

fn answer(mut chip: LinuxI2CDevice, how: Question) -> io::Result<()> {
    match how {
        Question::ReadByte => chip.smbus_read_byte().map(drop),
        Question::QuickWrite => chip.smbus_write_quick(false),
    }
    .map_err(of_i2c)
}

fn of_i2c(error: LinuxI2CError) -> io::Error {
    match error {
        LinuxI2CError::Errno(number) => io::Error::from_raw_os_error(number),
        LinuxI2CError::Io(error) => error,
    }
}

fn of_gpio(error: gpiocdev::Error) -> io::Error {
    if let gpiocdev::Error::Os(errno) = error {
        return io::Error::from_raw_os_error(errno.0);
    }
    io::Error::other(error)
}

//! A Raspberry Pi's own registers and PWM for the outputs of its header; the kernel for everything else.

mod line;
mod pwm;

use super::linux::Linux;
use super::linux::line::GpioOutput;
use super::{Backend, I2cPort, InputPort, KeyPort, OutputPort, SerialPipe, SpiPort};
use crate::{
    BoardError, BusName, Drive, InputConfig, LineName, Moment, OutputConfig, PortName, SpiConfig,
    SpiName,
};
use line::RppalOutput;
use pwm::Controller;
use rppal::gpio::{self, Gpio};
use rppal::system::DeviceInfo;

/// A Pi's hardware. Inputs, buses and ports are the linux backend's: edges keep the kernel's time, and a write and a read
/// on I2C stay joined by a repeated start, which rppal's own embedded-hal bus parts by a stop.
///
/// Outputs of the header are requested of the kernel too, so that it knows their holder, and are then driven through the
/// registers. GPIO12, 13, 18 and 19 have PWM where the Pi was booted with it (`dtoverlay=pwm-2chan`).
#[derive(Debug)]
pub struct Rppal {
    linux: Linux,
    gpio: Gpio,
    pwm: Option<Controller>,
    model: String,
}

impl Rppal {
    /// Maps the registers.
    ///
    /// # Errors
    /// [`BoardError::Refused`] when this is no Pi, or the user may not.
    pub fn new() -> Result<Self, BoardError> {
        let refused = |cause: String| BoardError::Refused { what: "hal rppal".to_owned(), cause };
        let device = DeviceInfo::new().map_err(|_| {
            refused("this machine is no Raspberry Pi that it knows; say hal: linux".to_owned())
        })?;
        let gpio = Gpio::new().map_err(|error| refused(cause(error)))?;
        let model = device.model().to_string();
        Ok(Self { linux: Linux::new(), gpio, pwm: Controller::of_this_pi(device.soc()), model })
    }

    /// Name of the Pi, e.g. `Raspberry Pi 3 B`.
    pub fn model(&self) -> &str {
        &self.model
    }
}

/// Cause of a failure, and a remedy.
fn cause(error: gpio::Error) -> String {
    match error {
        gpio::Error::PermissionDenied(path) => {
            format!(
                "permission denied on {path}; add the user to group gpio (usermod -aG gpio USER)"
            )
        }
        gpio::Error::PinUsed(pin) => format!("GPIO{pin} is in use in this process"),
        error @ (gpio::Error::UnknownModel
        | gpio::Error::PinNotAvailable(_)
        | gpio::Error::Io(_)
        | gpio::Error::ThreadPanic) => error.to_string(),
    }
}

impl Backend for Rppal {
    fn name(&self) -> &'static str {
        "rppal"
    }

    fn simulated(&self) -> bool {
        false
    }

    fn now(&self) -> Moment {
        self.linux.now()
    }

    fn input(
        &self,
        line: &LineName,
        config: InputConfig,
        consumer: &str,
    ) -> Result<Box<dyn InputPort>, BoardError> {
        self.linux.input(line, config, consumer)
    }

    fn output(
        &self,
        line: &LineName,
        config: OutputConfig,
        consumer: &str,
    ) -> Result<Box<dyn OutputPort>, BoardError> {
        let held = GpioOutput::open(line, config, consumer)?;
        let number = held.gpio_number().filter(|_| config.drive == Drive::PushPull);
        // The registers drive both levels; letting go of a line is the kernel's.
        let Some(number) = number else { return Ok(Box::new(held)) };
        let pin = self.gpio.get(number).map_err(|error| BoardError::Refused {
            what: format!("line {line}"),
            cause: cause(error),
        })?;
        let pwm = self.pwm.as_ref().and_then(|controller| controller.take(number));
        Ok(Box::new(RppalOutput::new(line.to_string(), pin, pwm, held)))
    }

    fn i2c(&self, bus: &BusName) -> Result<Box<dyn I2cPort>, BoardError> {
        self.linux.i2c(bus)
    }

    fn spi(&self, select: &SpiName, config: SpiConfig) -> Result<Box<dyn SpiPort>, BoardError> {
        self.linux.spi(select, config)
    }

    fn spi_bus(&self, select: &SpiName, config: SpiConfig) -> Result<Box<dyn SpiPort>, BoardError> {
        self.linux.spi_bus(select, config)
    }

    fn serial(&self, port: &PortName, baud: u32) -> Result<Box<dyn SerialPipe>, BoardError> {
        self.linux.serial(port, baud)
    }

    fn keys(&self, keyboard: &PortName, grab: bool) -> Result<Box<dyn KeyPort>, BoardError> {
        self.linux.keys(keyboard, grab)
    }
}

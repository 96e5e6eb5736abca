//! Settings of SPI buses.

use embedded_hal::spi::Mode;

/// Settings of an SPI bus for one chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpiConfig {
    /// Clock polarity and phase.
    pub mode: Mode,
    /// The fastest clock it stands, in Hz.
    pub max_hz: u32,
    /// Order in which the bits of a byte are sent.
    pub order: BitOrder,
}

impl SpiConfig {
    /// SPI mode 0, the most significant bit first, at most this many Hz: what most chips want.
    pub const fn mode_0(max_hz: u32) -> Self {
        Self { mode: embedded_hal::spi::MODE_0, max_hz, order: BitOrder::MsbFirst }
    }
}

/// Order in which the bits of a byte are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BitOrder {
    /// The most significant.
    #[default]
    MsbFirst,
    /// The least significant.
    LsbFirst,
}

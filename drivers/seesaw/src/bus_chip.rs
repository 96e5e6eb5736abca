//! Seesaw chip on a bus of a board, as the parts of a console use it.

use crate::chip::Chip;
use eg_hal::prelude::*;

/// Chip at an address of a board's bus, with the board's pauses.
pub(crate) type BusChip = Chip<I2cBus, Delay>;

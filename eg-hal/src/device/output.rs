//! Requests to the outputs of a device.

use super::Channel;
use crate::Set;

/// One thing a device is told to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// Number of the output.
    pub channel: Channel,
    /// State that it shall take. For a two-state line [`Set::On`] is high: polarity has been applied.
    pub set: Set,
}

//! Channels: the inputs and outputs of a device by their numbers.

/// Number of an input or an output on a device, in datasheet order from 0. Inputs and outputs count apart.
pub type Channel = u16;

/// Number of channels of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channels {
    /// Inputs are numbered 0 up to and without this.
    pub inputs: Channel,
    /// Outputs likewise.
    pub outputs: Channel,
}

impl Channels {
    /// Channels of a device that does not say: any may exist.
    pub const UNKNOWN: Self = Self { inputs: Channel::MAX, outputs: Channel::MAX };

    /// Makes this many inputs and outputs.
    pub fn of(inputs: usize, outputs: usize) -> Self {
        let count = |channels| Channel::try_from(channels).unwrap_or(Channel::MAX);
        Self { inputs: count(inputs), outputs: count(outputs) }
    }
}

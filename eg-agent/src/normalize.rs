//! From raw samples to what they mean: polarity, debounce, gestures, names, faults.
//!
//! Pure: time is an argument. The host feeds it what a device read, ticks it when [`Normalizer::deadline`] has come,
//! and sends on the [`Action`]s it pushes.
//!
//! This is the one place that knows polarity. Before it there are levels, after it there is meaning.

mod polarity;

use crate::config::DeviceConfig;
use eg_hal::{Moment, Sample};
use eg_proto::{EventKind, InputName, Source};

/// Something that happened at an input, ready to be numbered.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// Which input. What concerns the whole device, such as a snapshot, names its first input.
    pub input: InputName,
    /// What happened.
    pub kind: EventKind,
    /// When, in the slot's clock.
    pub at: Moment,
    /// The true moment lies within ± this many microseconds.
    pub unc_us: u64,
    /// What stamped it.
    pub src: Source,
}

/// One device's inputs.
#[derive(Debug)]
pub struct Normalizer {}

impl Normalizer {
    /// For the inputs of one device, of which nothing is known yet: their first levels make a snapshot, no press.
    pub fn new(device: &DeviceConfig) -> Self {
        let _ = device;
        todo!()
    }

    /// Takes one sample, in the order of time, and pushes what it means. Samples of channels without a name are ignored.
    pub fn feed(&mut self, sample: Sample, actions: &mut Vec<Action>) {
        let _ = (sample, actions);
        todo!()
    }

    /// Pushes what has become due. To be called after every pass over a device, and when [`deadline`](Self::deadline)
    /// has come, then after another read, so that edges from before the deadline are known.
    pub fn tick(&mut self, now: Moment, actions: &mut Vec<Action>) {
        let _ = (now, actions);
        todo!()
    }

    /// When [`tick`](Self::tick) has something to do next; `None` when only a sample will tell.
    pub fn deadline(&self) -> Option<Moment> {
        todo!()
    }

    /// The device is gone, or was opened anew. Nothing becomes due until it has told its levels again; those make a
    /// snapshot where they changed, and a release where an input was pressed, never a press.
    pub fn silence(&mut self, actions: &mut Vec<Action>) {
        let _ = actions;
        todo!()
    }

    /// All levels now, for one who asks.
    pub fn snapshot(&self, at: Moment) -> Option<Action> {
        let _ = at;
        todo!()
    }
}

//! Turns raw samples into what they mean: polarity, debounce, gestures, names, faults.
//!
//! Pure: time is an argument. The host feeds it what a device read, ticks it when [`Normalizer::deadline`] has come,
//! and sends on the [`Action`]s it pushes. What is pushed depends on the samples and their moments alone, not on how
//! late it is ticked.
//!
//! This is the one place that knows polarity. Before it there are levels, after it there is meaning.

mod action;
mod debounce;
mod faults;
mod field;
mod gesture;
mod input;
mod memory;
mod polarity;
#[cfg(test)]
mod tests;

pub use action::Action;

pub(crate) use memory::Memory;

use crate::config::DeviceConfig;
use debounce::Stamp;
use eg_hal::{Moment, Sample};
use eg_proto::Source;
use input::InputNormalizer;

/// One device's inputs.
#[derive(Debug)]
pub struct Normalizer {
    inputs: Vec<InputNormalizer>,
}

impl Normalizer {
    /// Makes the normalizer of one device, of whose inputs nothing is known yet: their first levels make a snapshot, no
    /// press.
    pub fn new(device: &DeviceConfig) -> Self {
        Self { inputs: device.inputs.iter().map(InputNormalizer::new).collect() }
    }

    /// Takes one sample, in the order of time, and pushes what it means. Samples of channels without a name are ignored.
    pub fn feed(&mut self, sample: Sample, actions: &mut Vec<Action>) {
        let Sample { channel, reading, at, unc_us, src } = sample;
        self.settle(at, actions);
        if let Some(input) = self.inputs.iter_mut().find(|input| input.channel() == channel) {
            input.feed(reading, Stamp { at, unc_us, src }, actions);
        }
    }

    /// Pushes what has become due. To be called after every pass over a device. When the [`deadline`](Self::deadline)
    /// woke the host, it reads the device first, so that edges from before the deadline are known.
    pub fn tick(&mut self, now: Moment, actions: &mut Vec<Action>) {
        self.settle(now, actions);
        let taken_over: Option<Stamp> =
            self.inputs.iter_mut().filter_map(InputNormalizer::take_over).last();
        actions.extend(taken_over.and_then(|stamp| self.snapshot_of(stamp)));
    }

    /// Returns the moment at which [`tick`](Self::tick) has something to do next; `None` when only a sample will tell.
    pub fn deadline(&self) -> Option<Moment> {
        self.inputs.iter().filter_map(InputNormalizer::deadline).min()
    }

    /// The device is gone, or is about to be opened anew. No gesture and no `stuck` becomes due until it has told how
    /// everything stands. That is compared with what was told before: what changed is told, where an input was pressed a
    /// release, where a tag lay that it is removed; never a press. A snapshot follows in any case: to whoever heard that
    /// the device is gone nothing of it was known.
    pub fn silence(&mut self, now: Moment, actions: &mut Vec<Action>) {
        self.inputs.iter_mut().for_each(|input| input.silence(now, actions));
    }

    /// The device is open.
    pub fn open(&mut self, now: Moment) {
        let stamp = Stamp { at: now, unc_us: 0, src: Source::Driver };
        self.inputs.iter_mut().for_each(|input| input.open(stamp));
    }

    /// Returns what was told of the inputs.
    pub(crate) fn memory(&self) -> Memory {
        self.inputs.iter().map(|input| (input.name(), input.told())).collect()
    }

    /// Takes over what another device told before this one took its place: what differs from it will be told.
    pub(crate) fn resume(&mut self, memory: &Memory) {
        for input in &mut self.inputs {
            if let Some(told) = memory.get(&input.name()) {
                input.resume(told);
            }
        }
    }

    /// Makes a snapshot of all inputs as they were told; `None` when no input has told anything. The levels are
    /// numbered by channel; one without a name, or without a level, is inactive.
    pub fn snapshot(&self, at: Moment) -> Option<Action> {
        self.snapshot_of(Stamp { at, unc_us: 0, src: Source::Driver })
    }

    fn snapshot_of(&self, stamp: Stamp) -> Option<Action> {
        let first = self.inputs.iter().find(|input| input.state().is_some())?;
        let states = self.inputs.iter().filter_map(|input| Some((input.name(), input.state()?)));
        Some(first.snapshot(self.levels(), states.collect(), stamp))
    }

    fn levels(&self) -> Vec<bool> {
        let mut levels = Vec::new();
        for input in &self.inputs {
            let Some(on) = input.level() else { continue };
            let channel = usize::from(input.channel());
            levels.resize(levels.len().max(channel + 1), false);
            levels[channel] = on;
        }
        levels
    }

    /// Does what is due up to `now`, in the order of the deadlines.
    fn settle(&mut self, now: Moment, actions: &mut Vec<Action>) {
        loop {
            let next = self.inputs.iter_mut().filter_map(|input| Some((input.deadline()?, input)));
            let Some((due, input)) = next.min_by_key(|(due, _)| *due) else { return };
            if due > now {
                return;
            }
            input.settle(due, actions);
        }
    }
}

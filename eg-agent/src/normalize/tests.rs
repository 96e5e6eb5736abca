//! Promises of the normalizer.

mod bounce;
mod faults;
mod gestures;
mod polarity;
mod presses;
mod reopening;

use super::{Action, Normalizer};
use crate::config::{Active, DeviceConfig, InputConfig};
use eg_config::KeyPath;
use eg_hal::{Channel, InputTraits, Moment, Reading, Sample};
use eg_proto::{DeviceName, EventKind, InputName, Source, State};
use std::time::Duration;

/// A device named `panel` with these inputs.
fn device(inputs: Vec<InputConfig>) -> DeviceConfig {
    DeviceConfig {
        name: DeviceName::new("panel").unwrap(),
        entry: eg_hal::drivers()[0],
        config_path: KeyPath::root(),
        inputs,
        outputs: Vec::new(),
        touches: std::collections::BTreeMap::new(),
        faults: Vec::new(),
    }
}

fn input(name: &str, channel: Channel) -> InputConfig {
    InputConfig::new(InputName::new(name).unwrap(), channel, InputTraits::CONTACT)
}

/// A button to ground, as most are.
fn button(name: &str, channel: Channel) -> InputConfig {
    InputConfig { active: Active::Low, ..input(name, channel) }
}

/// Makes a snapshot of the two-state inputs by channel, and of all by name.
fn snapshot<const N: usize>(levels: &[bool], states: [(&str, State); N]) -> EventKind {
    let states = states.map(|(name, state)| (InputName::new(name).unwrap(), state)).into();
    EventKind::Snapshot { levels: levels.to_vec(), states }
}

/// Makes the snapshot of one two-state input on channel 0.
fn stands(name: &str, on: bool) -> EventKind {
    snapshot(&[on], [(name, State::On(on))])
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A hand at a device of buttons to ground, at moments in milliseconds.
struct Bench {
    normalizer: Normalizer,
    actions: Vec<Action>,
}

impl Bench {
    /// A device at rest whose first levels were told at 0 ms.
    fn at_rest(inputs: Vec<InputConfig>) -> Self {
        let channels: Vec<Channel> = inputs.iter().map(|input| input.channel).collect();
        let mut bench = Self { normalizer: Normalizer::new(&device(inputs)), actions: Vec::new() };
        channels.iter().for_each(|channel| bench.up(0, *channel));
        bench.pass(0);
        bench.actions.clear();
        bench
    }

    fn feed(&mut self, at: u64, channel: Channel, reading: Reading) {
        let at = Moment(at * 1_000);
        let sample = Sample { channel, reading, at, unc_us: 7, src: Source::Kernel };
        self.normalizer.feed(sample, &mut self.actions);
    }

    fn down(&mut self, at: u64, channel: Channel) {
        self.feed(at, channel, Reading::Level(false));
    }

    fn up(&mut self, at: u64, channel: Channel) {
        self.feed(at, channel, Reading::Level(true));
    }

    fn press(&mut self, down: u64, up: u64) {
        self.down(down, 0);
        self.up(up, 0);
    }

    fn pass(&mut self, at: u64) {
        self.normalizer.tick(Moment(at * 1_000), &mut self.actions);
    }

    /// The device is gone, and comes back later.
    fn silence(&mut self) {
        self.away(0);
    }

    fn away(&mut self, at: u64) {
        self.normalizer.silence(Moment(at * 1_000), &mut self.actions);
    }

    fn back(&mut self, at: u64) {
        self.normalizer.open(Moment(at * 1_000));
    }

    /// Lists what happened since this was last asked: input, kind, and when in milliseconds.
    fn told(&mut self) -> Vec<(String, EventKind, u64)> {
        let told = self.actions.drain(..);
        told.map(|action| (action.input.to_string(), action.kind, action.at.0 / 1_000)).collect()
    }

    /// Lists what happened, without the input's name.
    fn kinds(&mut self) -> Vec<(EventKind, u64)> {
        self.told().into_iter().map(|(_, kind, at)| (kind, at)).collect()
    }
}

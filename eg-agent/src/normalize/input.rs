//! One named input: its contact or its field, its gestures and its troubles together.

use super::action::Action;
use super::debounce::{Change, Debounce, Stamp, Took};
use super::faults::InputFaults;
use super::field::Field;
use super::gesture::Sequence;
use super::memory::Told;
use crate::config::{InputConfig, InputKind};
use eg_hal::{Channel, Moment, Reading};
use eg_proto::{EventKind, InputName, State};
use std::collections::BTreeMap;

#[derive(Debug)]
pub(super) struct InputNormalizer {
    name: InputName,
    channel: Channel,
    kind: InputKind,
    /// Symbol that a press is told as where the input is a key.
    symbol: String,
    debounce: Debounce,
    sequence: Sequence,
    faults: InputFaults,
    /// `true` once the input told a level.
    two_state: bool,
    field: Field,
    /// The value that was told last, and whether it was told since the device was opened.
    value: Option<(f64, bool)>,
    /// Stamp since which its state is not what the events alone would tell: a snapshot is due.
    taken_over: Option<Stamp>,
}

impl InputNormalizer {
    pub(super) fn new(config: &InputConfig) -> Self {
        let maintained = config.kind == InputKind::Switch;
        Self {
            name: config.name.clone(),
            channel: config.channel,
            kind: config.kind,
            symbol: config.symbol.clone().unwrap_or_else(|| config.name.to_string()),
            debounce: Debounce::new(config),
            sequence: Sequence::new(config.gestures),
            faults: InputFaults::new(config.stuck_after.filter(|_| !maintained)),
            two_state: false,
            field: Field::new(config.repeats),
            value: None,
            taken_over: None,
        }
    }

    pub(super) fn name(&self) -> InputName {
        self.name.clone()
    }

    /// Returns what was told of the input, for one that takes its place.
    pub(super) fn told(&self) -> Told {
        let on = self.two_state && self.debounce.is_on();
        Told { on, field: self.field.clone(), value: self.value.map(|(value, _)| value) }
    }

    /// Takes over what was told before.
    pub(super) fn resume(&mut self, told: &Told) {
        if told.on {
            self.debounce.hold();
        }
        self.field.resume(&told.field);
        self.value = told.value.map(|value| (value, false));
    }

    pub(super) fn channel(&self) -> Channel {
        self.channel
    }

    /// Returns `true` while the input is active, as far as was reported; `None` when it never told a level.
    pub(super) fn level(&self) -> Option<bool> {
        self.two_state.then(|| self.debounce.is_on())
    }

    /// Returns the input's state, as far as was told; `None` when it has none, or nobody knows it.
    pub(super) fn state(&self) -> Option<State> {
        if let Some(on) = self.level() {
            return Some(State::On(on)).filter(|_| !self.faults.is_ghostly());
        }
        let value = self.value.filter(|(_, fresh)| *fresh).map(|(value, _)| State::Value(value));
        value.or_else(|| self.field.tags().map(|tags| State::Tags(tags.to_vec())))
    }

    /// The stamp for a snapshot, once, when one is due.
    pub(super) fn take_over(&mut self) -> Option<Stamp> {
        self.taken_over.take()
    }

    pub(super) fn feed(&mut self, reading: Reading, stamp: Stamp, actions: &mut Vec<Action>) {
        let kind = match reading {
            Reading::Level(high) => return self.feed_level(high, stamp, actions),
            Reading::Lost(count) => {
                let Some(fault) = self.faults.lost(count, stamp) else { return };
                self.taken_over = Some(stamp);
                fault
            }
            Reading::Ghost(true) => {
                let Some(fault) = self.faults.ghost() else { return };
                fault
            }
            Reading::Ghost(_) => return self.faults.no_ghost(stamp),
            Reading::Turn(delta) => EventKind::Turn { delta },
            Reading::Value { v, min, max, unit } => {
                let known = self.value.replace((v, true));
                if known.is_none_or(|(_, fresh)| !fresh) {
                    self.taken_over = Some(stamp);
                }
                if known == Some((v, false)) {
                    return;
                }
                EventKind::Value { v, min, max, unit: unit.to_owned() }
            }
            Reading::Tag(uid) => {
                let (told, first) = self.field.came(uid, stamp);
                self.taken_over = self.taken_over.or(first.then_some(stamp));
                return told.into_iter().for_each(|kind| self.push(kind, stamp, actions));
            }
            Reading::TagRemoved(uid) => {
                let told = self.field.left(uid);
                return told.into_iter().for_each(|kind| self.push(kind, stamp, actions));
            }
            Reading::NoTag => {
                let first = self.field.empty(stamp);
                self.taken_over = self.taken_over.or(first.then_some(stamp));
                return;
            }
            Reading::Key(symbol) => EventKind::Key { symbol },
            Reading::Line(text) => EventKind::Line { text },
            _ => return,
        };
        self.push(kind, stamp, actions);
    }

    fn feed_level(&mut self, high: bool, stamp: Stamp, actions: &mut Vec<Action>) {
        self.two_state = true;
        match self.debounce.take(high, stamp) {
            Took::Nothing => {}
            Took::Start(change) => self.start(change, stamp, actions),
            Took::Edge => {
                if let Some(fault) = self.faults.edge(stamp) {
                    self.sequence.abandon();
                    self.push(fault, stamp, actions);
                }
                self.settle_debounce(stamp.at, actions);
            }
        }
    }

    /// The level was found, not seen to change.
    fn start(&mut self, change: Option<Change>, stamp: Stamp, actions: &mut Vec<Action>) {
        self.taken_over = Some(stamp);
        if let Some(change) = change {
            self.change(change, actions);
        } else if self.debounce.is_on() {
            self.faults.active(stamp);
        }
    }

    /// Returns the moment at which something becomes due; `None` when only a sample will tell.
    pub(super) fn deadline(&self) -> Option<Moment> {
        let resting = self.debounce.is_resting();
        let debounce = self.debounce.deadline().filter(|_| !self.faults.storming());
        let others =
            [self.sequence.deadline(resting), self.faults.deadline(resting), self.field.deadline()];
        debounce.into_iter().chain(others.into_iter().flatten()).min()
    }

    /// Does what is due. To be called until there is no deadline up to `now`.
    pub(super) fn settle(&mut self, now: Moment, actions: &mut Vec<Action>) {
        self.settle_debounce(now, actions);
        if let Some((verdict, stamp)) = self.sequence.settle(now, self.debounce.is_resting()) {
            self.push(verdict, stamp, actions);
        }
        if let Some((gone, stamp)) = self.field.settle(now) {
            gone.into_iter().for_each(|kind| self.push(kind, stamp, actions));
        }
        let (stormed, haunted) = (self.faults.storming(), self.faults.is_ghostly());
        let told = self.faults.settle(now, self.debounce.is_resting());
        if let Some((kind, stamp)) = told {
            let lost = matches!(kind, EventKind::Fault { what: eg_proto::Fault::LostEdges, .. });
            if lost || (haunted && !self.faults.is_ghostly()) {
                self.taken_over = Some(stamp);
            }
            self.push(kind, stamp, actions);
        }
        if stormed && !self.faults.storming() {
            let (change, since) = self.debounce.resume();
            if let Some(stamp) = since {
                self.start(change, stamp, actions);
            }
        }
    }

    fn settle_debounce(&mut self, now: Moment, actions: &mut Vec<Action>) {
        if self.faults.storming() {
            return;
        }
        if let Some(change) = self.debounce.settle(now) {
            self.change(change, actions);
        }
    }

    /// The device is gone: nothing of this input becomes due any more.
    pub(super) fn silence(&mut self, now: Moment, actions: &mut Vec<Action>) {
        if let Some(change) = self.debounce.forget() {
            self.change(change, actions);
        }
        self.sequence.abandon();
        self.faults.forget(now);
        self.field.silence(now);
        if let Some((_, fresh)) = &mut self.value {
            *fresh = false;
        }
    }

    /// The device is open. A reader that cannot say what lies there has its first word at once: nothing is known to.
    pub(super) fn open(&mut self, stamp: Stamp) {
        self.field.open(stamp.at);
        if self.field.tags().is_some() {
            self.taken_over = Some(stamp);
        }
    }

    fn change(&mut self, Change { on, stamp }: Change, actions: &mut Vec<Action>) {
        let kind = match (self.kind, on) {
            (InputKind::Switch, on) => {
                return self.push(EventKind::Switch { on }, stamp, actions);
            }
            (InputKind::Momentary, true) => Some(EventKind::Press),
            (InputKind::Momentary, false) => Some(EventKind::Release),
            (InputKind::Key, true) => Some(EventKind::Key { symbol: self.symbol.clone() }),
            (InputKind::Key, false) => None,
        };
        if let Some(kind) = kind {
            self.push(kind, stamp, actions);
        }
        if on {
            self.sequence.press(stamp);
            self.faults.active(stamp);
        } else {
            let verdict = self.sequence.release(stamp);
            let recovered = self.faults.inactive();
            for kind in [verdict, recovered].into_iter().flatten() {
                self.push(kind, stamp, actions);
            }
        }
    }

    fn push(&self, kind: EventKind, stamp: Stamp, actions: &mut Vec<Action>) {
        actions.push(stamp.action(&self.name, kind));
    }

    /// Makes the snapshot of a device, told in this input's name.
    pub(super) fn snapshot(
        &self,
        levels: Vec<bool>,
        states: BTreeMap<InputName, State>,
        stamp: Stamp,
    ) -> Action {
        stamp.action(&self.name, EventKind::Snapshot { levels, states })
    }
}

impl Stamp {
    fn action(self, input: &InputName, kind: EventKind) -> Action {
        let Self { at, unc_us, src } = self;
        Action { input: input.clone(), kind, at, unc_us, src }
    }
}

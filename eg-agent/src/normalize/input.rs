//! One named input: its contact, its gestures and its troubles together.

use super::Action;
use super::contact::{Change, Contact, Stamp, Took};
use super::gesture::Sequence;
use super::trouble::Trouble;
use crate::config::{InputConfig, InputKind};
use eg_hal::{Channel, Moment, Reading};
use eg_proto::{EventKind, InputName};

#[derive(Debug)]
pub(super) struct Input {
    name: InputName,
    channel: Channel,
    maintained: bool,
    contact: Contact,
    sequence: Sequence,
    trouble: Trouble,
    /// Whether it ever told a level.
    two_state: bool,
    /// Since when the level is not what the events alone would tell: a snapshot is due.
    taken_over: Option<Stamp>,
}

impl Input {
    pub(super) fn new(config: &InputConfig) -> Self {
        let maintained = config.kind == InputKind::Switch;
        Self {
            name: config.name.clone(),
            channel: config.channel,
            maintained,
            contact: Contact::new(config),
            sequence: Sequence::new(config.gestures),
            trouble: Trouble::new(config.stuck_after.filter(|_| !maintained)),
            two_state: false,
            taken_over: None,
        }
    }

    pub(super) fn name(&self) -> InputName {
        self.name.clone()
    }

    /// It was reported as active before.
    pub(super) fn hold(&mut self) {
        self.contact.hold();
    }

    pub(super) fn channel(&self) -> Channel {
        self.channel
    }

    /// Whether it is active, as far as was reported; `None` when it never told a level.
    pub(super) fn level(&self) -> Option<bool> {
        self.two_state.then(|| self.contact.is_on())
    }

    /// Whether a snapshot is due.
    pub(super) fn is_taken_over(&self) -> bool {
        self.taken_over.is_some()
    }

    /// The stamp for a snapshot, once, when one is due.
    pub(super) fn take_over(&mut self) -> Option<Stamp> {
        self.taken_over.take()
    }

    pub(super) fn feed(&mut self, reading: Reading, stamp: Stamp, actions: &mut Vec<Action>) {
        let kind = match reading {
            Reading::Level(high) => return self.feed_level(high, stamp, actions),
            Reading::Lost(count) => {
                let Some(fault) = self.trouble.lost(count, stamp) else { return };
                self.taken_over = Some(stamp);
                fault
            }
            Reading::Turn(delta) => EventKind::Turn { delta },
            Reading::Value { v, min, max, unit } => {
                EventKind::Value { v, min, max, unit: unit.to_owned() }
            }
            Reading::Tag(uid) => EventKind::Tag { uid },
            Reading::TagRemoved(uid) => EventKind::TagRemoved { uid },
            Reading::Key(symbol) => EventKind::Key { symbol },
            Reading::Line(text) => EventKind::Line { text },
        };
        self.push(kind, stamp, actions);
    }

    fn feed_level(&mut self, high: bool, stamp: Stamp, actions: &mut Vec<Action>) {
        self.two_state = true;
        match self.contact.take(high, stamp) {
            Took::Nothing => {}
            Took::Start(change) => self.start(change, stamp, actions),
            Took::Edge => {
                if let Some(fault) = self.trouble.edge(stamp) {
                    self.sequence.abandon();
                    self.push(fault, stamp, actions);
                }
                self.settle_contact(stamp.at, actions);
            }
        }
    }

    /// The level was found, not seen to change.
    fn start(&mut self, change: Option<Change>, stamp: Stamp, actions: &mut Vec<Action>) {
        self.taken_over = Some(stamp);
        if let Some(change) = change {
            self.change(change, actions);
        } else if self.contact.is_on() {
            self.trouble.active(stamp);
        }
    }

    /// When something becomes due; `None` when only a sample will tell.
    pub(super) fn deadline(&self) -> Option<Moment> {
        let resting = self.contact.is_resting();
        let contact = self.contact.deadline().filter(|_| !self.trouble.storming());
        let others = [self.sequence.deadline(resting), self.trouble.deadline(resting)];
        contact.into_iter().chain(others.into_iter().flatten()).min()
    }

    /// Does what is due. To be called until there is no deadline up to `now`.
    pub(super) fn settle(&mut self, now: Moment, actions: &mut Vec<Action>) {
        self.settle_contact(now, actions);
        if let Some((verdict, stamp)) = self.sequence.settle(now, self.contact.is_resting()) {
            self.push(verdict, stamp, actions);
        }
        let stormed = self.trouble.storming();
        let told = self.trouble.settle(now, self.contact.is_resting());
        if let Some((kind, stamp)) = told {
            if matches!(kind, EventKind::Fault { what: eg_proto::Fault::LostEdges, .. }) {
                self.taken_over = Some(stamp);
            }
            self.push(kind, stamp, actions);
        }
        if stormed && !self.trouble.storming() {
            let (change, since) = self.contact.resume();
            if let Some(stamp) = since {
                self.start(change, stamp, actions);
            }
        }
    }

    fn settle_contact(&mut self, now: Moment, actions: &mut Vec<Action>) {
        if self.trouble.storming() {
            return;
        }
        if let Some(change) = self.contact.settle(now) {
            self.change(change, actions);
        }
    }

    /// The device is gone: nothing of this input becomes due any more.
    pub(super) fn silence(&mut self, actions: &mut Vec<Action>) {
        if let Some(change) = self.contact.forget() {
            self.change(change, actions);
        }
        self.sequence.abandon();
        self.trouble.forget();
    }

    fn change(&mut self, Change { on, stamp }: Change, actions: &mut Vec<Action>) {
        if self.maintained {
            self.push(EventKind::Switch { on }, stamp, actions);
        } else if on {
            self.push(EventKind::Press, stamp, actions);
            self.sequence.press(stamp);
            self.trouble.active(stamp);
        } else {
            self.push(EventKind::Release, stamp, actions);
            let verdict = self.sequence.release(stamp);
            let recovered = self.trouble.inactive();
            for kind in [verdict, recovered].into_iter().flatten() {
                self.push(kind, stamp, actions);
            }
        }
    }

    fn push(&self, kind: EventKind, stamp: Stamp, actions: &mut Vec<Action>) {
        actions.push(stamp.action(&self.name, kind));
    }

    /// The levels of a device, told in this input's name.
    pub(super) fn snapshot(&self, levels: Vec<bool>, stamp: Stamp) -> Action {
        stamp.action(&self.name, EventKind::Snapshot { levels })
    }
}

impl Stamp {
    fn action(self, input: &InputName, kind: EventKind) -> Action {
        let Self { at, unc_us, src } = self;
        Action { input: input.clone(), kind, at, unc_us, src }
    }
}

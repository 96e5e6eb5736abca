//! Shared parts that the tasks of a link work with.

use crate::config::SlotConfig;
use crate::core_clock::CoreClock;
use crate::host::Mailbox;
use crate::pairing::PinnedAuthority;
use crate::simulated_inputs::SimulatedInputs;
use crate::state::SlotStatus;
use eg_hal::Moment;
use eg_mqtt::{Publication, Qos, SharedAddress, Subscription};
use eg_page::complain;
use eg_proto::{
    DeviceName, Hint, Mode, Presence, PressAnswer, Secret, Set, SlotId, SlotQuestion, SlotResult,
    SlotScene, Topic,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tokio::sync::{mpsc, watch};

/// Makes a topic of a slot.
pub(super) type OfSlot = fn(SlotId) -> Topic;

/// The devices that there are now, and the way to each.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) config: Arc<SlotConfig>,
    pub(crate) mailboxes: BTreeMap<DeviceName, Mailbox>,
}

/// Shared parts that the tasks of a link work with.
#[derive(Clone)]
pub(crate) struct Parts {
    /// Settings that stay for good: slot, core and topics.
    pub(crate) config: Arc<SlotConfig>,
    pub(crate) slot_status: SlotStatus,
    /// Password of the slot at its broker.
    pub(crate) secret: Arc<Secret>,
    /// Authority that the core is believed by; `None` for a connection in clear.
    pub(crate) authority: Option<PinnedAuthority>,
    /// Address of the core where it is looked for.
    pub(crate) core: Option<SharedAddress>,
    pub(crate) clock: CoreClock,
    pub(crate) layout: watch::Receiver<Arc<Layout>>,
    /// Inputs of the simulated boards; `None` on real ones.
    pub(crate) inputs: Option<SimulatedInputs>,
    /// Way to restart the agent; `None` where nothing would start it again.
    pub(crate) restarts: Option<mpsc::Sender<()>>,
    /// A test of the lamps is running.
    pub(crate) testing: Arc<AtomicBool>,
}

impl Parts {
    pub(super) fn topic(&self, topic: OfSlot) -> String {
        self.config.topics.of(&topic(self.config.slot.clone()))
    }

    pub(super) fn presence(&self, presence: Presence) -> Publication {
        Publication {
            topic: self.topic(Topic::Status),
            payload: presence.as_str().into(),
            qos: Qos::AtLeastOnce,
            retained: true,
        }
    }

    pub(super) fn subscriptions(&self) -> Vec<Subscription> {
        let own: [OfSlot; 11] = [
            // Its own: another machine of this name shows here.
            Topic::Hello,
            Topic::Command,
            Topic::AgentCommand,
            Topic::InputAck,
            Topic::InputAsk,
            Topic::ClockPong,
            Topic::Hint,
            Topic::Question,
            Topic::Result,
            Topic::Answer,
            Topic::Scene,
        ];
        let old: [OfSlot; 2] = [Topic::LedCommand, Topic::TestCommand];
        let core = [Topic::CoreHello, Topic::Mode];
        let old_core = [Topic::NightStep, Topic::NightResult];
        let compat = self.config.compat;
        let own = own.into_iter().chain(old.into_iter().filter(|_| compat));
        let core = core.into_iter().chain(old_core.into_iter().filter(|_| compat));
        let own = own.map(|topic| self.topic(topic));
        let core = core.map(|topic| self.config.topics.of(&topic));
        own.chain(core).map(|filter| Subscription::new(filter, Qos::AtLeastOnce)).collect()
    }

    /// Returns the way to restart the agent, unless the slot's file forbids it.
    pub(super) fn restarter(&self) -> Option<&mpsc::Sender<()>> {
        self.restarts.as_ref().filter(|_| self.config.restart)
    }

    /// The devices that there are now.
    pub(super) fn layout(&self) -> Arc<Layout> {
        Arc::clone(&self.layout.borrow())
    }

    /// Tells every device since when there is no link.
    pub(super) fn link(&self, lost: Option<Moment>) {
        self.layout().mailboxes.values().for_each(|mailbox| mailbox.link(lost));
    }

    pub(super) fn mode(&self, mode: Mode) {
        self.slot_status.update(|state| state.mode.replace(mode) != Some(mode));
    }

    pub(super) fn question(&self, question: Option<SlotQuestion>) {
        self.slot_status.update(|state| {
            // A second vote after a tie is of the same step, and may have the same options.
            let asked = |question: &Option<SlotQuestion>| {
                question
                    .as_ref()
                    .map(|it| (it.step, it.round, it.question.clone(), it.options.clone()))
            };
            if asked(&state.question) != asked(&question) {
                state.player.asked_anew();
            }
            let changed = state.question != question;
            state.question = question;
            changed
        });
    }

    pub(super) fn result(&self, result: Option<SlotResult>) {
        self.slot_status.update(|state| {
            let changed = state.result != result;
            state.result = result;
            changed
        });
    }

    /// Shows the core's answer to a press.
    pub(super) fn answered(&self, answer: PressAnswer) {
        self.slot_status.update(|state| state.player.answered(answer, eg_hal::clock::now()));
    }

    /// Shows how things stand in the slot's room.
    pub(super) fn scene(&self, scene: Option<SlotScene>) {
        self.slot_status.update(|state| {
            let changed = state.player.scene != scene;
            state.player.scene = scene;
            changed
        });
    }

    /// Shows what players may read here: on the slot page, and on every output that is called `hint`.
    pub(super) fn hint(&self, hint: Option<Hint>) {
        let mut changed = false;
        self.slot_status.update(|state| {
            changed = state.hint != hint;
            state.hint.clone_from(&hint);
            changed
        });
        if changed {
            self.show_hint(hint.map_or(Set::Off, |hint| Set::Text(hint.text)));
        }
    }

    pub(super) fn synced(&self, now: Moment) {
        let told = self.clock.told(now);
        let mut first = false;
        self.slot_status.update(|state| {
            first = state.clock.is_none() && told.is_some();
            state.clock = told;
            true
        });
        if first {
            self.slot_status.tell();
        }
    }

    pub(super) fn present_tag(&self, uid: &str) {
        let presented = self.inputs.as_ref().is_some_and(|inputs| inputs.present_tag(uid));
        if !presented {
            complain("a test tag was asked for, and no simulated reader is here", uid, "");
        }
    }
}

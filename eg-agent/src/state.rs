//! State of a slot, for its page and for the messages about it.

mod device;

pub use device::{DeviceView, InputView, OutputView};
pub(crate) use device::{Generation, NOT_OPENED, Standing};

use crate::config::DeviceConfig;
use crate::latency::Latencies;
use crate::normalize::Action;
use crate::outbox::Health;
use crate::pairing::Admission;
use crate::player::Player;
use crate::recent::RecentEvents;
use eg_hal::{Channel, Moment};
use eg_proto::{
    Boot, DeviceName, DeviceState, Hint, Mode, Set, SlotClock, SlotId, SlotQuestion, SlotResult,
};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// Health of a slot as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Connected, and every device is ready.
    Online,
    /// Connected, but a device is lost or faulty, or the outbox has trouble.
    Degraded,
    /// No link to the core: no connection to the broker, or no word from the core over it.
    Disconnected,
}

/// State of a running slot, as far as a person may want to see it.
#[derive(Clone, Debug, PartialEq)]
pub struct SlotState {
    /// Id of the slot.
    pub slot: SlotId,
    /// Boot of this start of the agent.
    pub boot: Boot,
    /// `true` if the devices are simulated: their inputs can be poked.
    pub simulated: bool,
    /// Reason why there is no link to the core, in one line; `None` while there is one.
    pub disconnected: Option<String>,
    /// Standing of the slot at its broker.
    pub admission: Admission,
    /// Another machine calls itself as this slot does.
    pub twin: bool,
    /// `true` once the slot has begun to stop: nothing is taken any more.
    pub stopping: bool,
    /// The devices, in the order of the file.
    pub devices: Vec<DeviceView>,
    /// Day or night, as the core said last; `None` before it said anything.
    pub mode: Option<Mode>,
    /// The question that is open in the slot's room.
    pub question: Option<SlotQuestion>,
    /// Result of the last question, until the next is open or the session is over.
    pub result: Option<SlotResult>,
    /// Text that the operator lets players read here.
    pub hint: Option<Hint>,
    /// State of the room and of their own presses, as the player here sees it.
    pub player: Player,
    /// The latest events, for the technician.
    pub recent: RecentEvents,
    /// Health of the outbox, and number of events that wait in it.
    pub outbox: Health,
    /// Estimate of the core's clock at its last answer; `None` before the first.
    pub clock: Option<SlotClock>,
    /// Times that presses took since this start.
    pub latency: Latencies,
}

impl SlotState {
    fn new(slot: SlotId, boot: Boot, simulated: bool) -> Self {
        Self {
            slot,
            boot,
            simulated,
            disconnected: Some("not connected yet".to_owned()),
            admission: Admission::default(),
            twin: false,
            stopping: false,
            devices: Vec::new(),
            mode: None,
            question: None,
            result: None,
            hint: None,
            player: Player::default(),
            recent: RecentEvents::default(),
            outbox: Health::default(),
            clock: None,
            latency: Latencies::default(),
        }
    }

    /// The slot as a whole.
    pub fn status(&self) -> Status {
        if self.disconnected.is_some() {
            Status::Disconnected
        } else if self.is_degraded() {
            Status::Degraded
        } else {
            Status::Online
        }
    }

    /// Tells whether something but the connection is wrong.
    pub fn is_degraded(&self) -> bool {
        self.devices.iter().any(|device| device.state != DeviceState::Ready)
            || self.outbox.error().is_some()
    }

    fn view(&mut self, generation: Generation) -> Option<&mut DeviceView> {
        self.devices.iter_mut().find(|view| view.generation == generation)
    }

    /// Lists the state of every output, over all devices in the order of the file.
    pub fn outputs(&self) -> impl Iterator<Item = (&DeviceName, &OutputView)> {
        self.devices.iter().flat_map(|d| d.outputs.iter().map(move |output| (&d.name, output)))
    }
}

/// The state, as those who change it share it. Clones are the same state.
#[derive(Clone, Debug)]
pub(crate) struct SlotStatus {
    state: Arc<watch::Sender<SlotState>>,
    /// Wakes the link when something changed that it has to say.
    news: Arc<Notify>,
}

impl SlotStatus {
    pub(crate) fn new(slot: SlotId, boot: Boot, simulated: bool) -> Self {
        let state = watch::Sender::new(SlotState::new(slot, boot, simulated));
        Self { state: Arc::new(state), news: Arc::default() }
    }

    /// Sets the devices, each with the generation that speaks for it. One that keeps its generation keeps what is known
    /// of it.
    pub(crate) fn set_devices<'d>(
        &self,
        devices: impl IntoIterator<Item = (&'d DeviceConfig, Generation)>,
        now: Moment,
    ) {
        self.update(|state| {
            let mut known = std::mem::take(&mut state.devices);
            let view = |(device, generation)| match known
                .iter()
                .position(|view| view.generation == generation)
            {
                Some(place) => known.swap_remove(place),
                None => DeviceView::new(device, generation, now),
            };
            state.devices = devices.into_iter().map(view).collect();
            true
        });
    }

    pub(crate) fn watch(&self) -> watch::Receiver<SlotState> {
        self.state.subscribe()
    }

    pub(crate) fn read(&self) -> watch::Ref<'_, SlotState> {
        self.state.borrow()
    }

    /// Tells the link that something changed that it has to say.
    pub(crate) fn tell(&self) {
        self.news.notify_one();
    }

    /// Waits until something changed that is to be said; one who was not waiting finds out at once.
    pub(crate) async fn news(&self) {
        self.news.notified().await;
    }

    /// Changes what only the page shows. `change` tells whether it did, and so does this.
    pub(crate) fn update(&self, change: impl FnOnce(&mut SlotState) -> bool) -> bool {
        self.state.send_if_modified(change)
    }

    /// Takes over how soon outputs were written that answer a press.
    pub(crate) fn answered(&self, times: impl IntoIterator<Item = Duration>) {
        let mut times = times.into_iter().peekable();
        if times.peek().is_some() {
            self.update(|state| {
                times.for_each(|time| state.latency.lamp.record(time));
                true
            });
        }
    }

    /// Draws the page anew: something changed that is not of this state, and that it shows.
    pub(crate) fn redraw(&self) {
        self.update(|_| true);
    }

    /// Takes over what happened at a device's inputs.
    pub(crate) fn note(&self, generation: Generation, device: &DeviceConfig, actions: &[Action]) {
        self.update(|state| {
            let Some(view) = state.view(generation) else { return false };
            actions.iter().for_each(|action| view.note(action, device));
            let asked = state.question.is_some();
            for action in actions {
                state.player.note(&device.name, action);
                state.recent.note(&device.name, action, asked);
            }
            !actions.is_empty()
        });
    }

    /// Takes over the levels of a device's lines, as they were read.
    pub(crate) fn levels(
        &self,
        generation: Generation,
        device: &DeviceConfig,
        levels: &[(Channel, bool)],
    ) {
        if levels.is_empty() {
            return;
        }
        self.update(|state| {
            let Some(view) = state.view(generation) else { return false };
            let mut changed = false;
            for (input, config) in view.inputs.iter_mut().zip(&device.inputs) {
                let last = levels.iter().rev().find(|(channel, _)| *channel == config.channel);
                if let Some((_, high)) = last {
                    changed |= input.line.replace(*high) != Some(*high);
                }
            }
            changed
        });
    }

    /// Takes over a touch of an input on the slot's screen. Returns `false`, and changes nothing, if the input is so
    /// already.
    pub(crate) fn touched(&self, device: &DeviceName, action: &Action, down: bool) -> bool {
        self.update(|state| {
            let board = state.devices.iter_mut().find(|board| board.name == *device);
            let input = board
                .and_then(|board| board.inputs.iter_mut().find(|input| input.name == action.input));
            let changed =
                input.is_some_and(|input| std::mem::replace(&mut input.pressed, down) != down);
            if changed {
                state.player.note(device, action);
                let asked = state.question.is_some();
                state.recent.note(device, action, asked);
            }
            changed
        })
    }

    /// Takes over the state of a device and of its outputs.
    pub(crate) fn stand(&self, generation: Generation, standing: &Standing, outputs: &[Set]) {
        self.change(generation, |view| {
            let same = view.stand(standing) && view.outputs.iter().map(|o| &o.set).eq(outputs);
            for (view, set) in view.outputs.iter_mut().zip(outputs) {
                view.set = set.clone();
            }
            !same
        });
    }

    /// A device is lost in the midst of something: nobody knows what its outputs do.
    pub(crate) fn lose(&self, generation: Generation, since: Moment, error: &str) {
        let error = Some(error.to_owned());
        self.change(generation, |view| {
            let noise = view.noise.clone();
            !view.stand(&Standing { state: DeviceState::Lost, since, error, noise })
        });
    }

    fn change(&self, generation: Generation, change: impl FnOnce(&mut DeviceView) -> bool) {
        let changed =
            self.state.send_if_modified(|state| state.view(generation).is_some_and(change));
        if changed {
            self.news.notify_one();
        }
    }

    /// Takes over the health of the outbox; wakes the link when its error changed.
    pub(crate) fn outbox(&self, health: &Health) {
        let mut loud = false;
        self.update(|state| {
            loud = state.outbox.error() != health.error();
            state.outbox = health.clone();
            true
        });
        if loud {
            self.news.notify_one();
        }
    }
}

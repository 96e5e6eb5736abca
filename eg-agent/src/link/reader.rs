//! The task that reads what comes, says what the slot is, and keeps the clock.

mod linking;
mod orders;

use super::core_link::{CoreLink, is_word};
use super::foreman::Desk;
use super::pairing::Pairing;
use super::parts::{OfSlot, Parts};
use super::resend_timer::ResendTimer;
use super::resume::Resume;
use super::retained::{happens, is_old};
use super::sender::Sender;
use super::twin::{Sign, Twin};
use super::{status_messages, wall_clock};
use crate::state::SlotState;
use eg_hal::clock;
use eg_mqtt::{Client, Incoming, Message, Notice, PublishError, Qos};
use eg_page::complain;
use eg_proto::{
    Ack, ClockPing, ClockPong, DecodeError, Hello, Hint, InputStatus, Leds, ModeState, NightResult,
    NightStep, Overall, Presence, SlotResult, TestCommand, Text, Topic, decode, encode,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use tokio::sync::{oneshot, watch};
use tokio::time::{Instant, sleep, sleep_until};

/// Pause between two looks at the clock, and at whether the core still answers, ms.
const TICK: u32 = 3_000;
/// Pause between two looks at whether the core acknowledges what waits.
const CHECK: Duration = Duration::from_secs(10);
/// Shortest time between two statuses that tell of nothing new but how long presses took.
const TIMES: Duration = Duration::from_secs(30);
/// Pause between the looks at the clock right after the connection.
const QUICK: Duration = Duration::from_millis(50);
/// Number of these looks; from then on each pause is twice the one before, up to [`TICK`].
const QUICK_PINGS: u32 = 4;
/// While there is another machine of this name, each leaves the other the place for so long at least.
const MANNERS: Duration = Duration::from_secs(5);

pub(super) struct Reader {
    pub(super) parts: Parts,
    pub(super) client: Client,
    pub(super) incoming: Incoming,
    pub(super) sender: Sender,
    pub(super) desk: Desk,
    pub(super) twin: Twin,
    pub(super) pairing: Pairing,
    pub(super) said: Said,
    /// The core tells this slot the question of its own room: what it tells all slots is for older agents.
    pub(super) told_its_own: bool,
    pub(super) resend_timer: ResendTimer,
    pub(super) resume: Resume,
    /// Looks at the clock since it was last unknown.
    pub(super) looks: u32,
    /// Moment of the next look at whether the core acknowledges what waits.
    pub(super) check_at: Instant,
    /// The core waits to hear that what waited in the outbox has come.
    pub(super) draining: bool,
    /// Moment of the next look at the clock; `None` while there is no connection.
    pub(super) tick: Option<Instant>,
    pub(super) core: CoreLink,
}

/// Messages that were sent last on this connection.
#[derive(Debug, Default)]
pub(super) struct Said {
    status: Option<InputStatus>,
    leds: Option<Leds>,
    /// Number of times that the last status told of, and when that was said.
    timed: Option<(u64, Instant)>,
}

/// A state that the broker keeps; nothing when it is empty.
fn standing<T: DeserializeOwned>(payload: &[u8]) -> Result<Option<T>, DecodeError> {
    if payload.is_empty() { Ok(None) } else { decode(payload).map(Some) }
}

impl Reader {
    /// Runs until `stop` is sent or dropped, and then says goodbye.
    pub(super) async fn run(mut self, mut stop: oneshot::Receiver<()>) {
        let (slot_status, mut layout) = (self.parts.slot_status.clone(), self.parts.layout.clone());
        let (clock, mut seen) = (self.parts.clock.clone(), slot_status.watch());
        loop {
            let (tick, patience) = (self.tick, self.core.patience(clock::now()));
            tokio::select! {
                notice = self.incoming.next() => match notice {
                    Some(notice) => self.take(notice).await,
                    None => return,
                },
                Ok(()) = layout.changed() => self.swapped().await,
                () = slot_status.news(), if tick.is_some() => self.say_news().await,
                () = clock.lost_track(), if tick.is_some() => self.measure().await,
                // A look at the clock finds out what it was.
                () = self.resume.happened() => drop(clock.offset(clock::now())),
                () = drained(&mut seen), if self.draining => self.ask().await,
                () = sleep(patience.unwrap_or_default()), if patience.is_some() => self.silent(),
                () = sleep_until(tick.unwrap_or_else(Instant::now)), if tick.is_some() => {
                    self.tick().await;
                }
                _ = &mut stop => break,
            }
        }
        self.goodbye().await;
    }

    async fn take(&mut self, notice: Notice) {
        match notice {
            Notice::Connected { refused, .. } => self.connected(&refused).await,
            Notice::Message(message) => {
                if let Err(error) = self.hear(&message).await {
                    complain("message not understood", &message.topic, error);
                }
            }
            Notice::Oversize { topic, bytes } => {
                complain("message too large, dropped", topic, bytes);
            }
            Notice::Lost { error, .. } => self.lost(&error),
        }
    }

    /// Whoever is there is told everything, and nothing is sent before the core's time is known.
    async fn greet(&mut self) {
        self.introduce().await;
        self.parts.clock.ask();
        if self.core.is_linked() {
            self.send_all();
        }
        self.measure().await;
    }

    /// Other devices: they learn how the link is, and the core learns what they are.
    async fn swapped(&mut self) {
        if self.core.is_linked() {
            self.parts.link(None);
        }
        if self.tick.is_some() {
            self.introduce().await;
        }
    }

    /// Says everything that a core which just came must know.
    async fn introduce(&mut self) {
        let online = Presence::Online.as_str();
        self.publish(Topic::Status, online.into(), true).await;
        let (boot, restarts) =
            (self.parts.slot_status.read().boot, self.parts.restarter().is_some());
        let hello = status_messages::hello(&self.parts.layout().config, boot, restarts);
        self.say(Topic::Hello, &hello, true).await;
        self.said = Said::default();
        self.say_news().await;
    }

    /// Says what differs from what was said.
    async fn say_news(&mut self) {
        let (status, leds, timed) = {
            let state = self.parts.slot_status.read();
            (
                status_messages::input_status(&state, &self.parts.clock),
                status_messages::leds(&state),
                state.latency.count(),
            )
        };
        if !self.said.status.as_ref().is_some_and(|said| status_messages::same(said, &status)) {
            self.say(Topic::InputStatus, &status_messages::dated(&status), true).await;
            self.said.status = Some(status);
            self.said.timed = Some((timed, Instant::now()));
        }
        if self.said.leds.as_ref() != Some(&leds) && !leds.states.is_empty() {
            self.say(Topic::Leds, &status_messages::dated_leds(&leds), false).await;
            self.said.leds = Some(leds);
        }
    }

    /// Says how long presses took, when there were more of them and it was not said lately.
    async fn say_times(&mut self) {
        let count = self.parts.slot_status.read().latency.count();
        // The first ones are told soon, and many as seldom as few.
        let is_due = |(said, at): (u64, Instant)| {
            count > said && (count >= 2 * said || at.elapsed() >= TIMES)
        };
        if self.said.timed.is_some_and(is_due) {
            self.said.status = None;
            self.say_news().await;
        }
    }

    /// Asks for the time a few times in a row, starting now.
    async fn measure(&mut self) {
        self.looks = 0;
        self.check_at = Instant::now() + QUICK * QUICK_PINGS;
        self.tick().await;
    }

    async fn tick(&mut self) {
        if self.parts.slot_status.read().twin && !self.twin.is_there(clock::now()) {
            tracing::info!(slot = %self.parts.config.slot, "no other machine calls itself so any more");
            self.client.wait_at_least(Duration::ZERO);
            self.parts.slot_status.update(|state| std::mem::take(&mut state.twin));
        }
        self.ask().await;
        self.say_times().await;
        let doubled = QUICK * 2_u32.saturating_pow(self.looks.saturating_sub(QUICK_PINGS - 1));
        let pause = doubled.min(Duration::from_millis(TICK.into()));
        self.looks = self.looks.saturating_add(1);
        if self.check_at <= Instant::now() && self.core.is_linked() {
            self.check_at = Instant::now() + CHECK;
            let waiting = self.parts.slot_status.read().outbox.waiting > 0;
            if self.resend_timer.tick(waiting) {
                tracing::warn!("the core acknowledges nothing: sending again");
                self.sender.outlet.rewind();
            }
        }
        self.tick = Some(Instant::now() + pause);
    }

    /// Asks for the time once, and tells how much waits.
    async fn ask(&mut self) {
        let waiting = self.parts.slot_status.read().outbox.waiting;
        self.draining &= waiting > 0;
        let ping = self.parts.clock.ping(clock::now(), wall_clock::timestamp());
        let ping = ClockPing { waiting: Some(waiting), next_ms: Some(TICK), ..ping };
        let topic = self.parts.topic(Topic::ClockPing);
        drop(self.client.publish(topic, encode(&ping), Qos::AtMostOnce, false).await);
    }

    async fn hear(&mut self, message: &Message) -> Result<(), DecodeError> {
        let payload = message.payload.as_ref();
        let Some(topic) = self.parts.config.topics.parse(&message.topic) else { return Ok(()) };
        if is_old(&topic) && !self.parts.config.compat {
            return Ok(());
        }
        if message.retained && happens(&topic) {
            tracing::warn!(
                topic = message.topic,
                "the broker kept this, and it is over: not obeyed"
            );
            return Ok(());
        }
        if !message.retained && is_word(&topic) {
            self.heard();
        }
        match topic {
            Topic::InputAck(_) => {
                let ack: Ack = decode(payload)?;
                self.resend_timer.answered();
                self.sender.stopwatch.acked(&ack);
                self.sender.outlet.acknowledge(ack);
                if ack.again && self.core.may_repeat(clock::now()) {
                    self.send_all();
                }
            }
            Topic::InputAsk(_) => {
                self.parts.layout().mailboxes.values().for_each(crate::host::Mailbox::ask);
            }
            Topic::ClockPong(_) => self.pong(&decode(payload)?),
            // One that the broker had kept is taken away.
            Topic::Command(_) | Topic::LedCommand(_) | Topic::TestCommand(_)
                if payload.is_empty() => {}
            Topic::Command(_) => self.desk.hand_in(message).await,
            Topic::AgentCommand(_) if payload.is_empty() => {}
            Topic::AgentCommand(_) => self.obey(decode(payload)?).await,
            Topic::LedCommand(_) => self.parts.leds(decode(payload)?),
            Topic::TestCommand(_) => match decode(payload)? {
                TestCommand::LedSequence => self.parts.led_sequence(),
                TestCommand::SimulateRfid { tag_uid } => self.parts.present_tag(&tag_uid),
            },
            Topic::Hello(_) if payload.is_empty() => {}
            Topic::Hello(_) => self.greeted(&decode(payload)?, message.retained),
            Topic::Hint(_) if payload.is_empty() => self.parts.hint(None),
            Topic::Hint(_) => self.parts.hint(Some(decode::<Hint>(payload)?)),
            Topic::CoreHello => {
                self.told_its_own = false;
                self.greet().await;
            }
            Topic::Mode => self.parts.mode(decode::<ModeState>(payload)?.mode),
            Topic::Question(_) => {
                self.told_its_own = true;
                self.parts.question(standing(payload)?);
            }
            Topic::Result(_) => {
                self.told_its_own = true;
                self.parts.result(standing(payload)?);
            }
            Topic::Answer(_) => self.parts.answered(decode(payload)?),
            Topic::Scene(_) => self.parts.scene(standing(payload)?),
            // They tell every slot of one room's question: of another room's, perhaps.
            Topic::NightStep | Topic::NightResult if self.told_its_own => {}
            Topic::NightStep => {
                self.parts.question(Some(decode::<NightStep>(payload)?.into()));
                self.parts.result(None);
            }
            Topic::NightResult => {
                let result = decode::<NightResult>(payload)?;
                let open = self.parts.slot_status.read().question.clone();
                if let Some(open) = open.filter(|open| open.step == result.step) {
                    let (question, why) = (open.question, Text::default());
                    self.parts.question(None);
                    self.parts.result(Some(SlotResult { result, question, why }));
                }
            }
            Topic::Status(_)
            | Topic::InputStatus(_)
            | Topic::InputEvent(_)
            | Topic::Leds(_)
            | Topic::Rfid(_)
            | Topic::ClockPing(_)
            | Topic::CommandAck(_)
            | Topic::NightVote
            | Topic::Ask(_)
            | Topic::Told(..)
            | Topic::Bank(_)
            | Topic::RoomState(_)
            | Topic::Pair(_)
            | Topic::PairAnswer(_) => {}
        }
        Ok(())
    }

    /// A `hello` stands on this slot's topic: its own, or that of another machine of its name.
    fn greeted(&mut self, hello: &Hello, kept: bool) {
        let sign = self.twin.heard(hello.boot, kept, clock::now());
        if sign == Sign::Nothing {
            return;
        }
        self.sender.shared.poison().absolve();
        if sign == Sign::Twin {
            self.client.wait_at_least(MANNERS);
            let (slot, start) = (&self.parts.config.slot, hello.boot.map(|boot| boot.to_string()));
            self.parts.slot_status.update(|state| {
                let changed = !std::mem::replace(&mut state.twin, true);
                if changed {
                    tracing::warn!(%slot, start, "another machine calls itself so, is its card a copy; give one of them another id");
                }
                changed
            });
        }
    }

    fn pong(&self, pong: &ClockPong) {
        let now = clock::now();
        if self.parts.clock.pong(pong, now) {
            self.sender.outlet.dated();
            self.parts.synced(now);
        }
    }

    async fn goodbye(self) {
        if self.tick.is_some() {
            let mut status = {
                let state = self.parts.slot_status.read();
                status_messages::input_status(&state, &self.parts.clock)
            };
            status.status = Overall::Offline;
            self.say(Topic::InputStatus, &status_messages::dated(&status), true).await;
        }
        let last = self.parts.presence(Presence::Offline);
        if self.client.disconnect(Some(last)).await.is_err() {
            tracing::debug!("there was nobody to say goodbye to");
        }
    }

    async fn say<T: Serialize>(&self, topic: OfSlot, message: &T, retained: bool) {
        self.publish(topic, encode(message), retained).await;
    }

    async fn publish(&self, topic: OfSlot, payload: Vec<u8>, retained: bool) {
        let topic = self.parts.topic(topic);
        match self.client.publish(topic, payload, Qos::AtLeastOnce, retained).await {
            // It is said again with the next connection.
            Ok(_) | Err(PublishError::Offline | PublishError::Closed) => {}
            Err(error @ (PublishError::Topic { .. } | PublishError::TooLarge { .. })) => {
                tracing::error!(%error, "the slot cannot say how it is");
            }
        }
    }
}

/// Resolves when nothing waits in the outbox.
async fn drained(seen: &mut watch::Receiver<SlotState>) {
    let empty = seen.wait_for(|state| state.outbox.waiting == 0).await.is_ok();
    if !empty {
        // Nobody is left who could tell.
        std::future::pending::<()>().await;
    }
}

//! Commands: checked against the clock, handed to the device, answered.

use super::Parts;
use crate::host::{Order, Outcome};
use eg_hal::clock;
use eg_mqtt::{Client, Qos};
use eg_proto::{Command, CommandAck, CommandResult, LedCommand, Set, Topic, encode};
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::oneshot;

/// An output of this name shows what the operator lets players read.
const HINT: &str = "hint";
/// How long each lamp shines in a test.
const SHINE: Duration = Duration::from_millis(250);

impl Parts {
    /// Hands a command to its device; the answer follows when the device has done it.
    pub(super) fn command(&self, client: &Client, command: Command) {
        let Command { id, expires_us, device, output, set } = command;
        let now = clock::now();
        let (answer, outcome) = oneshot::channel();
        let expires = self.clock.slot_time(expires_us, now);
        let mut order = Order { output, set, expires, answer: Some(answer) };
        let layout = self.layout();
        match (expires, layout.mailboxes.get(&device)) {
            (None, _) => {
                let why = "this slot does not know the core's time yet, so it cannot tell whether this is too late";
                order.conclude(Outcome::Refused(why.to_owned()));
            }
            (Some(expires), _) if now > expires => order.conclude(Outcome::Expired),
            (Some(_), None) => {
                let known: Vec<&str> = layout.mailboxes.keys().map(|name| name.as_str()).collect();
                let why =
                    format!("no device called {device:?}; this slot has {}", known.join(", "));
                order.conclude(Outcome::Refused(why));
            }
            (Some(_), Some(mailbox)) => {
                // The device may be busy: it looks at the clock once more.
                order.expires = Some(expires.unwrap_or(now));
                mailbox.order(order);
            }
        }
        let (client, topic) = (client.clone(), self.topic(Topic::CommandAck));
        tokio::spawn(async move {
            let gone = || Outcome::Refused("the device has stopped".to_owned());
            let (result, reason) = match outcome.await.unwrap_or_else(|_| gone()) {
                Outcome::Done => (CommandResult::Done, None),
                Outcome::Refused(why) => (CommandResult::Refused, Some(why)),
                Outcome::Expired => (CommandResult::Expired, None),
            };
            let ack = encode(&CommandAck { id, result, reason });
            if let Err(error) = client.publish(topic, ack, Qos::AtLeastOnce, false).await {
                tracing::warn!(%error, "the answer to a command was not sent");
            }
        });
    }

    /// The old way to set lamps, which knows no expiry and no answer.
    pub(super) fn leds(&self, command: LedCommand) {
        match command {
            LedCommand::One { index, state } => self.led(index, on(state)),
            LedCommand::All { states } => {
                let layout = self.layout();
                let count = layout.config.devices.iter().map(|device| device.outputs.len()).sum();
                let states = states.into_iter().take(count);
                (0..).zip(states).for_each(|(index, state)| self.led(index, on(state)));
            }
        }
    }

    /// Lights every lamp in turn. An output that may only be on for so long drives more than a lamp: it is left alone.
    pub(super) fn led_sequence(&self) {
        if self.testing.swap(true, Ordering::SeqCst) {
            return;
        }
        let layout = self.layout();
        let outputs = layout.config.devices.iter().flat_map(|device| &device.outputs).enumerate();
        let lamps: Vec<usize> =
            outputs.filter(|(_, output)| output.max_on.is_none()).map(|(index, _)| index).collect();
        let parts = self.clone();
        tokio::spawn(async move {
            let millis = u64::try_from(SHINE.as_millis()).unwrap_or(u64::MAX);
            for index in lamps {
                parts.led(index, Set::Pulse(millis));
                tokio::time::sleep(SHINE).await;
            }
            parts.testing.store(false, Ordering::SeqCst);
        });
    }

    /// Lets displays show a hint. A text that one of them has no room for stands on the slot page alone.
    pub(super) fn show_hint(&self, set: Set) {
        let layout = self.layout();
        for device in &layout.config.devices {
            let Some(mailbox) = layout.mailboxes.get(&device.name) else { continue };
            for output in device.outputs.iter().filter(|output| output.name.as_str() == HINT) {
                let (output, set) = (output.name.clone(), set.clone());
                mailbox.order(Order { output, set, expires: None, answer: None });
            }
        }
    }

    fn led(&self, index: usize, set: Set) {
        let layout = self.layout();
        let all = layout.config.devices.iter().flat_map(|device| {
            device.outputs.iter().map(move |output| (&device.name, &output.name))
        });
        let Some((device, output)) = all.into_iter().nth(index) else {
            tracing::warn!(index, "there is no lamp of this number");
            return;
        };
        if let Some(mailbox) = layout.mailboxes.get(device) {
            mailbox.order(Order { output: output.clone(), set, expires: None, answer: None });
        }
    }
}

fn on(state: bool) -> Set {
    if state { Set::On } else { Set::Off }
}

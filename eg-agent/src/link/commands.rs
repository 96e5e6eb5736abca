//! Commands for outputs: those of the core, the lamp commands of the old contract, and hints.

use super::parts::Parts;
use crate::core_clock::CoreClock;
use crate::host::{CommandOutcome, DeviceCommand, Mailbox};
use eg_hal::{Moment, clock};
use eg_page::complain;
use eg_proto::{Command, DeviceName, LedCommand, Set};
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::oneshot::{self, Receiver};

/// An output of this name shows what the operator lets players read.
const HINT: &str = "hint";
/// Longest time that a command may be valid: one that is valid for longer would move an output when nobody expects it.
const LONGEST: Duration = Duration::from_secs(60);
/// Time that each lamp shines in a test.
const SHINE: Duration = Duration::from_millis(250);

impl Parts {
    /// Takes a command in: gives its device, the command as that takes it, and where the outcome will be; the outcome
    /// at once when it cannot be handed to any.
    pub(super) fn accept(
        &self,
        command: Command,
    ) -> Result<(Mailbox, DeviceCommand, Receiver<CommandOutcome>), CommandOutcome> {
        let layout = self.layout();
        let device = command.device.clone();
        let (command, outcome) = accept(command, &self.clock, clock::now())?;
        match layout.mailboxes.get(&device) {
            Some(mailbox) => Ok((mailbox.clone(), command, outcome)),
            None => Err(no_device(&device, layout.mailboxes.keys())),
        }
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
                let (expires, pressed, answer) = (None, None, None);
                mailbox.command(DeviceCommand { output, set, expires, pressed, answer });
            }
        }
    }

    fn led(&self, index: usize, set: Set) {
        let layout = self.layout();
        let all = layout.config.devices.iter().flat_map(|device| {
            device.outputs.iter().map(move |output| (&device.name, &output.name))
        });
        let Some((device, output)) = all.into_iter().nth(index) else {
            complain("there is no lamp of this number", index, "");
            return;
        };
        if let Some(mailbox) = layout.mailboxes.get(device) {
            mailbox.command(DeviceCommand {
                output: output.clone(),
                set,
                expires: None,
                pressed: None,
                answer: None,
            });
        }
    }
}

/// Checks that a command is not too late, and gives it as its device takes it, with the place of its outcome.
///
/// # Errors
/// The outcome, when the command expired or nobody can tell whether it did.
pub(crate) fn accept(
    command: Command,
    core: &CoreClock,
    now: Moment,
) -> Result<(DeviceCommand, Receiver<CommandOutcome>), CommandOutcome> {
    let Command { id: _, expires_us, device: _, output, set, pressed_us } = command;
    let Some(expires) = core.slot_time(expires_us, now) else {
        let why = "this slot does not know the core's time yet, so it cannot tell whether this is too late";
        return Err(CommandOutcome::Refused(why.to_owned()));
    };
    if now > expires {
        return Err(CommandOutcome::Expired);
    }
    let ahead = Duration::from_micros(expires.0.saturating_sub(now.0));
    if ahead > LONGEST {
        let why = format!(
            "it is valid for {} s more; a command is valid for {} s at most",
            ahead.as_secs(),
            LONGEST.as_secs()
        );
        return Err(CommandOutcome::Refused(why));
    }
    let (answer, outcome) = oneshot::channel();
    // The device may be busy: it looks at the clock once more.
    let pressed = pressed_us.and_then(|at| core.slot_time(at, now));
    let pressed = pressed.filter(|at| *at <= now && now.since(*at) <= LONGEST);
    let (expires, answer) = (Some(expires), Some(answer));
    let command = DeviceCommand { output, set, expires, pressed, answer };
    Ok((command, outcome))
}

/// Refuses a command for a device that is not among the `known` ones.
pub(crate) fn no_device<'n>(
    device: &DeviceName,
    known: impl Iterator<Item = &'n DeviceName>,
) -> CommandOutcome {
    let known: Vec<&str> = known.map(|name| name.as_str()).collect();
    let known = known.join(", ");
    CommandOutcome::Refused(format!("no device called {device:?}; this slot has {known}"))
}

fn on(state: bool) -> Set {
    if state { Set::On } else { Set::Off }
}

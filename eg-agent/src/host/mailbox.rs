//! Mail of a device's thread: commands for its outputs, questions, and the request that it ends.

use crate::sync::{Mutex, MutexGuard};
use eg_hal::Moment;
use eg_proto::{CommandResult, OutputName, Set};
use rustix::event::{EventfdFlags, eventfd};
use std::collections::VecDeque;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, PoisonError};
use tokio::sync::oneshot;

/// Orders that wait for one device, at most; more are refused.
const WAITING: usize = 64;

/// One thing an output is told.
#[derive(Debug)]
pub struct DeviceCommand {
    /// Name of the output.
    pub output: OutputName,
    /// State that the output is told.
    pub set: Set,
    /// Moment of the slot's clock after which it must not be carried out any more.
    pub expires: Option<Moment>,
    /// Moment of the press that it answers, on the slot's clock.
    pub pressed: Option<Moment>,
    /// Sender of the outcome.
    pub answer: Option<oneshot::Sender<CommandOutcome>>,
}

/// Outcome of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommandOutcome {
    /// Carried out.
    Done,
    /// The device did not carry it out, for this reason in one line.
    Refused(String),
    /// The command came too late, so it was not carried out.
    Expired,
}

impl CommandOutcome {
    /// The outcome as the core is told it, and why it was refused.
    pub(crate) fn told(self) -> (CommandResult, Option<String>) {
        match self {
            Self::Done => (CommandResult::Done, None),
            Self::Refused(why) => (CommandResult::Refused, Some(why)),
            Self::Expired => (CommandResult::Expired, None),
        }
    }
}

/// The way to one device's thread. Clones lead to the same.
#[derive(Clone, Debug)]
pub(crate) struct Mailbox(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    nudge: OwnedFd,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    commands: VecDeque<DeviceCommand>,
    roll_calls: Vec<oneshot::Sender<()>>,
    link_lost: Option<Moment>,
    asked: bool,
    /// Reason why the thread takes nothing: its driver hangs.
    hung: Option<String>,
    stop: bool,
}

/// Content of a mailbox.
#[derive(Debug, Default)]
pub(crate) struct Mail {
    /// Oldest first.
    pub(crate) commands: VecDeque<DeviceCommand>,
    /// Roll calls to be answered when everything that is due is done: the thread lives.
    pub(crate) roll_calls: Vec<oneshot::Sender<()>>,
    /// Moment since which there is no link to the core; `None` while there is.
    pub(crate) link_lost: Option<Moment>,
    /// `true` if somebody wants to know how all inputs stand.
    pub(crate) asked: bool,
    /// The thread shall end.
    pub(crate) stop: bool,
}

impl Mailbox {
    /// An empty one, without a link since `now`.
    pub(crate) fn new(now: Moment) -> io::Result<Self> {
        let nudge = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        let state = State { link_lost: Some(now), ..State::default() };
        Ok(Self(Arc::new(Inner { nudge, state: Mutex::new(state) })))
    }

    /// Puts a command in. Beyond 64 that wait, while the driver hangs, and after the end, it is refused at once.
    pub(crate) fn command(&self, command: DeviceCommand) {
        let mut state = self.state();
        let refused = if state.stop {
            Some("the device is stopping")
        } else if state.commands.len() >= WAITING {
            Some("too many commands wait for this device")
        } else {
            state.hung.as_deref()
        };
        if let Some(why) = refused {
            let why = why.to_owned();
            drop(state);
            return command.conclude(CommandOutcome::Refused(why));
        }
        state.commands.push_back(command);
        drop(state);
        self.nudge();
    }

    /// Tells that the driver hangs, and in which words, or that it is back. What waits is refused.
    pub(crate) fn hang(&self, why: Option<&str>) {
        let mut state = self.state();
        state.hung = why.map(str::to_owned);
        if let Some(why) = why {
            let commands = std::mem::take(&mut state.commands);
            let calls = std::mem::take(&mut state.roll_calls);
            drop(state);
            commands
                .into_iter()
                .for_each(|command| command.conclude(CommandOutcome::Refused(why.to_owned())));
            calls.into_iter().for_each(answer);
        }
    }

    /// Answered by the thread when it has done everything that is due; at once while its driver hangs, for that is known.
    pub(crate) fn roll_call(&self) -> oneshot::Receiver<()> {
        let (call, answered) = oneshot::channel();
        let mut state = self.state();
        if state.hung.is_some() || state.stop {
            answer(call);
        } else {
            state.roll_calls.push(call);
            drop(state);
            self.nudge();
        }
        answered
    }

    /// Tells since when there is no link; `None`: there is one.
    pub(crate) fn link(&self, lost: Option<Moment>) {
        self.state().link_lost = lost;
        self.nudge();
    }

    /// Asks how all inputs stand: a snapshot of them follows.
    pub(crate) fn ask(&self) {
        self.state().asked = true;
        self.nudge();
    }

    /// Asks the thread to end.
    pub(crate) fn stop(&self) {
        self.state().stop = true;
        self.nudge();
    }

    /// The thread has been asked to end.
    pub(crate) fn is_stopping(&self) -> bool {
        self.state().stop
    }

    /// Calms the descriptor, before [`take`](Self::take): what comes in between is taken, and wakes once more.
    pub(crate) fn calm(&self) {
        // Fails only when nobody nudged, and then there is nothing to calm.
        let _ = rustix::io::read(&self.0.nudge, &mut [0; 8]);
    }

    /// Takes what is there.
    pub(crate) fn take(&self) -> Mail {
        let mut state = self.state();
        let commands = std::mem::take(&mut state.commands);
        let roll_calls = std::mem::take(&mut state.roll_calls);
        let asked = std::mem::take(&mut state.asked);
        Mail { commands, roll_calls, link_lost: state.link_lost, asked, stop: state.stop }
    }

    /// Readable while there is something to take.
    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.0.nudge.as_fd()
    }

    fn nudge(&self) {
        // Fails only when the counter is full, and then it is readable already.
        let _ = rustix::io::write(&self.0.nudge, &1_u64.to_ne_bytes());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DeviceCommand {
    /// Tells whoever asked, if they still listen.
    pub(crate) fn conclude(self, outcome: CommandOutcome) {
        if let Some(answer) = self.answer {
            drop(answer.send(outcome));
        }
    }
}

/// Answers a roll call, if somebody still waits for it.
pub(super) fn answer(call: oneshot::Sender<()>) {
    let _ = call.send(());
}

#[cfg(test)]
#[cfg(shuttle)]
mod interleavings;

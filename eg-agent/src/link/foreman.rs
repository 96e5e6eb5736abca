//! The task that has commands carried out: one after the other, each once, and every one answered.

use super::done::{Done, Progress};
use super::parts::Parts;
use crate::host::CommandOutcome;
use eg_mqtt::{Client, Message, Qos};
use eg_page::complain;
use eg_proto::{Command, CommandAck, CommandResult, Topic, decode, encode};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::{JoinError, JoinSet, spawn_blocking};

/// Commands that wait for the task, at most; more are refused.
const WAITING: usize = 256;
/// Longest name of a command, in characters.
const LONGEST: usize = 64;
/// Reason why a command that the broker kept is refused.
const KEPT: &str = "the broker kept this command (it is retained) and would repeat it with every connection; commands are sent without retain";

/// Entrance where the reader hands commands in.
#[derive(Clone, Debug)]
pub(super) struct Desk {
    commands: Sender<Command>,
    client: Client,
    answers: String,
}

pub(super) struct Foreman {
    parts: Parts,
    desk: Desk,
    commands: Receiver<Command>,
    /// Path of the file that remembers the last commands.
    file: PathBuf,
}

impl Foreman {
    /// The task, and the desk where commands are handed in. What was done is remembered in `file`.
    pub(super) fn new(parts: Parts, client: Client, file: PathBuf) -> (Self, Desk) {
        let (hand_in, commands) = channel(WAITING);
        let desk = Desk { commands: hand_in, client, answers: parts.topic(Topic::CommandAck) };
        (Self { parts, desk: desk.clone(), commands, file }, desk)
    }

    /// Runs until it is aborted.
    pub(super) async fn run(mut self) {
        let file = self.file.clone();
        let done = match spawn_blocking(move || Done::open(file)).await {
            Ok(done) => Arc::new(Mutex::new(done)),
            Err(panic) => return broken(&panic),
        };
        let mut under_way = JoinSet::new();
        loop {
            let written = tokio::select! {
                Some(command) = self.commands.recv() => {
                    self.carry_out(command, &done, &mut under_way).await
                }
                Some(Ok((id, outcome))) = under_way.join_next() => {
                    let (result, reason) = outcome.told();
                    let name = id.clone();
                    let written = book(&done, move |done| done.end(&name, result)).await;
                    self.desk.answer(id, result, reason).await;
                    written
                }
                else => return,
            };
            if let Err(panic) = written {
                return broken(&panic);
            }
        }
    }

    /// Has a command carried out, unless it was before. It is written down first: whatever dies then, nothing is done
    /// twice.
    async fn carry_out(
        &self,
        command: Command,
        done: &Arc<Mutex<Done>>,
        under_way: &mut JoinSet<(String, CommandOutcome)>,
    ) -> Result<(), JoinError> {
        let id = command.id.clone();
        let (name, accepted) = (id.clone(), self.parts.accept(command));
        let begins = accepted.is_ok();
        // One way to the disk and back: a lamp that answers a press waits for it.
        let before = book(done, move |done| {
            let before = done.progress(&name);
            if before.is_none() && begins {
                done.begin(&name);
            }
            before
        });
        match (before.await?, accepted) {
            // Its answer is on the way.
            (Some(Progress::Begun), _) => {}
            (Some(Progress::Done), _) => self.desk.answer(id, CommandResult::Done, None).await,
            (Some(Progress::Interrupted), _) => {
                let why =
                    "it was begun before the agent was started anew, and nothing is done twice";
                self.desk.answer(id, CommandResult::Refused, Some(why.to_owned())).await;
            }
            (None, Ok((mailbox, command, outcome))) => {
                mailbox.command(command);
                under_way.spawn(async move {
                    let gone = || CommandOutcome::Refused("the device has stopped".to_owned());
                    (id, outcome.await.unwrap_or_else(|_| gone()))
                });
            }
            (None, Err(outcome)) => {
                let (result, reason) = outcome.told();
                self.desk.answer(id, result, reason).await;
            }
        }
        Ok(())
    }
}

impl Desk {
    /// Takes a command in; one that cannot be taken is refused, as far as its name can be read.
    pub(super) async fn hand_in(&self, message: &Message) {
        let refused = match decode::<Command>(&message.payload) {
            Ok(command) if message.retained => Some((command.id, KEPT.to_owned())),
            Ok(command) if command.id.is_empty() || command.id.chars().count() > LONGEST => {
                let why = format!("a command's id has 1 to {LONGEST} characters");
                Some((command.id.chars().take(LONGEST).collect(), why))
            }
            Ok(command) => self.commands.try_send(command).err().map(|full| {
                (full.into_inner().id, "too many commands wait at this slot".to_owned())
            }),
            Err(error) => match name(&message.payload) {
                Some(id) if message.retained => Some((id, KEPT.to_owned())),
                Some(id) => Some((id, error.to_string())),
                None => {
                    complain("a command without a name that can be read", "", error);
                    None
                }
            },
        };
        if let Some((id, why)) = refused {
            complain("a command is refused", &id, &why);
            self.answer(id, CommandResult::Refused, Some(why)).await;
        }
    }

    async fn answer(&self, id: String, result: CommandResult, reason: Option<String>) {
        let ack = encode(&CommandAck { id, result, reason });
        let topic = self.answers.as_str();
        if let Err(error) = self.client.publish(topic, ack, Qos::AtLeastOnce, false).await {
            tracing::warn!(%error, "the answer to a command was not sent");
        }
    }
}

/// The name of a command of which nothing else can be read.
fn name(payload: &[u8]) -> Option<String> {
    let id = decode::<Value>(payload).ok()?.get("id")?.as_str()?.to_owned();
    (1..=LONGEST).contains(&id.chars().count()).then_some(id)
}

/// Reads or writes what was done, away from the tasks that must not wait for a disk.
async fn book<T: Send + 'static>(
    done: &Arc<Mutex<Done>>,
    act: impl FnOnce(&mut Done) -> T + Send + 'static,
) -> Result<T, JoinError> {
    let done = Arc::clone(done);
    spawn_blocking(move || act(&mut done.lock().unwrap_or_else(PoisonError::into_inner))).await
}

fn broken(panic: &JoinError) {
    tracing::error!(%panic, "commands are not carried out any more, restart the agent");
}

//! Operator of the demo: waits until every slot is online, starts the night and opens its steps one after the other.

use crate::engine::command::{Actor, Command, Refused};
use crate::engine::handle::Handle;
use crate::journal::Entry;
use crate::journal::Kind;
use eg_game::StepResult;
use eg_proto::{Presence, RoomId, SlotId};
use serde_json::Map;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::sleep;

/// Name of the actor in the journal.
const DIRECTOR: &str = "demo";

pub(super) struct Director {
    pub(super) handle: Handle,
    pub(super) room: RoomId,
    /// Pause between a result and the next question.
    pub(super) pause: Duration,
}

/// Reason why a night did not run to its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum NightError {
    /// The core refused an act: somebody else took over, or a setting is wrong.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The core stopped.
    #[error("the core stopped before the night was over")]
    Stopped,
}

impl Director {
    /// Waits until every slot is online.
    pub(super) async fn gather(&self, slots: &[SlotId]) -> Result<(), NightError> {
        gather(&self.handle, slots).await
    }

    /// Plays one night of `steps` steps and returns their results in order.
    pub(super) async fn night(&self, steps: u32) -> Result<Vec<StepResult>, NightError> {
        let mut live = self.handle.live();
        let by = || Actor(DIRECTOR.to_owned());
        let (room, game, config, reason) = (self.room.clone(), None, None, None);
        let start = Command::Start { room, game, config, reason };
        let session = self.handle.ask(by(), start).await?.number;
        let mut results = Vec::new();
        for step in 1..=steps {
            sleep(self.pause).await;
            self.act("next").await?;
            results.push(result(&mut live, session, step).await?);
        }
        sleep(self.pause).await;
        self.act("finish").await?;
        Ok(results)
    }

    async fn act(&self, name: &str) -> Result<i64, Refused> {
        let by = Actor(DIRECTOR.to_owned());
        let (room, name, args, reason) = (self.room.clone(), name.to_owned(), Map::new(), None);
        Ok(self.handle.ask(by, Command::Act { room, name, args, reason }).await?.number)
    }
}

/// Waits until every slot is online.
pub(super) async fn gather(handle: &Handle, slots: &[SlotId]) -> Result<(), NightError> {
    let mut state = handle.changed();
    let everybody = |state: &Arc<crate::engine::read_model::ReadModel>| {
        slots
            .iter()
            .all(|slot| state.slots.get(slot).is_some_and(|slot| slot.presence == Presence::Online))
    };
    state.wait_for(everybody).await.map(drop).map_err(|_| NightError::Stopped)
}

/// Waits for the result of a session's step and returns it.
async fn result(
    live: &mut Receiver<Arc<Entry>>,
    session: i64,
    step: u32,
) -> Result<StepResult, NightError> {
    loop {
        match live.recv().await {
            Ok(entry) if entry.kind == Kind::Result && entry.session == Some(session) => {
                let result = serde_json::from_value::<StepResult>(entry.body.clone());
                if let Some(result) = result.ok().filter(|result| result.step == step) {
                    return Ok(result);
                }
            }
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return Err(NightError::Stopped),
        }
    }
}

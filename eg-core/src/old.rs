//! What another installation holds, taken over: wallets and payouts of its SQLite database become movements here.
//!
//! All of it or nothing, and each wallet and payout once, however often it is asked for.

mod database;
mod doubts;

pub use database::{Found, OldError, Payout, Table, Wallet, read};

use crate::clock::Clock;
use crate::config::CoreConfig;
use crate::engine::Engine;
use crate::handle::{Actor, Refused, Request};
use crate::journal::{Journal, JournalError, json};
use crate::state::SessionStatus;
use eg_proto::{RoomId, Text};
use std::sync::Arc;
use tokio::sync::oneshot;

/// The game that keeps wallets.
const BANK: &str = "casino";

/// Why nothing was taken over.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The journal cannot be used; a core that runs holds it.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// No room plays the casino.
    #[error("no room{} plays the game {BANK:?}; add one to the rooms of core.yaml: day: {{ slots: [], game: {BANK} }}", said.as_ref().map(|room| format!(" {room}")).unwrap_or_default())]
    NoBank {
        /// The room that was asked for.
        said: Option<RoomId>,
    },
    /// The bank did not take it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The engine gave no answer.
    #[error("the engine gave no answer")]
    Silent,
}

/// What was taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The room whose bank has it.
    pub room: RoomId,
    /// That bank's session.
    pub session: i64,
    /// How much, in words.
    pub said: Text,
    /// What was left as it was, by name.
    pub left: Option<Text>,
}

/// Writes it into the journal, as one act of the operator in the bank's session, which is started when none runs. The
/// core must not run meanwhile.
///
/// # Errors
/// [`ImportError`]. Nothing was taken over then.
pub fn import(
    config: &CoreConfig,
    room: Option<&RoomId>,
    found: &Found,
    clock: Arc<dyn Clock>,
) -> Result<Done, ImportError> {
    let plays = |(name, config): &(&RoomId, &_)| {
        let config: &crate::config::RoomConfig = config;
        config.game == BANK && room.is_none_or(|room| room == *name)
    };
    let place = config.rooms.iter().find(plays).map(|(name, _)| name.clone());
    let room = place.ok_or_else(|| ImportError::NoBank { said: room.cloned() })?;
    let journal = Journal::open(&config.db, config.durability)?;
    let (mut engine, handle, _) = Engine::open(config, journal, clock)?;
    let by = || Actor("import-old".to_owned());
    let running = handle.state().rooms.get(&room).and_then(|room| {
        let running = |session: &&crate::state::Session| session.status == SessionStatus::Running;
        room.session.as_ref().filter(running).map(|session| session.id)
    });
    let session = match running {
        Some(session) => session,
        None => {
            let (room, game, config, reason) = (room.clone(), None, None, None);
            let by = by();
            ask(&mut engine, |answer| Request::Start { room, game, config, reason, by, answer })?
        }
    };
    let (name, reason) = ("import".to_owned(), Some(format!("from {}", found.file.display())));
    let args = json(found).as_object().cloned().unwrap_or_default();
    let place = room.clone();
    let act = ask(&mut engine, |answer| Request::Act {
        room: place,
        name,
        args,
        reason,
        by: by(),
        answer,
    })?;
    let entries = engine.journal().reader().entries(act, 2)?;
    let mut lines = entries.iter().map(|entry| {
        entry.body.get("line").and_then(|line| serde_json::from_value(line.clone()).ok())
    });
    let (said, left) = (lines.next().flatten().unwrap_or_default(), lines.next().flatten());
    Ok(Done { room, session, said, left })
}

fn ask<T>(
    engine: &mut Engine,
    request: impl FnOnce(oneshot::Sender<Result<T, Refused>>) -> Request,
) -> Result<T, ImportError> {
    let (answer, mut answered) = oneshot::channel();
    engine.round(Vec::new(), vec![request(answer)]);
    Ok(answered.try_recv().map_err(|_| ImportError::Silent)??)
}

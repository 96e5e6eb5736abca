//! Import from another installation: wallets and payouts of its SQLite database become movements here.
//!
//! Everything is imported, or nothing; and each wallet and payout once, however often the import is repeated.

mod database;
mod doubts;
mod found;
mod table;

pub use database::read;
pub use found::{Found, OldError, Payout, Table, Wallet};

use crate::clock::Clock;
use crate::config::CoreConfig;
use crate::engine::Engine;
use crate::engine::command::{Actor, Command, Refused, Request};
use crate::engine::read_model::SessionStatus;
use crate::games::BANK;
use crate::journal::{Journal, JournalError, json};
use eg_proto::{RoomId, Text};
use std::sync::Arc;
use tokio::sync::oneshot;

/// Reason why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The journal cannot be used: a running core holds it, or it cannot be read or written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// No room plays the casino.
    #[error("no room{} plays the game {BANK:?}; add one to the rooms of core.yaml: day: {{ slots: [], game: {BANK} }}", said.as_ref().map(|room| format!(" {room}")).unwrap_or_default())]
    NoBank {
        /// Room that was asked for; `None` if none was named.
        said: Option<RoomId>,
    },
    /// The bank refused the import.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The engine gave no answer.
    #[error("the engine gave no answer")]
    Silent,
}

/// Result of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Room whose bank holds the money now.
    pub room: RoomId,
    /// Number of that bank's session.
    pub session: i64,
    /// Summary of the imported wallets and payouts, in words.
    pub said: Text,
    /// Wallets that had been imported before and were left as they were, by tag and amount, in words.
    pub left: Option<Text>,
}

/// Writes the wallets and payouts into the journal, as one act of the operator in the bank's session, which is started
/// when none runs. The core must not run meanwhile.
///
/// # Errors
/// [`ImportError`]. Nothing was imported then.
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
    let running = handle.state().rooms.get(&room).and_then(|room| {
        let running = |session: &&crate::engine::read_model::Session| {
            session.status == SessionStatus::Running
        };
        room.session.as_ref().filter(running).map(|session| session.id)
    });
    let session = match running {
        Some(session) => session,
        None => {
            let (room, game, config, reason) = (room.clone(), None, None, None);
            ask(&mut engine, Command::Start { room, game, config, reason })?
        }
    };
    let (name, reason) = ("import".to_owned(), Some(format!("from {}", found.file.display())));
    let args = json(found).as_object().cloned().unwrap_or_default();
    let act = Command::Act { room: room.clone(), name, args, reason };
    let act = ask(&mut engine, act)?;
    let entries = engine.journal().reader().entries(act, 2)?;
    let mut lines = entries.iter().map(|entry| {
        entry.body.get("line").and_then(|line| serde_json::from_value(line.clone()).ok())
    });
    let (said, left) = (lines.next().flatten().unwrap_or_default(), lines.next().flatten());
    Ok(Done { room, session, said, left })
}

/// Runs a command in the engine and returns the number of its receipt.
fn ask(engine: &mut Engine, command: Command) -> Result<i64, ImportError> {
    let (reply, mut answered) = oneshot::channel();
    let by = Actor("import-old".to_owned());
    engine.round(Vec::new(), vec![Request { by, command, reply }]);
    Ok(answered.try_recv().map_err(|_| ImportError::Silent)??.number)
}

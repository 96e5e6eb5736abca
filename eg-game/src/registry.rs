//! The games of this process, gathered at link time.

use crate::erased::Session;
use crate::session::GameSession;
use crate::{Game, InputFilter, Roster, StartError};
use eg_config::{KeyPath, Problems, Source, json_at, read_at};
use schemars::Schema;

/// One game: its name, its crate, and its functions with the types erased.
#[derive(Clone, Copy)]
pub struct GameEntry {
    /// See [`Game::KIND`].
    pub kind: &'static str,
    /// The crate that registered it.
    pub krate: &'static str,
    /// Version of that crate.
    pub version: &'static str,
    /// Description of that crate, one line.
    pub about: &'static str,
    /// Reads the `config` that stands at this path, and only that. JSON is read as the YAML that it is.
    pub check: fn(&Source, &KeyPath) -> Result<(), Problems>,
    /// Reads the `config` likewise and gives it as JSON to keep: what the game takes as text is the text that stands in
    /// the file, whatever it looks like.
    pub keep: fn(&Source, &KeyPath) -> Result<serde_json::Value, Problems>,
    /// Reads the `config` and starts a session.
    pub start: fn(&Source, &KeyPath, &Roster) -> Started,
    /// The JSON Schema of `config`.
    pub schema: fn() -> Schema,
    /// See [`Game::CARRIES`].
    pub carries: bool,
    /// See [`Game::INPUTS`].
    pub inputs: InputFilter,
}

/// A session that has started, or why not.
pub type Started = Result<Box<dyn Session>, EntryError>;

/// Reason for which an entry could not start a session.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// `config` is wrong: each mistake with its place.
    #[error(transparent)]
    Config(#[from] Problems),
    /// The settings cannot work for this roster.
    #[error(transparent)]
    Start(#[from] StartError),
}

impl GameEntry {
    /// Describes `G`; [`register!`](crate::register) calls it.
    pub const fn of<G: Game>(
        krate: &'static str,
        version: &'static str,
        about: &'static str,
    ) -> Self {
        Self {
            kind: G::KIND,
            krate,
            version,
            about,
            check: |source, path| read_at::<G::Config>(source, path).map(drop),
            keep: |source, path| {
                let config = json_at::<G::Config>(source, path)?;
                Ok(if config.is_null() { serde_json::Map::new().into() } else { config })
            },
            start: |source, path, roster| {
                let game = G::start(read_at(source, path)?, roster)?;
                Ok(Box::new(GameSession::new(game, roster.clone())))
            },
            schema: || schemars::schema_for!(G::Config),
            carries: G::CARRIES,
            inputs: G::INPUTS,
        }
    }
}

inventory::collect!(GameEntry);

/// Lists every linked game, sorted by kind.
pub fn games() -> Vec<&'static GameEntry> {
    let mut all: Vec<_> = inventory::iter::<GameEntry>.into_iter().collect();
    all.sort_by_key(|entry| (entry.kind, entry.krate));
    all
}

/// Two games of one kind: a start-up error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "two games are called {kind:?}: one from crate {first}, one from crate {second}; rename one of them"
)]
pub struct Twins {
    /// The name both claim.
    pub kind: &'static str,
    /// One crate.
    pub first: &'static str,
    /// The other.
    pub second: &'static str,
}

/// The first two of `sorted` that share a kind.
pub fn twins(sorted: &[&GameEntry]) -> Option<Twins> {
    sorted.windows(2).find_map(|pair| match pair {
        [one, two] if one.kind == two.kind => {
            Some(Twins { kind: one.kind, first: one.krate, second: two.krate })
        }
        _ => None,
    })
}

/// Makes a game selectable by name. Once per game, as the last line of its `lib.rs`.
#[macro_export]
macro_rules! register {
    ($game:ty) => {
        $crate::inventory::submit! {
            $crate::GameEntry::of::<$game>(
                env!("CARGO_PKG_NAME"),
                env!("CARGO_PKG_VERSION"),
                env!("CARGO_PKG_DESCRIPTION"),
            )
        }
    };
}

//! Start of a game by its entry, and the words of its panics.

use eg_config::{KeyPath, Source};
use eg_game::{EntryError, GameEntry, Roster};
use serde_json::Value;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Checks settings that somebody sends now, where a number is no text. Returns problems, or a panic, as text.
pub(in crate::engine) fn check(entry: &GameEntry, config: &Value) -> Result<(), String> {
    let source = Source::json("config", config);
    match catch_unwind(AssertUnwindSafe(|| (entry.check)(&source, &KeyPath::root()))) {
        Ok(checked) => checked.map_err(|problems| problems.to_string()),
        Err(panic) => Err(words(&*panic)),
    }
}

/// Starts a game with settings that are stored. Returns problems, or a panic, as text.
pub(in crate::engine) fn start(
    entry: &GameEntry,
    config: &Value,
    roster: &Roster,
) -> Result<Box<dyn eg_game::Session>, String> {
    let source = Source::kept_json("config", config);
    let started =
        catch_unwind(AssertUnwindSafe(|| (entry.start)(&source, &KeyPath::root(), roster)));
    match started {
        Ok(Ok(game)) => Ok(game),
        Ok(Err(EntryError::Config(problems))) => Err(problems.to_string()),
        Ok(Err(EntryError::Start(error))) => Err(error.to_string()),
        Err(panic) => Err(words(&*panic)),
    }
}

/// Extracts the message of a panic.
pub(super) fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "it panicked without a word".to_owned())
}

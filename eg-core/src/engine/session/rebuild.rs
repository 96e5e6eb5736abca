//! Rebuild of a session from the journal, as it was or without an act that is undone.

use super::act_log::UNDO;
use super::cause::{Cause, cause_of};
use super::game;
use super::live::LiveSession;
use super::reorder::MOST;
use super::timers::MOMENT;
use super::timers::{ENDLESS, TIMERS};
use crate::journal::Entry;
use crate::journal::Kind;
use crate::journal::{Ending, Journal, JournalError, KeptSession};
use eg_game::{Act, RULES, games};
use eg_proto::Timestamp;
use serde_json::Value;
use std::collections::BTreeSet;

/// Rebuilds a session from everything that the journal holds of it. Effects are not carried out again.
pub(in crate::engine) fn rebuild(
    journal: &Journal,
    kept: KeptSession,
) -> Result<LiveSession, JournalError> {
    let end = match &kept.ending {
        Some(Ending::Failed { at, .. }) => *at,
        Some(Ending::Done | Ending::Aborted) | None => i64::MAX,
    };
    let mut run = started(kept.clone());
    let mut failed = None;
    journal.replay(run.id, |entry| {
        if entry.id >= end || failed.is_some() {
            return;
        }
        match undoing(&entry) {
            Some((act, target)) => {
                let before = run.view_snapshot(act.at);
                match rebuild_without(
                    |take| journal.replay(run.id, take),
                    kept.clone(),
                    &run,
                    &act,
                    target,
                ) {
                    Ok(other) => {
                        run = other;
                        run.note(&act, &before, None);
                    }
                    Err(error) => failed = Some(error),
                }
            }
            None => replay(&mut run, &entry),
        }
    })?;
    failed.map_or(Ok(run), Err)
}

/// Rebuilds a session as it would be without the act `target`, which the act `act` undoes. Presses and other acts stay;
/// timers fire as they would have fired. Time after the end of `old` does not count. `past` passes the entries of the
/// session in their order.
pub(in crate::engine) fn rebuild_without<E>(
    past: impl FnOnce(&mut dyn FnMut(Entry)) -> Result<(), E>,
    kept: KeptSession,
    old: &LiveSession,
    act: &Act,
    target: i64,
) -> Result<LiveSession, E> {
    let mut gone: BTreeSet<i64> = old.undone().collect();
    gone.insert(target);
    let mut run = started(kept);
    past(&mut |entry| {
        if entry.id >= act.id || gone.contains(&entry.id) || undoing(&entry).is_some() {
            return;
        }
        // The timers of this past are its own.
        if entry.kind != Kind::Timer {
            if let Ok(Some(cause)) = cause_of(&entry, run.roster.rules())
                && let Some((until, settled)) = before(&run, &entry, &cause)
            {
                ring(&mut run, until, settled);
            }
            replay(&mut run, &entry);
        }
    })?;
    let stood = old.over_since().unwrap_or(act.at).min(act.at);
    let settled = stood.min(unheld(&run));
    ring(&mut run, stood, settled);
    run.stand_still(act.at.since(stood));
    run.take_over(old, target, act.id);
    run.last = act.id;
    Ok(run)
}

/// Returns two limits for timers that fire before an entry: one for ordinary timers, and one for those that wait for
/// earlier inputs. `None` before an input that is held itself: nothing happens to the session then.
fn before(run: &LiveSession, entry: &Entry, cause: &Cause) -> Option<(Timestamp, Timestamp)> {
    let at = entry.at;
    match cause {
        Cause::Played(_, moment) => Some((at - MOMENT, *moment - MOMENT)),
        Cause::Input(input) if run.waits() && run.hears_by_time() && run.holds_back(input) => None,
        // What comes later than any wait came after the deadline had run out.
        Cause::Input(input) => Some((at, (input.at - MOMENT).max(at - MOST).min(unheld(run)))),
        Cause::Timer(..) | Cause::Act(_) | Cause::Asked(_) | Cause::Resumed(_) => {
            Some((at, at.min(unheld(run))))
        }
    }
}

/// Returns the last moment before the first held input.
fn unheld(run: &LiveSession) -> Timestamp {
    run.queue().next_place().map_or(Timestamp(i64::MAX), |place| place - MOMENT)
}

/// Fires timers that are due by `until`, and by `settled` if they wait for earlier inputs.
fn ring(run: &mut LiveSession, until: Timestamp, settled: Timestamp) {
    for _ in 0..TIMERS {
        let Some((due, timer)) = run.timers().next(until, |due| due <= settled) else { return };
        drop(run.apply(&Cause::Timer(timer, due)));
        if !run.hears_by_time() {
            for held in run.freed() {
                drop(run.apply(&Cause::Played(held, until)));
            }
        }
    }
    run.fail(ENDLESS.to_owned());
}

/// Returns the act, and the number of the act that it undoes, if this entry is an undo.
pub(in crate::engine) fn undoing(entry: &Entry) -> Option<(Act, i64)> {
    if entry.kind != Kind::Act || entry.body.get("name").and_then(Value::as_str) != Some(UNDO) {
        return None;
    }
    let act: Act = serde_json::from_value(entry.body.clone()).ok()?;
    let target = act.args.get("entry").and_then(Value::as_i64)?;
    Some((act, target))
}

/// Builds a session as it was before anything had happened to it.
pub(in crate::engine) fn started(kept: KeptSession) -> LiveSession {
    let rules = kept.roster.rules();
    let game = match games().into_iter().find(|entry| entry.kind == kept.game) {
        _ if kept.unreadable.is_some() => Err(format!(
            "row {} of the journal's sessions cannot be read: {}",
            kept.id,
            kept.unreadable.as_deref().unwrap_or_default()
        )),
        _ if rules > RULES => Err(format!(
            "it is played by revision {rules} of the rules; this core knows 1 to {RULES}"
        )),
        Some(entry) => game::start(entry, &kept.config, &kept.roster),
        None => Err(format!("this core has no game called {:?}", kept.game)),
    };
    LiveSession::new(kept, game)
}

fn replay(run: &mut LiveSession, entry: &Entry) {
    match cause_of(entry, run.roster.rules()) {
        Ok(None) => {}
        Ok(Some(cause)) => {
            run.last = entry.id;
            // Its status says why it failed.
            drop(run.apply(&cause));
        }
        Err(problem) => {
            let words = format!("entry {} of the journal makes no sense: {problem}", entry.id);
            tracing::error!(session = run.id, entry = entry.id, problem, "cannot be replayed");
            run.fail(words);
        }
    }
}

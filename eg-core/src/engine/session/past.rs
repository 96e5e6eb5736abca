//! Past of a session: the operator's acts and their changes, and the replacement of one past by another.

use super::live::LiveSession;
use super::{act_log, view_diff};
use crate::engine::read_model::{ActRecord, SessionStatus};
use crate::journal::blanked;
use crate::show::{NONE, Outcome};
use eg_game::{Act, Audience, Effect, Offer, Text};
use eg_proto::Timestamp;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// View and offers of the operator at one moment.
#[derive(Default)]
pub(in crate::engine) struct ViewSnapshot {
    lines: Vec<Text>,
    offers: Vec<Offer>,
}

impl LiveSession {
    /// Returns the operator's view at `at` as lines, without secrets, and the acts on offer.
    pub(in crate::engine) fn view_snapshot(&self, at: Timestamp) -> ViewSnapshot {
        let Some(game) = &self.game else { return ViewSnapshot::default() };
        let seen = catch_unwind(AssertUnwindSafe(|| {
            (game.view(&Audience::Operator { revealed: false }), game.offers())
        }));
        let Ok((view, offers)) = seen else { return ViewSnapshot::default() };
        let mut lines = view_diff::lines(&view, &self.roster, at);
        lines.extend(self.hints.lines());
        lines.extend(self.forced.lines());
        ViewSnapshot { lines, offers }
    }

    /// Adds an act of the operator to the log, with its changes to the view since `before`.
    pub(in crate::engine) fn note(
        &mut self,
        act: &Act,
        before: &ViewSnapshot,
        refused: Option<Text>,
    ) {
        let (gone, come) = view_diff::change(&before.lines, &self.view_snapshot(act.at).lines);
        let choice = act.args.get("choice").and_then(serde_json::Value::as_str);
        // Why it was refused may name what was chosen for a player.
        let refused = refused.map(|why| blanked(&why, choice.as_slice()));
        let offer = before.offers.iter().find(|offer| offer.name == act.name);
        self.acts.write(ActRecord {
            entry: act.id,
            at: act.at,
            by: act.by.clone(),
            name: act.name.clone(),
            label: offer.map_or_else(|| act_log::label(&act.name), |offer| offer.label.clone()),
            slot: act.args.get("slot").and_then(|slot| slot.as_str()?.parse().ok()),
            reason: act.reason.clone(),
            can_undo: refused.is_none() && act_log::can_undo(&act.name) && self.rewinds(),
            refused,
            before: gone,
            after: come,
            undone: None,
        });
        self.touched = true;
    }

    /// Returns `true` if the game can be replayed without one of its acts.
    fn rewinds(&self) -> bool {
        self.game.as_ref().is_some_and(|game| game.rewinds())
    }

    /// Returns the outcome of the session; `None` while it runs.
    pub(in crate::engine) fn outcome(&self) -> Option<Outcome> {
        Some(match &self.status {
            SessionStatus::Running => return None,
            SessionStatus::Aborted => Outcome::Aborted,
            SessionStatus::Failed(_) => Outcome::Failed,
            SessionStatus::Done => Outcome::Done(match self.acts.result() {
                Some(result) => result.outcome.clone().unwrap_or_else(|| NONE.to_owned()),
                None => "done".to_owned(),
            }),
        })
    }

    /// Returns the numbers of acts that were undone.
    pub(in crate::engine) fn undone(&self) -> impl Iterator<Item = i64> {
        self.acts.undone()
    }

    /// Checks that the act with this number can be undone.
    ///
    /// # Errors
    /// Returns the reason if it cannot be undone.
    pub(in crate::engine) fn may_undo(&self, entry: i64) -> Result<(), Text> {
        match &self.status {
            SessionStatus::Failed(_) => Err(Text::new(
                "le jeu est tombé : rien ne s'y annule plus",
                "the game has failed: nothing in it can be undone any more",
            )),
            SessionStatus::Running | SessionStatus::Done | SessionStatus::Aborted => {
                self.acts.may_undo(entry)
            }
        }
    }

    /// Takes the place of `old`, in which the act `target` is undone by the act `by`.
    pub(in crate::engine) fn take_over(&mut self, old: &Self, target: i64, by: i64) {
        self.acts.take_over(&old.acts, target, by);
        self.touched = true;
    }

    /// Returns the effects to send when this session replaces `old`.
    pub(in crate::engine) fn told_otherwise(&self, old: &Self) -> Vec<Effect> {
        self.acts.told_otherwise(&old.acts)
    }

    /// Returns the time at which the session ended; `None` while it runs.
    pub(in crate::engine) fn over_since(&self) -> Option<Timestamp> {
        self.over
    }

    /// Shifts all timers and the game's clock by `span`, which does not count as time of the session.
    pub(in crate::engine) fn stand_still(&mut self, span: Duration) {
        if let (Some(game), true) = (&mut self.game, self.status == SessionStatus::Running)
            && !span.is_zero()
        {
            game.on_resumed(span);
            self.timers.shift(span);
            self.clock.pass(span);
        }
    }
}

//! What the operator did to a session, what that changed, and how one past takes the place of another.

use super::super::{book, deed};
use super::Run;
use crate::journal::blanked;
use crate::show::{NONE, Outcome};
use crate::state::{Deed, SessionStatus};
use eg_game::{Act, Audience, Effect, Offer, Text};
use eg_proto::Timestamp;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// What the operator sees and may do at one moment.
#[derive(Default)]
pub(in crate::engine) struct Glimpse {
    lines: Vec<Text>,
    offers: Vec<Offer>,
}

impl Run {
    /// What the operator sees at `at`, as lines, without anything secret, and what they may do.
    pub(in crate::engine) fn glimpse(&self, at: Timestamp) -> Glimpse {
        let Some(game) = &self.game else { return Glimpse::default() };
        let seen = catch_unwind(AssertUnwindSafe(|| {
            (game.view(&Audience::Operator { revealed: false }), game.offers())
        }));
        let Ok((view, offers)) = seen else { return Glimpse::default() };
        let mut lines = deed::lines(&view, &self.roster, at);
        lines.extend(self.book.hint_lines());
        Glimpse { lines, offers }
    }

    /// Writes into the session's memory what the operator did, and what it changed since `before`.
    pub(in crate::engine) fn note(&mut self, act: &Act, before: &Glimpse, refused: Option<Text>) {
        let (gone, come) = deed::change(&before.lines, &self.glimpse(act.at).lines);
        let choice = act.args.get("choice").and_then(serde_json::Value::as_str);
        // Why it was refused may name what was chosen for a player.
        let refused = refused.map(|why| blanked(&why, choice.as_slice()));
        let offer = before.offers.iter().find(|offer| offer.name == act.name);
        self.book.write(Deed {
            entry: act.id,
            at: act.at,
            by: act.by.clone(),
            name: act.name.clone(),
            label: offer.map_or_else(|| book::label(&act.name), |offer| offer.label.clone()),
            reason: act.reason.clone(),
            can_undo: refused.is_none() && book::can_undo(&act.name) && self.rewinds(),
            refused,
            before: gone,
            after: come,
            undone: None,
        });
        self.touched = true;
    }

    /// Whether its past can be played again without an act.
    fn rewinds(&self) -> bool {
        self.game.as_ref().is_some_and(|game| game.rewinds())
    }

    /// How it came out, once it is over.
    pub(in crate::engine) fn outcome(&self) -> Option<Outcome> {
        Some(match &self.status {
            SessionStatus::Running => return None,
            SessionStatus::Aborted => Outcome::Aborted,
            SessionStatus::Failed(_) => Outcome::Failed,
            SessionStatus::Done => Outcome::Done(match self.book.result() {
                Some(result) => result.outcome.clone().unwrap_or_else(|| NONE.to_owned()),
                None => "done".to_owned(),
            }),
        })
    }

    /// The acts that were undone.
    pub(in crate::engine) fn undone(&self) -> impl Iterator<Item = i64> {
        self.book.undone()
    }

    /// Whether the act with this number can be undone.
    ///
    /// # Errors
    /// Why not.
    pub(in crate::engine) fn may_undo(&self, entry: i64) -> Result<(), Text> {
        match &self.status {
            SessionStatus::Failed(_) => Err(Text::new(
                "le jeu est tombé : rien ne s'y annule plus",
                "the game has failed: nothing in it can be undone any more",
            )),
            SessionStatus::Running | SessionStatus::Done | SessionStatus::Aborted => {
                self.book.may_undo(entry)
            }
        }
    }

    /// Takes the place of `old`, of which the act `target` is undone by the act `by`.
    pub(in crate::engine) fn take_over(&mut self, old: &Self, target: i64, by: i64) {
        self.book.take_over(&old.book, target, by);
        self.touched = true;
    }

    /// What the world must be told once this takes the place of `old`.
    pub(in crate::engine) fn told_otherwise(&self, old: &Self) -> Vec<Effect> {
        self.book.told_otherwise(&old.book)
    }

    /// Since when it is over.
    pub(in crate::engine) fn over_since(&self) -> Option<Timestamp> {
        self.over
    }

    /// So much time does not count.
    pub(in crate::engine) fn stand_still(&mut self, span: Duration) {
        if let (Some(game), true) = (&mut self.game, self.status == SessionStatus::Running)
            && !span.is_zero()
        {
            game.on_resumed(span);
            self.timers.shift(span);
        }
    }
}

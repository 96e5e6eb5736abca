//! Rendering of a session, and the digest of what could be seen of it.

use super::aside::Aside;
use super::game::words;
use super::hints::seen;
use super::live::LiveSession;
use crate::engine::read_model::{Session, SessionStatus};
use crate::journal::{Seen, digest};
use eg_game::Audience;
use eg_proto::SlotId;
use std::panic::{AssertUnwindSafe, catch_unwind};

impl LiveSession {
    /// Renders the game if something has happened since. Returns the digest of what can be seen; `None` if nothing has
    /// happened or the session has failed.
    ///
    /// # Errors
    /// Returns the panic's message if the game panicked. The session has then failed, and shows its last rendering.
    pub(in crate::engine) fn render(&mut self) -> Result<Option<Seen>, String> {
        if !std::mem::take(&mut self.touched) {
            return Ok(None);
        }
        let failed = matches!(self.status, SessionStatus::Failed(_));
        if let (Some(game), false) = (&self.game, failed) {
            let revealed = self.revealed;
            let looked = catch_unwind(AssertUnwindSafe(|| {
                let operator = game.view(&Audience::Operator { revealed });
                let public = game.view(&Audience::Public);
                let asides = self.roster.seats.iter().filter_map(|seat| {
                    let aside = Aside::of(game.as_ref(), &seat.slot, &public)?;
                    Some((seat.slot.clone(), aside))
                });
                let asides = asides.collect();
                (operator, public, asides, game.offers(), game.explain(), game.reads())
            }));
            match looked {
                Ok((operator, public, asides, offers, explain, reads)) => {
                    self.asides = asides;
                    self.shown =
                        Session { operator, public, offers, explain, reads, ..self.shown.clone() };
                }
                Err(panic) => {
                    let why = words(&*panic);
                    self.fail(why.clone());
                    self.touched = false;
                    self.shown.offers.clear();
                    self.shown.status = self.status.clone();
                    return Err(why);
                }
            }
        }
        if !self.is_running() {
            self.shown.offers.clear();
        }
        self.shown.status = self.status.clone();
        self.shown.revealed = self.revealed;
        self.shown.resumed = self.resumed;
        self.shown.acts = self.acts.shown();
        self.shown.hints = self.hints.standing(&self.timers);
        self.shown.hints_given = self.hints.given();
        self.shown.clock = self.clock;
        let told = self.told.iter();
        self.shown.told =
            told.map(|((_, subject), body)| (subject.clone(), body.clone())).collect();
        self.shown.forced = self.forced.shown();
        let Session { operator, public, offers, explain, hints, forced, .. } = &self.shown;
        let there = !failed && self.game.is_some();
        Ok(there.then(|| Seen {
            timers: digest(&self.timers.all()),
            views: match forced.as_slice() {
                [] => digest(&(operator, public, explain, seen(hints))),
                forced => digest(&(operator, public, explain, seen(hints), forced)),
            },
            offers: digest(offers),
        }))
    }

    /// Returns what the player at a slot is told and not everybody, as last rendered.
    pub(in crate::engine) fn aside(&self, slot: &SlotId) -> Option<&Aside> {
        self.asides.get(slot)
    }
}

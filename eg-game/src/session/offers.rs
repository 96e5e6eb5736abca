//! Acts that the operator may do in every game, after those that the game itself offers.

use super::{COMMON_ACTS, GameSession};
use crate::{FieldKind, Game, InputFilter, Offer, OfferGroup, Seat, SlotId, Text};

impl<G: Game> GameSession<G> {
    pub(super) fn offered(&self) -> Vec<Offer> {
        let mut offers = self.game.offers();
        let mut common = vec![if self.time.is_paused() { resume() } else { pause() }];
        if G::INPUTS != InputFilter::Everything {
            common.extend(self.for_players());
        }
        let label = Text::new("Abandonner la partie", "Abort the session");
        let abort = Offer::new("abort", label).with_reason().grave();
        common.push(abort.about(OfferGroup::Session));
        common.retain(|offer| !self.owns(&offers, offer.name));
        offers.extend(common);
        offers
    }

    /// `true` if an act with a common name is the game's own: it offers one. An end is the SDK's in any case, which
    /// lets the game wind up.
    pub(super) fn is_own(&self, name: &str) -> bool {
        let common = COMMON_ACTS.contains(&name) && name != "abort";
        common && self.owns(&self.game.offers(), name)
    }

    /// `true` if one of these, which the game offers, takes the place of the common act of this name. In the first
    /// revision of the rules that was an end alone.
    fn owns(&self, offers: &[Offer], name: &str) -> bool {
        let may = name == "abort" || self.roster.rules() > 1;
        may && offers.iter().any(|own| own.name == name)
    }

    fn for_players(&self) -> Vec<Offer> {
        let slots = |wanted: fn(&Seat) -> bool| {
            let seats = self.roster.seats.iter().filter(|seat| wanted(seat));
            seats.map(|seat| seat.slot.clone()).collect::<Vec<_>>()
        };
        let mut offers = Vec::new();
        offers.extend(self.proxy());
        let excuse = one("excuse", Text::new("Excuser", "Excuse"), &slots(Seat::plays));
        offers.extend(excuse.map(Offer::with_reason));
        let label = Text::new("Ne plus excuser", "Readmit");
        offers.extend(one("readmit", label, &slots(|seat| seat.excused)).map(Offer::with_reason));
        let kill = one("kill", Text::new("Mettre hors jeu", "Kill"), &slots(|seat| seat.alive));
        // Who goes out is written down with its reason, since the second revision of the rules.
        let reasoned =
            |kill: Offer| if self.roster.rules() >= 2 { kill.with_reason() } else { kill };
        offers.extend(kill.map(Offer::grave).map(reasoned));
        let label = Text::new("Remettre en jeu", "Revive");
        offers.extend(one("revive", label, &slots(|seat| !seat.alive)).map(Offer::with_reason));
        let label = Text::new("Changer de place", "Change seats");
        let to = Text::new("Vers", "To");
        let reseat = one("reseat", label, &slots(|_| true)).map(|mut offer| {
            for field in &mut offer.fields {
                field.name = "from";
            }
            offer.field("to", to, FieldKind::Text, String::new()).with_reason()
        });
        offers.extend(reseat);
        offers
    }

    fn proxy(&self) -> Option<Offer> {
        let choosing = self.game.proxy_choices()?;
        let first = choosing.options.first()?.clone();
        let label = Text::new("Choix", "Choice");
        let offer = one("proxy", Text::new("Choisir pour", "Choose for"), &choosing.slots)?;
        Some(offer.field("choice", label, FieldKind::OneOf(choosing.options), first).with_reason())
    }
}

/// An act on one of these players; nothing when there are none.
fn one(name: &'static str, label: Text, slots: &[SlotId]) -> Option<Offer> {
    let first = slots.first()?.to_string();
    let slots = slots.iter().map(ToString::to_string).collect();
    let field = Text::new("Joueur", "Player");
    let offer = Offer::new(name, label).field("slot", field, FieldKind::OneOf(slots), first);
    Some(offer.about(OfferGroup::Players))
}

fn pause() -> Offer {
    Offer::new("pause", Text::new("Mettre en pause", "Pause")).about(OfferGroup::Session)
}

fn resume() -> Offer {
    Offer::new("resume", Text::new("Reprendre", "Go on")).about(OfferGroup::Session)
}

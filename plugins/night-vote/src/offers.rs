//! What the operator may do now.

use crate::NightVote;
use crate::config::roles;
use crate::step::{Matter, Stage};
use eg_game::FieldKind;
use eg_game::prelude::*;

impl NightVote {
    pub(crate) fn offered(&self) -> Vec<Offer> {
        if self.over.is_some() {
            return Vec::new();
        }
        let mut offers = Vec::new();
        match self.step.as_ref().map(|step| &step.stage) {
            Some(Stage::Open { .. }) => offers.extend([close(), void()]),
            Some(Stage::Deciding(Matter::Missing)) => {
                offers.extend([close(), self.extend(), no_decision(), void()]);
            }
            Some(Stage::Deciding(Matter::Tie(tied))) => {
                offers.extend([decide(self.named(tied)), no_decision(), void()]);
            }
            Some(Stage::Closed) => {
                offers.extend(self.next());
                offers.extend([self.open(), reopen(), finish()]);
            }
            None => {
                offers.extend(self.next());
                offers.extend([self.open(), finish()]);
            }
        }
        offers.push(abort());
        offers
    }

    fn next(&self) -> Option<Offer> {
        let number = self.next_number();
        let ready = self.prepared(number)?;
        let offer = Offer::new(
            "next",
            Say::new(
                format!("Étape {number} : {}", ready.question),
                format!("Step {number}: {}", ready.question),
            ),
        );
        Some(self.ask_to_confirm(offer, ready.role.as_deref()))
    }

    fn open(&self) -> Offer {
        let number = self.next_number();
        let ready = self.prepared(number);
        let question = ready.map(|ready| ready.question.clone()).unwrap_or_default();
        let options = ready.map(|ready| ready.options.as_slice().join("\n")).unwrap_or_default();
        let role = ready.and_then(|ready| ready.role.clone());
        let mut offer = Offer::new("open", Say::new("Poser une question", "Ask a question"))
            .field("step", Say::new("Étape", "Step"), FieldKind::Number, number.to_string())
            .field("question", Say::new("Question", "Question"), FieldKind::Text, question)
            .field(
                "options",
                Say::new("Options, une par ligne", "Options, one a line"),
                FieldKind::Lines,
                options,
            );
        let roles = roles(&self.roster);
        if !roles.is_empty() {
            let all = std::iter::once(String::new()).chain(roles).collect();
            offer = offer.field(
                "role",
                Say::new("Rôle (vide : tous)", "Role (empty: everybody)"),
                FieldKind::OneOf(all),
                role.clone().unwrap_or_default(),
            );
        }
        self.ask_to_confirm(offer, role.as_deref())
    }

    /// Adds the tick without which a step does not open that can never be complete.
    fn ask_to_confirm(&self, offer: Offer, role: Option<&str>) -> Offer {
        let asked = u32::try_from(self.roster.alive(role).count()).unwrap_or(u32::MAX);
        let wanted = self.config.expected.number(asked);
        if wanted <= asked {
            return offer;
        }
        let label = Say::new(
            format!("{wanted} votes attendus de {asked} joueurs : ouvrir quand même"),
            format!("{wanted} votes wanted of {asked} players: open all the same"),
        );
        offer.field("confirm", label, FieldKind::Tick, String::new())
    }

    fn extend(&self) -> Offer {
        let usual = self.config.timeout.map_or(60, |timeout| timeout.as_secs().max(1));
        let label = Say::new("Secondes", "Seconds");
        Offer::new("extend", Say::new("Prolonger", "Give more time"))
            .field("seconds", label, FieldKind::Number, usual.to_string())
            .with_reason()
    }
}

fn close() -> Offer {
    Offer::new("close", Say::new("Clore et compter", "Close and count"))
}

fn reopen() -> Offer {
    let clear = Say::new("Recommencer à zéro", "Start over without the votes");
    Offer::new("reopen", Say::new("Rouvrir l'étape", "Reopen the step"))
        .field("clear", clear, FieldKind::Tick, String::new())
        .with_reason()
        .grave()
}

fn void() -> Offer {
    Offer::new("void", Say::new("Annuler l'étape", "Void the step")).with_reason().grave()
}

fn decide(tied: Vec<String>) -> Offer {
    let first = tied.first().cloned().unwrap_or_default();
    let label = Say::new("L'emporte", "Carries");
    Offer::new("decide", Say::new("Départager", "Decide the tie"))
        .field("choice", label, FieldKind::OneOf(tied), first)
        .with_reason()
}

fn no_decision() -> Offer {
    Offer::new("no-decision", Say::new("Pas de décision", "No decision")).with_reason()
}

fn finish() -> Offer {
    Offer::new("finish", Say::new("Finir la nuit", "End the night")).grave()
}

fn abort() -> Offer {
    Offer::new("abort", Say::new("Abandonner la nuit", "Abort the night")).with_reason().grave()
}

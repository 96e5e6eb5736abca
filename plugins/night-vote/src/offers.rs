//! Acts that the operator may do now.

use crate::NightVote;
use crate::config::{Prepared, roles};
use crate::step::{Matter, Step};
use eg_game::prelude::*;

impl NightVote {
    pub(crate) fn offered(&self) -> Vec<Offer> {
        if self.over.is_some() {
            return Vec::new();
        }
        let several = self.steps.len() > 1;
        let mut offers: Vec<Offer> = Vec::new();
        for step in &self.steps {
            for offer in self.for_step(step) {
                merge(&mut offers, offer, several.then_some(step.number));
            }
        }
        let open = self.live().next().is_some();
        let mut more: Vec<Offer> = self.next().into_iter().collect();
        if !open && self.roster.alive(None).next().is_some() {
            more.push(self.open());
        }
        // What is decided can be reopened, but going on comes first.
        let first = if open { offers.len() } else { 0 };
        offers.splice(first..first, more);
        if !open {
            offers.push(finish());
        }
        offers.push(abort());
        offers
    }

    fn for_step(&self, step: &Step) -> Vec<Offer> {
        let extend = step.can_be_prolonged().then(|| self.extend());
        let held_back: Vec<_> = step.held_back.iter().map(|held| held.slot.to_string()).collect();
        let mut offers = Vec::new();
        match &step.matter {
            None if !step.is_open() => return vec![reopen()],
            Some(Matter::Tie(tied)) => {
                offers.extend([decide(self.named(step.number, tied)), no_decision()]);
            }
            Some(Matter::Missing | Matter::Left) => {
                offers.push(closing());
                offers.extend(extend);
                offers.push(no_decision());
            }
            // Whoever could vote has: nothing is cut short.
            None if step.poll.asks_to_close() || step.poll.grace_ends().is_some() => {
                offers.push(closing());
                offers.extend(extend);
            }
            None => {
                offers.push(self.closing_early());
                offers.extend(extend);
            }
        }
        if !held_back.is_empty() {
            offers.extend([
                late(
                    "accept-late",
                    Text::new("Accepter le vote retenu", "Accept the held-back vote"),
                    &held_back,
                ),
                late(
                    "refuse-late",
                    Text::new("Refuser le vote retenu", "Refuse the held-back vote"),
                    &held_back,
                ),
            ]);
        }
        offers.push(void());
        offers
    }

    fn next(&self) -> Option<Offer> {
        let number = self.next_number();
        let ready = self.prepared(number)?;
        let options = ready.options.as_slice();
        let ballot = self.ballot(options, ready.role.as_deref());
        let keys = self.keys(number, options);
        let nobody = ballot.asked() == 0 || ballot.standing().next().is_none();
        if nobody || self.clash(&keys, &ballot).is_some() {
            return None;
        }
        let offer = Offer::new(
            "next",
            Text::new(
                format!("Étape {number} : {}", ready.question),
                format!("Step {number}: {}", ready.question),
            ),
        );
        Some(self.ask_to_confirm(offer, options, ready.role.as_deref()))
    }

    fn open(&self) -> Offer {
        let number = self.next_number();
        let asks_somebody =
            |ready: &&Prepared| self.roster.alive(ready.role.as_deref()).next().is_some();
        let ready = self.prepared(number).filter(asks_somebody);
        let question = ready.map(|ready| ready.question.clone()).unwrap_or_default();
        let standing = |ready: &Prepared| {
            let ballot = self.ballot(ready.options.as_slice(), None);
            let standing: Vec<_> = ballot.standing().cloned().collect();
            // A question has two options at least, also when one of them is out.
            if standing.len() == 1 { ready.options.as_slice().to_vec() } else { standing }
        };
        let options = ready.map(standing).unwrap_or_default();
        let role = ready.and_then(|ready| ready.role.clone());
        let mut offer = Offer::new("open", Text::new("Poser une question", "Ask a question"))
            .field("step", Text::new("Étape", "Step"), FieldKind::Number, number.to_string())
            .field("question", Text::new("Question", "Question"), FieldKind::Text, question)
            .field(
                "options",
                Text::new("Options, une par ligne", "Options, one a line"),
                FieldKind::Lines,
                options.join("\n"),
            );
        if self.knows_buttons() {
            let label = Text::new(
                "Touches, une par ligne : a = Anna (vide : selon les noms, sinon dans l’ordre)",
                "Keys, one a line: a = Anna (empty: by name, else in order)",
            );
            offer = offer.field("keys", label, FieldKind::Lines, keys_lines(ready));
        }
        let roles = roles(&self.roster);
        if !roles.is_empty() {
            let all = std::iter::once(String::new()).chain(roles).collect();
            offer = offer.field(
                "role",
                Text::new("Rôle (vide : tous)", "Role (empty: everybody)"),
                FieldKind::OneOf(all),
                role.clone().unwrap_or_default(),
            );
        }
        self.ask_to_confirm(offer, &options, role.as_deref())
    }

    /// `true` if some slot has told its inputs: options can then be more than it has buttons.
    fn knows_buttons(&self) -> bool {
        let mut seats = self.roster.seats.iter();
        self.roster.rules() >= 2 && seats.any(|seat| self.roster.controls(&seat.slot).is_some())
    }

    /// Adds the tick without which a step does not open that can never be complete.
    fn ask_to_confirm(&self, offer: Offer, options: &[String], role: Option<&str>) -> Offer {
        let keys = self.keys(self.next_number(), options);
        if let Some(lacking) = Lacking::say(&self.would_lack(&keys, options, role)) {
            let label = Text::new(
                format!("{} : ouvrir quand même", lacking.fr),
                format!("{}: open all the same", lacking.en),
            );
            return offer.field("confirm", label, FieldKind::Tick, String::new());
        }
        let asked = u32::try_from(self.roster.alive(role).count()).unwrap_or(u32::MAX);
        let wanted = self.config.expected.number(asked);
        if wanted <= asked {
            let fixed = offer.name == "next" || !self.knows_buttons();
            return if fixed { offer } else { may_lack(offer) };
        }
        let label = Text::new(
            format!("{wanted} votes attendus de {asked} joueurs : ouvrir quand même"),
            format!("{wanted} votes wanted of {asked} players: open all the same"),
        );
        offer.field("confirm", label, FieldKind::Tick, String::new())
    }

    /// Ends a step in which votes are missing, so it asks once more: since the second revision of the rules.
    fn closing_early(&self) -> Offer {
        if self.roster.rules() >= 2 { closing().grave() } else { closing() }
    }

    fn extend(&self) -> Offer {
        let usual = self.config.timeout.map_or(60, |timeout| timeout.as_secs().max(1));
        let label = Text::new("Secondes", "Seconds");
        Offer::new("extend", Text::new("Prolonger", "Give more time")).field(
            "seconds",
            label,
            FieldKind::Number,
            usual.to_string(),
        )
    }
}

fn closing() -> Offer {
    Offer::new("close", Text::new("Clore et compter", "Close and count"))
}

/// Adds an act on a step. With several steps it says which, and one button serves for all of them.
fn merge(offers: &mut Vec<Offer>, offer: Offer, step: Option<u32>) {
    let Some(step) = step.map(|step| step.to_string()) else { return offers.push(offer) };
    let Some(known) = offers.iter_mut().find(|known| known.name == offer.name) else {
        let label = Text::new("Étape", "Step");
        let kind = FieldKind::OneOf(vec![step.clone()]);
        return offers.push(offer.field("step", label, kind, step));
    };
    for field in &mut known.fields {
        let more = offer.fields.iter().find(|more| more.name == field.name);
        match (&mut field.kind, more.map(|more| &more.kind)) {
            (FieldKind::OneOf(steps), None) => steps.push(step.clone()),
            (FieldKind::OneOf(all), Some(FieldKind::OneOf(more))) => {
                let new: Vec<_> = more.iter().filter(|it| !all.contains(it)).cloned().collect();
                all.extend(new);
            }
            (_, _) => {}
        }
    }
}

/// The keys of a prepared step, as lines of the form.
fn keys_lines(ready: Option<&Prepared>) -> String {
    let keys = ready.iter().flat_map(|ready| &ready.keys);
    keys.map(|(input, option)| format!("{input} = {option}")).collect::<Vec<_>>().join("\n")
}

/// Options that are typed may be more than some slot has buttons.
fn may_lack(offer: Offer) -> Offer {
    let label = Text::new(
        "Ouvrir même si une option n’a pas de touche quelque part",
        "Open even if an option has no button somewhere",
    );
    offer.field("confirm", label, FieldKind::Tick, String::new())
}

fn late(name: &'static str, label: Text, slots: &[String]) -> Offer {
    let first = slots.first().cloned().unwrap_or_default();
    let player = Text::new("Joueur", "Player");
    Offer::new(name, label)
        .field("slot", player, FieldKind::OneOf(slots.to_vec()), first)
        .with_reason()
}

fn reopen() -> Offer {
    let clear = Text::new("Recommencer à zéro", "Start over without the votes");
    Offer::new("reopen", Text::new("Rouvrir l'étape", "Reopen the step"))
        .field("clear", clear, FieldKind::Tick, String::new())
        .with_reason()
        .grave()
}

fn void() -> Offer {
    Offer::new("void", Text::new("Annuler l’étape", "Void the step")).with_reason().grave()
}

fn decide(tied: Vec<String>) -> Offer {
    let first = tied.first().cloned().unwrap_or_default();
    let label = Text::new("L’emporte", "Carries");
    Offer::new("decide", Text::new("Départager", "Decide the tie"))
        .field("choice", label, FieldKind::OneOf(tied), first)
        .with_reason()
}

fn no_decision() -> Offer {
    Offer::new("no-decision", Text::new("Pas de décision", "No decision")).with_reason()
}

fn finish() -> Offer {
    Offer::new("finish", Text::new("Finir la nuit", "End the night")).grave()
}

fn abort() -> Offer {
    Offer::new("abort", Text::new("Abandonner la nuit", "Abort the night")).with_reason().grave()
}

//! Acts of the operator.

use crate::config::Tie;
use crate::{Buzzer, Stage, WINDOW};
use eg_game::prelude::*;

#[derive(Default, Deserialize)]
#[serde(default)]
struct ArmArgs {
    /// Arm although some buzzers said nothing.
    confirm: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WhoArgs {
    slot: Option<SlotId>,
}

impl Buzzer {
    pub(crate) fn act(&mut self, act: &Act, effects: &mut Effects) -> Result<(), Text> {
        let who = || act.args::<WhoArgs>().map(|args| args.slot).map_err(unfit);
        match act.name.as_str() {
            "start" => {
                self.seed = act.seed().unwrap_or_default();
                Ok(())
            }
            "roll-call" => self.roll_call(),
            "arm" => self.act_arm(&act.args().map_err(unfit)?, act.at, effects),
            "right" => {
                let slot = self.answering(who()?)?;
                self.succeed(&slot, effects);
                Ok(())
            }
            "wrong" | "withdrawn" => {
                let slot = self.answering(who()?)?;
                effects.note(failed(&slot, act.name == "wrong"));
                self.fail(&slot, act.at, effects);
                Ok(())
            }
            "pick" => self.pick(who()?),
            "overturn" => self.overturn(who()?, &act.by, effects),
            "dead" => self.call_dead(effects),
            "next" => self.next(),
            "finish" => self.finish(effects),
            "abort" => {
                self.over = true;
                effects.finish(Finish::Aborted);
                Ok(())
            }
            other => Err(Text::new(
                format!("ce jeu ne connaît pas l'action « {other} »"),
                format!("this game has no act {other:?}"),
            )),
        }
    }

    fn roll_call(&mut self) -> Result<(), Text> {
        match self.stage {
            Stage::Reading | Stage::Dead | Stage::RollCall => {
                if matches!(self.stage, Stage::Dead) {
                    self.next()?;
                }
                self.present.clear();
                self.stage = Stage::RollCall;
                Ok(())
            }
            Stage::Armed { .. } | Stage::Window { .. } | Stage::Locked { .. } => Err(not_now()),
        }
    }

    fn act_arm(
        &mut self,
        args: &ArmArgs,
        at: Timestamp,
        effects: &mut Effects,
    ) -> Result<(), Text> {
        let silent = self.silent();
        match self.stage {
            Stage::RollCall if !silent.is_empty() && !args.confirm => {
                let silent = silent.join(", ");
                return Err(Text::new(
                    format!("rien entendu de {silent} : à confirmer"),
                    format!("nothing was heard of {silent}: confirm to arm without"),
                ));
            }
            Stage::RollCall | Stage::Reading => {}
            Stage::Armed { .. } | Stage::Window { .. } | Stage::Locked { .. } | Stage::Dead => {
                return Err(not_now());
            }
        }
        if matches!(self.stage, Stage::RollCall) && !silent.is_empty() {
            let silent = silent.join(", ");
            effects.note(Text::new(
                format!("armé sans avoir entendu {silent}"),
                format!("armed without having heard of {silent}"),
            ));
        }
        self.arm(at, effects);
        Ok(())
    }

    /// Player whose answer is judged: the one named, or the only one.
    fn answering(&self, named: Option<SlotId>) -> Result<SlotId, Text> {
        let Stage::Locked { first, .. } = &self.stage else { return Err(not_now()) };
        if self.must_pick() {
            return Err(Text::new("il faut d'abord choisir qui répond", "pick who answers first"));
        }
        let slots: Vec<&SlotId> = first.iter().collect();
        match (named, slots.as_slice()) {
            (Some(slot), _) if slots.contains(&&slot) => Ok(slot),
            (None, [only]) => Ok((*only).clone()),
            (Some(_) | None, _) => Err(who_of(&slots)),
        }
    }

    /// `true` if the operator must pick one of several first.
    pub(crate) fn must_pick(&self) -> bool {
        matches!(&self.stage, Stage::Locked { first, .. } if first.len() > 1)
            && self.config.tie == Tie::Judge
    }

    fn pick(&mut self, named: Option<SlotId>) -> Result<(), Text> {
        if !self.must_pick() {
            return Err(not_now());
        }
        let Stage::Locked { first, .. } = &mut self.stage else { return Err(not_now()) };
        match named {
            Some(slot) if first.contains(&slot) => {
                *first = vec![slot];
                Ok(())
            }
            Some(_) | None => Err(who_of(&first.iter().collect::<Vec<_>>())),
        }
    }

    /// Gives the answer to a player whose press was earlier and arrived too late.
    fn overturn(
        &mut self,
        named: Option<SlotId>,
        by: &str,
        effects: &mut Effects,
    ) -> Result<(), Text> {
        let Stage::Locked { first, earlier, why, .. } = &mut self.stage else {
            return Err(not_now());
        };
        let place = match (&named, earlier.as_slice()) {
            (None, [_]) => Some(0),
            (Some(slot), _) => earlier.iter().position(|known| known.press.slot == *slot),
            (None, _) => None,
        };
        let Some(place) = place else {
            return Err(who_of(&earlier.iter().map(|known| &known.press.slot).collect::<Vec<_>>()));
        };
        let slot = earlier.remove(place).press.slot;
        *why = Text::new(
            format!("{by} donne la parole à {slot}, plus rapide mais arrivé trop tard"),
            format!("{by} gave it to {slot}, who was earlier and arrived too late"),
        );
        effects.note(why.clone());
        *first = vec![slot];
        Ok(())
    }

    fn call_dead(&mut self, effects: &mut Effects) -> Result<(), Text> {
        match self.stage {
            Stage::Reading | Stage::Armed { .. } | Stage::Window { .. } | Stage::Locked { .. } => {
                effects.cancel(WINDOW);
                let why = Text::new("question sans réponse", "nobody gave the answer");
                self.decide(None, StepStatus::Incomplete, why, effects);
                Ok(())
            }
            Stage::RollCall | Stage::Dead => Err(not_now()),
        }
    }

    fn next(&mut self) -> Result<(), Text> {
        let Stage::Dead = self.stage else { return Err(not_now()) };
        self.number = self.number.saturating_add(1);
        self.tried.clear();
        self.locked_out.clear();
        self.stage = Stage::Reading;
        Ok(())
    }

    fn finish(&mut self, effects: &mut Effects) -> Result<(), Text> {
        match self.stage {
            Stage::RollCall | Stage::Reading | Stage::Dead => {
                self.over = true;
                effects.finish(Finish::Done);
                Ok(())
            }
            Stage::Armed { .. } | Stage::Window { .. } | Stage::Locked { .. } => Err(not_now()),
        }
    }

    pub(crate) fn offered(&self) -> Vec<Offer> {
        let arm = || Offer::new("arm", Text::new("Armer les buzzers", "Arm the buzzers"));
        let roll_call = || Offer::new("roll-call", Text::new("Faire l'appel", "Roll-call"));
        let finish = || Offer::new("finish", Text::new("Finir", "End")).grave();
        // It ends the question, so it asks once more: since the second revision of the rules.
        let dead = || {
            let dead = Offer::new("dead", Text::new("Personne ne sait", "Nobody knows"));
            if self.roster.rules() >= 2 { dead.grave() } else { dead }
        };
        match &self.stage {
            Stage::RollCall if self.silent().is_empty() => vec![arm(), finish()],
            Stage::RollCall => {
                let label = Text::new("Armer sans tous les entendre", "Arm without hearing all");
                let arm = arm().field("confirm", label, FieldKind::Tick, String::new());
                vec![arm, finish()]
            }
            Stage::Reading => vec![arm(), dead(), roll_call(), finish()],
            Stage::Armed { .. } | Stage::Window { .. } => vec![dead()],
            Stage::Locked { first, earlier, .. } => {
                let slots: Vec<_> = first.iter().map(ToString::to_string).collect();
                let mut offers = if self.must_pick() {
                    vec![on("pick", Text::new("Choisir qui répond", "Pick who answers"), slots)]
                } else {
                    vec![
                        on("right", Text::new("Juste", "Right"), slots.clone()),
                        on("wrong", Text::new("Faux", "Wrong"), slots.clone()),
                        on("withdrawn", Text::new("Retiré", "Withdrawn"), slots),
                    ]
                };
                if !earlier.is_empty() {
                    let slots = earlier.iter().map(|it| it.press.slot.to_string()).collect();
                    let label = Text::new("Donner au plus rapide", "Give it to who was earlier");
                    offers.push(on("overturn", label, slots).with_reason());
                }
                offers.push(dead());
                offers
            }
            Stage::Dead => {
                let next = Offer::new("next", Text::new("Question suivante", "Next question"));
                vec![next, roll_call(), finish()]
            }
        }
    }
}

fn on(name: &'static str, label: Text, slots: Vec<String>) -> Offer {
    let first = slots.first().cloned().unwrap_or_default();
    let player = Text::new("Joueur", "Player");
    Offer::new(name, label).field("slot", player, FieldKind::OneOf(slots), first)
}

fn failed(slot: &SlotId, wrong: bool) -> Text {
    if wrong {
        Text::new(format!("{slot} a répondu faux"), format!("{slot} answered wrong"))
    } else {
        Text::new(format!("{slot} s'est retiré"), format!("{slot} withdrew"))
    }
}

fn who_of(slots: &[&SlotId]) -> Text {
    let here = slots.iter().map(|slot| slot.as_str()).collect::<Vec<_>>().join(", ");
    Text::new(format!("qui ? ici : {here}"), format!("who? here: {here}"))
}

fn not_now() -> Text {
    Text::new("cette action n'est pas possible maintenant", "this cannot be done now")
}

fn unfit(error: eg_game::ActError) -> Text {
    Text::new(format!("champ refusé : {error}"), error.to_string())
}

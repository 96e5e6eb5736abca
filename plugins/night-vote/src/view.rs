//! Picture for each audience. While a step is open, nobody sees more than its secrecy allows.

mod part;

use crate::config::Secrecy;
use crate::held_back::HeldBack;
use crate::step::{Matter, Step};
use crate::{NightVote, Past, words};
use eg_game::prelude::*;
use part::{ballots, keys, own, tally, timers, title_now};

impl NightVote {
    pub(crate) fn seen_by(&self, for_whom: &Audience) -> View {
        let mut parts = Vec::new();
        let mut steps: Vec<&Step> = self.steps.iter().collect();
        steps.sort_by_key(|step| step.number);
        for step in steps {
            parts.push(Widget::question(&step.as_question(), for_whom));
            if step.is_live() {
                self.show_live(step, for_whom, &mut parts);
            } else {
                self.show_result(step, &mut parts);
            }
            if *for_whom == (Audience::Operator { revealed: true }) {
                parts.push(ballots(step));
            }
        }
        parts.extend(self.away(for_whom));
        parts.extend(self.troubles(for_whom));
        if matches!(for_whom, Audience::Operator { .. }) && self.steps.is_empty() {
            let lacking = self.prepared_lacking();
            parts.extend(lacking.into_iter().map(|line| Widget::text(line, Level::Warn)));
        }
        parts.extend(self.history(for_whom));
        View::new(self.phase(), self.headline(), parts)
    }

    fn phase(&self) -> &'static str {
        let deciding = |step: &Step| step.matter.is_some();
        if self.over.is_some() {
            "over"
        } else if self.steps.is_empty() {
            "waiting"
        } else if self.steps.iter().any(Step::is_open) {
            "open"
        } else if self.steps.iter().any(deciding) {
            View::DECIDING
        } else {
            "closed"
        }
    }

    fn headline(&self) -> Text {
        let live: Vec<_> = self.live().map(|step| step.number.to_string()).collect();
        if let [_, _, ..] = live.as_slice() {
            let live = words::join(&live);
            let fr = format!("Étapes {} ouvertes", live.fr);
            return Text::new(fr, format!("Steps {} are open", live.en));
        }
        let number = self.live().chain(self.steps.last()).next().map_or(0, |step| step.number);
        let step = |fr: &str, en: &str| {
            Text::new(format!("Étape {number} {fr}"), format!("Step {number} {en}"))
        };
        match self.phase() {
            "over" => Text::new("La nuit est finie", "The night is over"),
            "waiting" => Text::new("La nuit attend", "The night is waiting"),
            "open" => step("ouverte", "is open"),
            View::DECIDING => step(": l'opérateur décide", "is up to the operator"),
            _ => step("close", "is closed"),
        }
    }

    fn show_live(&self, step: &Step, for_whom: &Audience, parts: &mut Vec<Widget>) {
        let secrecy = self.config.secrecy;
        let open_names = matches!(secrecy, Secrecy::WhoVoted | Secrecy::Live);
        let operator = matches!(for_whom, Audience::Operator { .. });
        parts.push(Widget::Turnout {
            votes: step.ballot().votes(),
            expected: step.poll.expected(),
            missing: if operator || open_names {
                step.ballot().missing().cloned().collect()
            } else {
                Vec::new()
            },
        });
        if secrecy == Secrecy::Live || *for_whom == (Audience::Operator { revealed: true }) {
            parts.extend(tally(&step.ballot().tally(), &[], title_now()));
        } else if operator {
            let words = Text::new(
                "Les votes sont secrets : les révéler est noté au journal",
                "The votes are secret: revealing them is written down",
            );
            parts.push(Widget::text(words, Level::Plain));
        }
        if let Audience::Slot(slot) = for_whom {
            parts.extend(own(step, slot, secrecy));
        }
        parts.extend(timers(step, operator));
        if let Some(left) = step.warned.filter(|_| step.is_open()) {
            parts.push(Widget::text(words::time_left(left), Level::Warn));
        }
        if let Some(matter) = &step.matter {
            let told = if operator {
                self.explained_step(step)
            } else {
                words::waits_for_operator(matter)
            };
            parts.push(Widget::text(told, Level::Warn));
        } else if !step.rounds.is_empty() {
            parts.push(Widget::text(words::again(step.rounds.len()), Level::Warn));
        }
        if operator {
            parts.extend(keys(step));
        }
        if operator && step.poll.asks_to_close() {
            parts.push(Widget::text(Poll::closing_question(), Level::Warn));
        }
        if operator && !step.held_back.is_empty() {
            let row = |held: &HeldBack| Row {
                slot: Some(held.slot.clone()),
                text: words::held_back(&held.slot),
                level: Level::Warn,
            };
            let rows = step.held_back.iter().map(row).collect();
            parts.push(Widget::List { title: Text::new("Votes retenus", "Held-back votes"), rows });
        }
    }

    /// Players who sit out and players who are out, for the operator.
    fn away(&self, for_whom: &Audience) -> Vec<Widget> {
        let of = |who: fn(&Seat) -> bool| -> Vec<String> {
            let seats = self.roster.seats.iter().filter(|seat| who(seat));
            seats.map(|seat| seat.slot.to_string()).collect()
        };
        let groups = [
            (of(|seat| seat.alive && seat.excused), words::excused as fn(&[String]) -> Text),
            (of(|seat| !seat.alive), words::out),
        ];
        let is_operator = matches!(for_whom, Audience::Operator { .. });
        let told = groups.into_iter().filter(|(seats, _)| is_operator && !seats.is_empty());
        told.map(|(seats, say)| Widget::text(say(&seats), Level::Plain)).collect()
    }

    /// Slots that are lost, for everybody; keys that are stuck, for the operator.
    fn troubles(&self, for_whom: &Audience) -> Vec<Widget> {
        let mut parts = Vec::new();
        let lost = self.lost_players();
        if !lost.is_empty() && self.live().next().is_some() {
            parts.push(Widget::text(words::lost(&lost), Level::Warn));
        }
        if matches!(for_whom, Audience::Operator { .. }) {
            let row = |(slot, key): &(SlotId, InputName)| Row {
                slot: Some(slot.clone()),
                text: Text::new(format!("touche {key} bloquée"), format!("key {key} is stuck")),
                level: Level::Bad,
            };
            let rows: Vec<Row> = self.hands.stuck().map(row).collect();
            let title = Text::new("Touches bloquées", "Stuck keys");
            parts.extend((!rows.is_empty()).then_some(Widget::List { title, rows }));
        }
        parts
    }

    fn show_result(&self, step: &Step, parts: &mut Vec<Widget>) {
        let told = self.past.iter().rev().find(|past| past.result.step == step.number);
        let Some(Past { result, .. }) = told else { return };
        parts.push(Widget::turnout(result.votes, result.expected));
        let level = match (result.status, result.carried.is_empty()) {
            (StepStatus::Aborted, _) => Level::Bad,
            (StepStatus::Success | StepStatus::Incomplete, true) => Level::Warn,
            (StepStatus::Success | StepStatus::Incomplete, false) => Level::Good,
        };
        parts.push(Widget::text(result.why.clone(), level));
        if result.status == StepStatus::Aborted {
            return;
        }
        for (place, round) in step.rounds.iter().enumerate() {
            let round_number = place + 1;
            let title = Text::new(
                format!("Vote {round_number}, égalité"),
                format!("Vote {round_number}, a tie"),
            );
            parts.extend(tally(round, &[], title));
        }
        let title = Text::new("Résultat", "Result");
        parts.extend(tally(&step.ballot().tally(), &result.carried, title));
    }

    /// The night's results so far. Those that no longer hold are for the operator.
    fn history(&self, for_whom: &Audience) -> Option<Widget> {
        let operator = matches!(for_whom, Audience::Operator { .. });
        let shown = self.past.iter().filter(|past| operator || !past.superseded);
        let row = |Past { result, superseded }: &Past| {
            let number = result.step;
            let (mut fr, mut en) = (result.why.fr.clone(), result.why.en.clone());
            if *superseded {
                fr.push_str(" (ne vaut plus)");
                en.push_str(" (no longer holds)");
            }
            let text = Text::new(format!("Étape {number} : {fr}"), format!("Step {number}: {en}"));
            Row { slot: None, text, level: if *superseded { Level::Warn } else { Level::Plain } }
        };
        let rows: Vec<Row> = shown.map(row).collect();
        let title = Text::new("Résultats de la nuit", "Results of the night");
        (!rows.is_empty()).then_some(Widget::List { title, rows })
    }

    pub(crate) fn explained(&self) -> Text {
        if self.over.is_some() {
            return Text::new("la nuit est finie", "the night is over");
        }
        let live: Vec<Text> = self.live().map(|step| self.explained_step(step)).collect();
        match (live.as_slice(), self.steps.last()) {
            (_, None) => {
                Text::new("aucune question n'a été posée", "no question has been asked yet")
            }
            ([], Some(last)) => self.explained_step(last),
            ([only], Some(_)) => only.clone(),
            ([..], Some(_)) => {
                let fr: Vec<_> = live.iter().map(|say| &*say.fr).collect();
                let en: Vec<_> = live.iter().map(|say| &*say.en).collect();
                Text::new(fr.join(" ; "), en.join("; "))
            }
        }
    }

    /// Reason for which a step stands as it does.
    pub(crate) fn explained_step(&self, step: &Step) -> Text {
        let (votes, expected) = (step.ballot().votes(), step.poll.expected());
        match &step.matter {
            None if step.poll.grace_ends().is_some() => Text::new(
                "tous ont voté : la question se ferme si personne ne change",
                "everybody has voted: the question closes unless somebody changes",
            ),
            None if step.is_open() => words::votes_in(votes, expected),
            Some(Matter::Missing) => Text::new(
                format!("temps écoulé avec {votes} votes sur {expected} : l'opérateur décide"),
                format!("time is up with {votes} of {expected} votes: the operator decides"),
            ),
            Some(Matter::Left) => Text::new(
                "un joueur est parti et l'égalité n'est plus la même : l'opérateur décide",
                "a player left and the tie is no longer the same: the operator decides",
            ),
            Some(Matter::Tie(tied)) => {
                let tied = words::join(&self.named(step.number, tied));
                Text::new(
                    format!("égalité entre {} : l'opérateur décide", tied.fr),
                    format!("a tie between {}: the operator decides", tied.en),
                )
            }
            None => {
                let told = self.past.iter().rev().find(|past| past.result.step == step.number);
                told.map(|past| past.result.why.clone()).unwrap_or_default()
            }
        }
    }
}

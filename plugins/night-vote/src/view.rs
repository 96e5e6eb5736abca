//! What each audience sees. While a step is open, nobody sees more than its secrecy allows.

use crate::config::Secrecy;
use crate::step::{Matter, Stage, Step};
use crate::{NightVote, Past, words};
use eg_game::ballot::{Tally, Vote};
use eg_game::prelude::*;
use eg_game::{Bar, Level, Row, StepStatus};

impl NightVote {
    pub(crate) fn seen_by(&self, for_whom: &Audience) -> View {
        let mut parts = Vec::new();
        if let Some(step) = &self.step {
            let question = step.as_question();
            parts.push(Part::Question {
                step: question.step,
                text: question.question,
                options: question.options,
            });
            if step.is_live() {
                self.show_live(step, for_whom, &mut parts);
            } else {
                self.show_result(step, &mut parts);
            }
            if *for_whom == (Audience::Operator { revealed: true }) {
                parts.push(ballots(step));
            }
        }
        parts.extend(self.history(for_whom));
        View::new(self.phase(), self.headline(), parts)
    }

    fn phase(&self) -> &'static str {
        match (&self.over, self.step.as_ref().map(|step| &step.stage)) {
            (Some(_), _) => "over",
            (None, None) => "waiting",
            (None, Some(Stage::Open { .. })) => "open",
            (None, Some(Stage::Deciding(_))) => "deciding",
            (None, Some(Stage::Closed)) => "closed",
        }
    }

    fn headline(&self) -> Say {
        let number = self.step.as_ref().map_or(0, |step| step.number);
        let step = |fr: &str, en: &str| {
            Say::new(format!("Étape {number} {fr}"), format!("Step {number} {en}"))
        };
        match self.phase() {
            "over" => Say::new("La nuit est finie", "The night is over"),
            "waiting" => Say::new("La nuit attend", "The night is waiting"),
            "open" => step("ouverte", "is open"),
            "deciding" => step(": l'opérateur décide", "is up to the operator"),
            _ => step("close", "is closed"),
        }
    }

    fn show_live(&self, step: &Step, for_whom: &Audience, parts: &mut Vec<Part>) {
        let secrecy = self.config.secrecy;
        let open_names = matches!(secrecy, Secrecy::WhoVoted | Secrecy::Live);
        let operator = matches!(for_whom, Audience::Operator { .. });
        parts.push(Part::Turnout {
            votes: step.ballot.votes(),
            expected: self.expected(step),
            missing: if operator || open_names {
                step.ballot.missing().cloned().collect()
            } else {
                Vec::new()
            },
        });
        if secrecy == Secrecy::Live || *for_whom == (Audience::Operator { revealed: true }) {
            parts.extend(tally(&step.ballot.tally(), &[], title_now()));
        } else if operator {
            let words = Say::new(
                "Les votes sont secrets : les révéler est noté au journal",
                "The votes are secret: revealing them is written down",
            );
            parts.push(Part::text(words, Level::Plain));
        }
        if let Audience::Slot(slot) = for_whom {
            parts.extend(own(step, slot, secrecy));
        }
        parts.extend(timers(step, operator));
        if operator && matches!(step.stage, Stage::Deciding(_)) {
            parts.push(Part::text(self.explained(), Level::Warn));
        }
    }

    fn show_result(&self, step: &Step, parts: &mut Vec<Part>) {
        let Some(Past { result, .. }) = self.past.last() else { return };
        parts.push(Part::turnout(result.votes, result.expected));
        let level = match (result.status, result.carried.is_empty()) {
            (StepStatus::Aborted, _) => Level::Bad,
            (StepStatus::Success | StepStatus::Incomplete, true) => Level::Warn,
            (StepStatus::Success | StepStatus::Incomplete, false) => Level::Good,
        };
        parts.push(Part::text(result.why.clone(), level));
        if result.status == StepStatus::Aborted {
            return;
        }
        for (place, round) in step.rounds.iter().enumerate() {
            let round_number = place + 1;
            let title = Say::new(
                format!("Vote {round_number}, égalité"),
                format!("Vote {round_number}, a tie"),
            );
            parts.extend(tally(round, &[], title));
        }
        let title = Say::new("Résultat", "Result");
        parts.extend(tally(&step.ballot.tally(), &result.carried, title));
    }

    /// The night's results so far. Those that no longer hold are for the operator.
    fn history(&self, for_whom: &Audience) -> Option<Part> {
        let operator = matches!(for_whom, Audience::Operator { .. });
        let shown = self.past.iter().filter(|past| operator || !past.superseded);
        let row = |Past { result, superseded }: &Past| {
            let number = result.step;
            let (mut fr, mut en) = (result.why.fr.clone(), result.why.en.clone());
            if *superseded {
                fr.push_str(" (ne vaut plus)");
                en.push_str(" (no longer holds)");
            }
            let text = Say::new(format!("Étape {number} : {fr}"), format!("Step {number}: {en}"));
            Row { slot: None, text, level: if *superseded { Level::Warn } else { Level::Plain } }
        };
        let rows: Vec<Row> = shown.map(row).collect();
        let title = Say::new("Résultats de la nuit", "Results of the night");
        (!rows.is_empty()).then_some(Part::List { title, rows })
    }

    pub(crate) fn explained(&self) -> Say {
        if self.over.is_some() {
            return Say::new("la nuit est finie", "the night is over");
        }
        let Some(step) = &self.step else {
            return Say::new("aucune question n'a été posée", "no question has been asked yet");
        };
        let (votes, expected) = (step.ballot.votes(), self.expected(step));
        match &step.stage {
            Stage::Open { grace: Some(_), .. } => Say::new(
                "tous ont voté : la question se ferme si personne ne change",
                "everybody has voted: the question closes unless somebody changes",
            ),
            Stage::Open { grace: None, .. } => Say::new(
                format!("{votes} votes sur {expected}"),
                format!("{votes} of {expected} votes are in"),
            ),
            Stage::Deciding(Matter::Missing) => Say::new(
                format!("temps écoulé avec {votes} votes sur {expected} : l'opérateur décide"),
                format!("time is up with {votes} of {expected} votes: the operator decides"),
            ),
            Stage::Deciding(Matter::Tie(tied)) => {
                let tied = words::join(&self.named(tied));
                Say::new(
                    format!("égalité entre {} : l'opérateur décide", tied.fr),
                    format!("a tie between {}: the operator decides", tied.en),
                )
            }
            Stage::Closed => {
                self.past.last().map(|past| past.result.why.clone()).unwrap_or_default()
            }
        }
    }
}

fn title_now() -> Say {
    Say::new("Votes pour l'instant", "Votes so far")
}

/// The bars of a tally, by weight; where players and weights differ, the players too.
fn tally(tally: &Tally, carried: &[String], title: Say) -> Vec<Part> {
    let number = |weight: u64| u32::try_from(weight).unwrap_or(u32::MAX);
    let bar = |count: &eg_game::ballot::Count| Bar {
        label: Say::same(&count.option),
        votes: number(count.weight),
        won: carried.contains(&count.option),
    };
    let bars = tally.counts.iter().map(bar).collect();
    let mut parts = vec![Part::Tally { title, bars, of: number(tally.asked_weight) }];
    let row = |text| Row { slot: None, text, level: Level::Plain };
    let mut rows = Vec::new();
    if tally.weighted() {
        rows.extend(tally.counts.iter().map(|count| {
            let (option, players) = (&count.option, count.players);
            row(Say::new(
                format!("{option} : {players} joueurs"),
                format!("{option}: {players} players"),
            ))
        }));
    }
    if tally.abstentions > 0 {
        let number = tally.abstentions;
        rows.push(row(Say::new(
            format!("Abstentions : {number}"),
            format!("Abstentions: {number}"),
        )));
    }
    if !rows.is_empty() {
        parts.push(Part::List { title: Say::new("Joueurs", "Players"), rows });
    }
    parts
}

/// Who chose what: for an operator who has revealed it.
fn ballots(step: &Step) -> Part {
    let options = step.ballot.options();
    let row = |(slot, vote): (&SlotId, Vote)| {
        let words = match vote {
            Vote::Abstain => Say::new("s'abstient", "abstains"),
            Vote::For(choice) => Say::same(options.get(choice).cloned().unwrap_or_default()),
        };
        Row { slot: Some(slot.clone()), text: words, level: Level::Plain }
    };
    let rows = step.ballot.cast_votes().map(row).collect();
    Part::List { title: Say::new("Bulletins", "Ballots"), rows }
}

/// What a player sees of their own vote, where that tells nobody anything.
fn own(step: &Step, slot: &SlotId, secrecy: Secrecy) -> Option<Part> {
    let not_asked = || Say::new("Cette question n'est pas pour vous", "You are not asked");
    let words = match (secrecy, step.ballot.vote_of(slot)) {
        (Secrecy::Hidden, _) => return None,
        (_, _) if !step.ballot.asks(slot) => not_asked(),
        (Secrecy::Count, _) | (_, None) => return None,
        (Secrecy::WhoVoted, Some(_)) => Say::new("Votre vote est là", "Your vote is in"),
        (Secrecy::Live, Some(Vote::Abstain)) => Say::new("Vous vous abstenez", "You abstain"),
        (Secrecy::Live, Some(Vote::For(choice))) => {
            let option = step.ballot.options().get(choice).cloned().unwrap_or_default();
            Say::new(format!("Votre vote : {option}"), format!("Your vote: {option}"))
        }
    };
    Some(Part::text(words, Level::Good))
}

/// The time that runs out; the grace is for the operator.
fn timers(step: &Step, operator: bool) -> Vec<Part> {
    let Stage::Open { grace, ends } = step.stage else { return Vec::new() };
    let timer = |fr: &str, en: &str, ends| Part::Timer { label: Say::new(fr, en), ends };
    let grace = grace.filter(|_| operator);
    let grace = grace.map(|ends| timer("Tous ont voté : clôture", "All are in: closing", ends));
    let ends = ends.map(|ends| timer("Temps restant", "Time left", ends));
    ends.into_iter().chain(grace).collect()
}

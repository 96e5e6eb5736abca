//! The parts of a step's picture.

use crate::config::Secrecy;
use crate::step::Step;
use eg_game::prelude::*;

pub(super) fn title_now() -> Text {
    Text::new("Votes pour l'instant", "Votes so far")
}

/// The bars of a tally, by weight; where players and weights differ, the players too.
pub(super) fn tally(tally: &Tally, carried: &[String], title: Text) -> Vec<Widget> {
    let number = |weight: u64| u32::try_from(weight).unwrap_or(u32::MAX);
    let bar = |count: &eg_game::ballot::Count| Bar {
        label: Text::same(&count.option),
        votes: number(count.weight),
        won: carried.contains(&count.option),
    };
    let bars = tally.shown().map(bar).collect();
    let mut parts = vec![Widget::Tally { title, bars, of: number(tally.asked_weight) }];
    let row = |text| Row { slot: None, text, level: Level::Plain };
    let mut rows = Vec::new();
    if tally.weighted() {
        rows.extend(tally.shown().map(|count| {
            let (option, players) = (&count.option, count.players);
            row(Text::new(
                format!("{option} : {players} joueurs"),
                format!("{option}: {players} players"),
            ))
        }));
    }
    if tally.abstentions > 0 {
        let number = tally.abstentions;
        rows.push(row(Text::new(
            format!("Abstentions : {number}"),
            format!("Abstentions: {number}"),
        )));
    }
    if !rows.is_empty() {
        parts.push(Widget::List { title: Text::new("Joueurs", "Players"), rows });
    }
    parts
}

/// Choice of each player: for an operator who has revealed it.
pub(super) fn ballots(step: &Step) -> Widget {
    let options = step.ballot().options();
    let row = |(slot, vote): (&SlotId, Vote)| {
        let words = match vote {
            Vote::Abstain => Text::new("s'abstient", "abstains"),
            Vote::For(choice) => Text::same(options.get(choice).cloned().unwrap_or_default()),
        };
        Row { slot: Some(slot.clone()), text: words, level: Level::Plain }
    };
    let rows = step.ballot().cast_votes().map(row).collect();
    Widget::List { title: Text::new("Bulletins", "Ballots"), rows }
}

/// Line for a player about their own vote, where that tells nobody anything.
pub(super) fn own(step: &Step, slot: &SlotId, secrecy: Secrecy) -> Option<Widget> {
    if step.poll.is_struck(slot) {
        let words = Text::new(
            "Le joueur que vous aviez choisi est hors jeu : choisissez encore",
            "The player you chose is out of the game: choose again",
        );
        return Some(Widget::text(words, Level::Warn));
    }
    if step.illegal.contains(slot) {
        let words = Text::new(
            "Ce choix n'est pas permis : choisissez-en un autre",
            "You may not choose that: choose again",
        );
        return Some(Widget::text(words, Level::Warn));
    }
    let not_asked = || Text::new("Cette question n'est pas pour vous", "You are not asked");
    let words = match (secrecy, step.ballot().vote_of(slot)) {
        (Secrecy::Hidden, _) => return None,
        (_, _) if !step.ballot().asks(slot) => not_asked(),
        (Secrecy::Count, _) | (_, None) => return None,
        (Secrecy::WhoVoted, Some(_)) => Text::new("Votre vote est là", "Your vote is in"),
        (Secrecy::Live, Some(Vote::Abstain)) => Text::new("Vous vous abstenez", "You abstain"),
        (Secrecy::Live, Some(Vote::For(choice))) => {
            let option = step.ballot().options().get(choice).cloned().unwrap_or_default();
            Text::new(format!("Votre vote : {option}"), format!("Your vote: {option}"))
        }
    };
    Some(Widget::text(words, Level::Good))
}

/// Warnings to the operator about the inputs: where an option has none, and where they are not known.
pub(super) fn keys(step: &Step) -> Vec<Widget> {
    let lacking = Lacking::say(&step.lacking()).map(|line| Widget::text(line, Level::Warn));
    let unknown = step.keys.unknown(step.ballot().voters());
    let by_name = Lacking::unknown(&unknown).map(|line| Widget::text(line, Level::Plain));
    lacking.into_iter().chain(by_name).collect()
}

/// The time that runs out; the grace is for the operator.
pub(super) fn timers(step: &Step, operator: bool) -> Vec<Widget> {
    let timer = |fr: &str, en: &str, ends| Widget::Timer { label: Text::new(fr, en), ends };
    let grace = step.poll.grace_ends().filter(|_| operator);
    let grace = grace.map(|ends| timer("Tous ont voté : clôture", "All are in: closing", ends));
    let ends = step.poll.ends().map(|ends| timer("Temps restant", "Time left", ends));
    ends.into_iter().chain(grace).collect()
}

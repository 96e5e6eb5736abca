//! Picture for each audience. Before the close, how many have voted; who chose what is for an operator who reveals it.

use crate::{Majority, count};
use eg_game::prelude::*;

impl Majority {
    pub(crate) fn seen_by(&self, for_whom: &Audience) -> View {
        let mut parts = vec![Widget::question(&self.question(), for_whom)];
        let operator = matches!(for_whom, Audience::Operator { .. });
        let revealed = *for_whom == (Audience::Operator { revealed: true });
        let ballot = self.poll.ballot();
        let missing = if operator { ballot.missing().cloned().collect() } else { Vec::new() };
        let (votes, expected) = (ballot.votes(), ballot.asked());
        let (phase, headline) = match &self.result {
            None => {
                parts.push(Widget::Turnout { votes, expected, missing });
                let level =
                    if operator && self.poll.asks_to_close() { Level::Warn } else { Level::Plain };
                let words =
                    if operator { self.explain() } else { count::turnout(&self.config, ballot) };
                parts.push(Widget::text(words, level));
                if operator {
                    parts.extend(self.told_of_keys());
                }
                if let Audience::Slot(slot) = for_whom {
                    parts.extend(self.poll.is_struck(slot).then(choose_again));
                    parts.extend(self.half_way(slot));
                }
                let timer =
                    |fr: &str, en: &str, ends| Widget::Timer { label: Text::new(fr, en), ends };
                parts
                    .extend(self.poll.ends().map(|ends| timer("Temps restant", "Time left", ends)));
                let grace = self.poll.grace_ends().filter(|_| operator);
                parts.extend(grace.map(|ends| timer("Clôture", "Closing", ends)));
                ("open", Text::new("Le vote est ouvert", "The vote is open"))
            }
            Some(result) => {
                parts.push(Widget::turnout(result.votes, result.expected));
                let level = if result.outcome.is_some() { Level::Good } else { Level::Warn };
                parts.push(Widget::text(result.why.clone(), level));
                ("closed", Text::new("Le vote est clos", "The vote is closed"))
            }
        };
        if revealed || phase == "closed" {
            parts.extend(self.tally());
        }
        if revealed {
            parts.push(self.ballots());
        }
        View::new(phase, headline, parts)
    }

    /// Warnings to the operator about the inputs: where an option has none, and where they are not known.
    fn told_of_keys(&self) -> Vec<Widget> {
        let lacking = Lacking::say(&self.lacking()).map(|line| Widget::text(line, Level::Warn));
        let unknown = self.keys.unknown(self.poll.ballot().voters());
        let unknown = Lacking::unknown(&unknown).filter(|_| !self.pick.has_keys());
        lacking.into_iter().chain(unknown.map(|line| Widget::text(line, Level::Plain))).collect()
    }

    /// Options from which a player who has picked a group may choose.
    fn half_way(&self, slot: &SlotId) -> Option<Widget> {
        let group = self.pick.group(slot)?;
        let first = group.start;
        let keys = self.config.keys.iter().zip(self.config.options.get(group)?).enumerate();
        let keys =
            keys.filter(|(place, _)| self.poll.ballot().stands(first + place)).map(|(_, it)| it);
        let row = |(key, option): (_, &String)| Row {
            slot: None,
            text: Text::same(format!("{key}: {option}")),
            level: Level::Plain,
        };
        let title = Text::new("Et maintenant", "And now");
        Some(Widget::List { title, rows: keys.map(row).collect() })
    }

    fn tally(&self) -> Vec<Widget> {
        let tally = self.poll.ballot().tally();
        let number = |weight: u64| u32::try_from(weight).unwrap_or(u32::MAX);
        let carried = self.result.as_ref().map_or(&[][..], |result| &result.carried);
        let bars = tally.shown().map(|count| Bar {
            label: Text::same(&count.option),
            votes: number(count.weight),
            won: carried.contains(&count.option),
        });
        let title = Text::new("Votes", "Votes");
        let bars = bars.collect();
        let mut parts = vec![Widget::Tally { title, bars, of: number(tally.asked_weight) }];
        if tally.abstentions > 0 {
            let blank = tally.abstentions;
            let words =
                Text::new(format!("Votes blancs : {blank}"), format!("Blank votes: {blank}"));
            parts.push(Widget::text(words, Level::Plain));
        }
        parts
    }

    fn ballots(&self) -> Widget {
        let row = |(slot, vote): (&SlotId, Vote)| Row {
            slot: Some(slot.clone()),
            text: match vote {
                Vote::Abstain => Text::new("blanc", "blank"),
                Vote::For(choice) => {
                    Text::same(self.config.options.get(choice).cloned().unwrap_or_default())
                }
            },
            level: Level::Plain,
        };
        let rows = self.poll.ballot().cast_votes().map(row).collect();
        Widget::List { title: Text::new("Bulletins", "Ballots"), rows }
    }
}

/// For a player whose vote was for somebody who is out since.
fn choose_again() -> Widget {
    let words = Text::new(
        "Le joueur que vous aviez choisi est hors jeu : choisissez encore",
        "The player you chose is out of the game: choose again",
    );
    Widget::text(words, Level::Warn)
}

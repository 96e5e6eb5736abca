//! Outcome of the votes.

use crate::config::{Config, Quorum, Threshold};
use eg_game::Text;
use eg_game::ballot::{Ballot, Tally};

/// Outcome of the votes.
pub(crate) struct Outcome {
    /// The option that carries, by its place.
    pub(crate) carried: Option<usize>,
    pub(crate) why: Text,
}

/// Number of players who must vote.
pub(crate) fn quorum(config: &Config, ballot: &Ballot) -> u32 {
    config.quorum.map_or(0, |quorum| quorum.of(ballot.asked()))
}

pub(crate) fn turnout(config: &Config, ballot: &Ballot) -> Text {
    let (votes, asked) = (ballot.votes(), ballot.asked());
    match quorum(config, ballot) {
        0 => Text::new(
            format!("{votes} votes sur {asked}"),
            format!("{votes} of {asked} votes are in"),
        ),
        quorum => Text::new(
            format!("{votes} votes sur {asked}, il en faut {quorum}"),
            format!("{votes} of {asked} votes are in, {quorum} are needed"),
        ),
    }
}

pub(crate) fn outcome(config: &Config, ballot: &Ballot) -> Outcome {
    let quorum = quorum(config, ballot);
    let votes = ballot.votes();
    if votes < quorum {
        let of = match config.quorum {
            Some(Quorum::Percent(percent)) => format!(" ({percent}%)"),
            Some(Quorum::Players(_)) | None => String::new(),
        };
        let why = Text::new(
            format!("quorum de {quorum}{of} non atteint avec {votes} votes : pas de décision"),
            format!("the quorum of {quorum}{of} was not reached with {votes} votes: no decision"),
        );
        return Outcome { carried: None, why };
    }
    let tally = ballot.tally();
    let base = base(config, ballot, &tally);
    let needed = needed(config.threshold, base, tally.asked_weight);
    let most = tally.counts.iter().enumerate().max_by_key(|(_, count)| count.weight);
    match most {
        Some((place, count)) if count.weight > 0 && count.weight >= needed => {
            let (option, with) = (&count.option, count.weight);
            let why = Text::new(
                format!("« {option} » est adopté avec {with} voix, il en fallait {needed}"),
                format!("{option:?} carries with {with} votes, {needed} were needed"),
            );
            Outcome { carried: Some(place), why }
        }
        Some((_, count)) => {
            let with = count.weight;
            let why = Text::new(
                format!("il fallait {needed} voix, au mieux {with} : pas de décision"),
                format!("{needed} votes were needed, the best had {with}: no decision"),
            );
            Outcome { carried: None, why }
        }
        None => Outcome { carried: None, why: Text::new("aucune option", "there are no options") },
    }
}

/// The votes of which the threshold is a part, by weight.
fn base(config: &Config, ballot: &Ballot, tally: &Tally) -> u64 {
    let chosen: u64 = tally.counts.iter().map(|count| count.weight).sum();
    if !config.count_blank {
        return chosen;
    }
    let silent: u64 = ballot.missing().map(|slot| ballot.weight_of(slot)).sum();
    tally.asked_weight - silent
}

/// The least weight that carries. More than half can never be reached by two options at once.
fn needed(threshold: Threshold, base: u64, asked: u64) -> u64 {
    match threshold {
        Threshold::Simple => base / 2 + 1,
        Threshold::Absolute => asked / 2 + 1,
        Threshold::TwoThirds => (2 * base).div_ceil(3).max(1),
        Threshold::All => base.max(1),
    }
}

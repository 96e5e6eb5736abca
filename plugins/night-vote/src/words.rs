//! Texts for players and operators, in French and in English.

use crate::step::Matter;
use eg_game::ballot::{Rule, Tally, TieRule};
use eg_game::{SlotId, Text};
use std::time::Duration;

/// Options one after the other: `A, B et C`, `A, B and C`.
pub(crate) fn join(names: &[String]) -> Text {
    let join = |and: &str| match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
    };
    Text::new(join("et"), join("and"))
}

fn votes(number: u64) -> Text {
    Text::new(
        format!("{number} voix"),
        format!("{number} vote{}", if number == 1 { "" } else { "s" }),
    )
}

pub(crate) fn won(tally: &Tally, choice: usize) -> Text {
    let Some(count) = tally.counts.get(choice) else { return no_choice() };
    let (option, with) = (&count.option, votes(count.weight));
    let of: u64 = tally.counts.iter().map(|count| count.weight).sum();
    Text::new(
        format!("« {option} » l'emporte avec {} sur {of}", with.fr),
        format!("{option:?} carries with {} of {of}", with.en),
    )
}

pub(crate) fn no_choice() -> Text {
    Text::new("personne n'a choisi : pas de décision", "nobody chose anything: no decision")
}

pub(crate) fn not_reached(rule: Rule, tally: &Tally) -> Text {
    let most = votes(tally.counts.iter().map(|count| count.weight).max().unwrap_or(0));
    let of = tally.asked_weight;
    let wants = match rule {
        Rule::Plurality => Text::new("le plus de voix", "most votes"),
        Rule::Majority => {
            Text::new(format!("plus de la moitié de {of}"), format!("more than half of {of}"))
        }
        Rule::Unanimous => Text::new(format!("les {of} voix"), format!("all {of} votes")),
    };
    Text::new(
        format!("il fallait {} ; au mieux {} : pas de décision", wants.fr, most.fr),
        format!("{} were needed; the best had {}: no decision", wants.en, most.en),
    )
}

pub(crate) fn tied_nobody(tied: &[String]) -> Text {
    let tied = join(tied);
    Text::new(
        format!("égalité entre {} : personne ne l'emporte", tied.fr),
        format!("a tie between {}: nobody carries", tied.en),
    )
}

pub(crate) fn tied_all(tied: &[String]) -> Text {
    let tied = join(tied);
    Text::new(
        format!("égalité entre {} : tous l'emportent", tied.fr),
        format!("a tie between {}: all of them carry", tied.en),
    )
}

pub(crate) fn tied_one(by: &TieRule, seed: u64, tied: &[String], won: &[String]) -> Text {
    let (tied, won) = (join(tied), join(won));
    let by = match by {
        TieRule::Random(named) => {
            let seed = named.unwrap_or(seed);
            Text::new(format!("le sort (graine {seed})"), format!("the draw (seed {seed})"))
        }
        TieRule::Chair(slot) => {
            Text::new(format!("{slot}, qui préside,"), format!("{slot} in the chair"))
        }
        TieRule::None | TieRule::RevoteTied(_) | TieRule::All | TieRule::Operator => {
            Text::new("la règle", "the rule")
        }
    };
    Text::new(
        format!("égalité entre {} : {} choisit « {} »", tied.fr, by.fr, won.fr),
        format!("a tie between {}: {} chose {:?}", tied.en, by.en, won.en),
    )
}

pub(crate) fn decided(choice: &str, by: &str) -> Text {
    Text::new(
        format!("égalité : {by} a choisi « {choice} »"),
        format!("a tie: {by} chose {choice:?}"),
    )
}

pub(crate) fn undecided(by: &str) -> Text {
    Text::new(format!("{by} n'a rien décidé"), format!("{by} made no decision"))
}

pub(crate) fn time_over() -> Text {
    Text::new(
        "le temps est écoulé et des votes manquent : pas de décision",
        "time is up and votes are missing: no decision",
    )
}

pub(crate) fn extended() -> Text {
    Text::new("des votes manquent : le temps est prolongé", "votes are missing: more time is given")
}

pub(crate) fn prolonged(by: &str, seconds: u64) -> Text {
    Text::new(
        format!("{by} donne {seconds} secondes de plus"),
        format!("{by} gives {seconds} more seconds"),
    )
}

pub(crate) fn called_off() -> Text {
    Text::new("l'étape est annulée", "the step is called off")
}

pub(crate) fn not_now() -> Text {
    Text::new("cette action n'est pas possible maintenant", "this cannot be done now")
}

pub(crate) fn time_left(left: Duration) -> Text {
    let seconds = left.as_secs_f64().round();
    Text::new(format!("il reste {seconds} secondes"), format!("{seconds} seconds are left"))
}

pub(crate) fn choose_otherwise(lacking: &Text) -> Text {
    Text::new(
        format!("{} ; dire d'autres touches, moins d'options, ou confirmer", lacking.fr),
        format!("{}; say other keys, fewer options, or confirm", lacking.en),
    )
}

pub(crate) fn step_lacks(number: usize, lacking: &Text) -> Text {
    Text::new(format!("étape {number} : {}", lacking.fr), format!("step {number}: {}", lacking.en))
}

pub(crate) fn soft_closed(soft: Duration) -> Text {
    let seconds = soft.as_secs_f64();
    Text::new(
        format!("vote de dernière minute : encore {seconds} secondes"),
        format!("a vote at the last moment: {seconds} more seconds"),
    )
}

/// Note that votes for a player who is out were withdrawn. Never whose: a log is read by more people than a ballot.
pub(crate) fn struck(votes: usize) -> Text {
    let (fr, en) =
        if votes == 1 { ("vote retiré", "vote is") } else { ("votes retirés", "votes are") };
    Text::new(
        format!("{votes} {fr} : le joueur choisi est hors jeu, il faut choisir encore"),
        format!("{votes} {en} withdrawn: the player chosen is out of the game, choose again"),
    )
}

pub(crate) fn held_back(slot: &SlotId) -> Text {
    Text::new(
        format!("{slot} : un vote retenu par une panne attend l'opérateur"),
        format!("{slot}: a vote that an outage held back waits for the operator"),
    )
}

pub(crate) fn late_accepted(slot: &SlotId, by: &str) -> Text {
    Text::new(
        format!("{by} a accepté le vote retenu de {slot}"),
        format!("{by} accepted the held-back vote of {slot}"),
    )
}

pub(crate) fn late_refused(slot: &SlotId, by: &str) -> Text {
    Text::new(
        format!("{by} a refusé le vote retenu de {slot}"),
        format!("{by} refused the held-back vote of {slot}"),
    )
}

pub(crate) fn late_left(number: usize) -> Text {
    Text::new(
        format!("{number} votes retenus par une panne n'ont pas compté"),
        format!("{number} votes that an outage held back did not count"),
    )
}

pub(crate) fn lost(slots: &[String]) -> Text {
    let slots = slots.join(", ");
    Text::new(format!("Perdu : {slots}"), format!("Lost: {slots}"))
}

/// Votes of a step that is open.
pub(crate) fn votes_in(votes: u32, expected: u32) -> Text {
    let fr = if votes < 2 { "vote" } else { "votes" };
    Text::new(format!("{votes} {fr} sur {expected}"), format!("{votes} of {expected} votes are in"))
}

/// Reason for which a step waits for the operator, as everybody may know it: a tie of secret votes is not told.
pub(crate) fn waits_for_operator(matter: &Matter) -> Text {
    match matter {
        Matter::Missing => {
            Text::new("temps écoulé : la régie décide", "time is up: the operator decides")
        }
        Matter::Tie(_) => Text::new("égalité : la régie décide", "a tie: the operator decides"),
        Matter::Left => Text::new("la régie décide", "the operator decides"),
    }
}

/// Round that follows a tie.
pub(crate) fn again(ties: usize) -> Text {
    let round = ties + 1;
    Text::new(
        format!("égalité : on vote encore (vote {round})"),
        format!("a tie: vote again (vote {round})"),
    )
}

/// Players who sit out.
pub(crate) fn excused(players: &[String]) -> Text {
    let players = join(players);
    Text::new(format!("Excusés : {}", players.fr), format!("Excused: {}", players.en))
}

/// Players who are out of the game.
pub(crate) fn out(players: &[String]) -> Text {
    let players = join(players);
    Text::new(format!("Hors jeu : {}", players.fr), format!("Out of the game: {}", players.en))
}

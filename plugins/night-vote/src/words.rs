//! What players and operators read, in French and in English.

use crate::voting::Refusal;
use eg_game::Say;
use eg_game::ballot::{CastError, Rule, Tally, TieRule};

/// Options one after the other: `A, B et C`, `A, B and C`.
pub(crate) fn join(names: &[String]) -> Say {
    let join = |and: &str| match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
    };
    Say::new(join("et"), join("and"))
}

fn votes(number: u64) -> Say {
    Say::new(
        format!("{number} voix"),
        format!("{number} vote{}", if number == 1 { "" } else { "s" }),
    )
}

pub(crate) fn won(tally: &Tally, choice: usize) -> Say {
    let Some(count) = tally.counts.get(choice) else { return no_choice() };
    let (option, with) = (&count.option, votes(count.weight));
    let of: u64 = tally.counts.iter().map(|count| count.weight).sum();
    Say::new(
        format!("« {option} » l'emporte avec {} sur {of}", with.fr),
        format!("{option:?} carries with {} of {of}", with.en),
    )
}

pub(crate) fn no_choice() -> Say {
    Say::new("personne n'a choisi : pas de décision", "nobody chose anything: no decision")
}

pub(crate) fn not_reached(rule: Rule, tally: &Tally) -> Say {
    let most = votes(tally.counts.iter().map(|count| count.weight).max().unwrap_or(0));
    let of = tally.asked_weight;
    let wants = match rule {
        Rule::Plurality => Say::new("le plus de voix", "most votes"),
        Rule::Majority => {
            Say::new(format!("plus de la moitié de {of}"), format!("more than half of {of}"))
        }
        Rule::Unanimous => Say::new(format!("les {of} voix"), format!("all {of} votes")),
    };
    Say::new(
        format!("il fallait {} ; au mieux {} : pas de décision", wants.fr, most.fr),
        format!("{} were needed; the best had {}: no decision", wants.en, most.en),
    )
}

pub(crate) fn tied_nobody(tied: &[String]) -> Say {
    let tied = join(tied);
    Say::new(
        format!("égalité entre {} : personne ne l'emporte", tied.fr),
        format!("a tie between {}: nobody carries", tied.en),
    )
}

pub(crate) fn tied_all(tied: &[String]) -> Say {
    let tied = join(tied);
    Say::new(
        format!("égalité entre {} : tous l'emportent", tied.fr),
        format!("a tie between {}: all of them carry", tied.en),
    )
}

pub(crate) fn tied_one(by: &TieRule, tied: &[String], won: &[String]) -> Say {
    let (tied, won) = (join(tied), join(won));
    let by = match by {
        TieRule::Random(seed) => {
            Say::new(format!("le sort (graine {seed})"), format!("the draw (seed {seed})"))
        }
        TieRule::Chair(slot) => {
            Say::new(format!("{slot}, qui préside,"), format!("{slot} in the chair"))
        }
        TieRule::None | TieRule::RevoteTied(_) | TieRule::All | TieRule::Operator => {
            Say::new("la règle", "the rule")
        }
    };
    Say::new(
        format!("égalité entre {} : {} choisit « {} »", tied.fr, by.fr, won.fr),
        format!("a tie between {}: {} chose {:?}", tied.en, by.en, won.en),
    )
}

pub(crate) fn decided(choice: &str, by: &str) -> Say {
    Say::new(
        format!("égalité : {by} a choisi « {choice} »"),
        format!("a tie: {by} chose {choice:?}"),
    )
}

pub(crate) fn undecided(by: &str) -> Say {
    Say::new(format!("{by} n'a rien décidé"), format!("{by} made no decision"))
}

pub(crate) fn time_over() -> Say {
    Say::new(
        "le temps est écoulé et des votes manquent : pas de décision",
        "time is up and votes are missing: no decision",
    )
}

pub(crate) fn extended() -> Say {
    Say::new("des votes manquent : le temps est prolongé", "votes are missing: more time is given")
}

pub(crate) fn called_off() -> Say {
    Say::new("l'étape est annulée", "the step is called off")
}

pub(crate) fn not_now() -> Say {
    Say::new("cette action n'est pas possible maintenant", "this cannot be done now")
}

impl Refusal {
    /// Why, for the player and the operator.
    pub(crate) fn say(&self) -> Say {
        match self {
            Self::NothingOpen => Say::new("aucune question n'est ouverte", "no question is open"),
            Self::Over => Say::new("la partie est finie", "the session is over"),
            Self::Sealed => Say::new(
                "la question est close : le résultat est connu",
                "the question is closed: the result is out",
            ),
            Self::NotYetOpen => Say::new(
                "appui fait avant l'ouverture de la question",
                "pressed before the question opened",
            ),
            Self::TooLate => Say::new(
                "appui fait après la clôture de la question",
                "pressed after the question closed",
            ),
            Self::HeldBack => Say::new(
                "appui retenu par une panne : la règle est de l'écarter",
                "held back by an outage: the rule is to drop it",
            ),
            Self::OtherStep { meant, open } => Say::new(
                format!("vote pour l'étape {meant}, c'est l'étape {open} qui est ouverte"),
                format!("a vote for step {meant}, and step {open} is open"),
            ),
            Self::NoMeaning(what) => Say::new(
                format!("« {what} » n'est pas un choix de cette question"),
                format!("{what:?} is no choice of this question"),
            ),
            Self::Cast(CastError::NotAsked) => {
                Say::new("cette question n'est pas posée à ce joueur", "this player is not asked")
            }
            Self::Cast(CastError::NoSuchOption) => {
                Say::new("il n'y a pas autant d'options", "there are not that many options")
            }
            Self::Cast(CastError::Final) => Say::new(
                "le premier choix compte et ne change plus",
                "the first choice counts and cannot be changed",
            ),
            Self::Cast(CastError::Overtaken) => Say::new(
                "un choix plus récent de ce joueur compte déjà",
                "a later choice of this player already counts",
            ),
        }
    }
}

//! Reasons for which an input is not a vote, in the words of players and operators.

use eg_game::ballot::CastError;
use eg_game::{NotOpen, RefusalReason, Text};

/// Reason for which an input is not a vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No question has been opened.
    NothingOpen,
    /// The session is over.
    Over,
    /// The result is out.
    Sealed,
    /// Given before the question opened.
    NotYetOpen,
    /// Given after the question closed.
    TooLate,
    /// An outage held it back, and the settings drop such presses.
    HeldBack,
    /// Meant for another step.
    OtherStep { meant: u32, open: u32 },
    /// None of the options.
    NoMeaning(String),
    /// Another choice was pressed at once, on the same board.
    AtOnce,
    /// The key is stuck.
    Stuck(String),
    /// This player is out of the game and cannot be chosen.
    Dead(String),
    /// Nobody chooses themselves.
    Oneself,
    /// Nobody chooses one of their own.
    Pack(String),
    /// The ballot did not take it.
    Cast(CastError),
}

impl From<NotOpen> for Refusal {
    fn from(when: NotOpen) -> Self {
        match when {
            NotOpen::TooEarly => Self::NotYetOpen,
            NotOpen::TooLate => Self::TooLate,
        }
    }
}

impl Refusal {
    /// Kind of the reason, for the player's screen.
    pub(crate) fn reason(&self) -> RefusalReason {
        match self {
            Self::NothingOpen | Self::Over => RefusalReason::NobodyAsked,
            Self::NotYetOpen => RefusalReason::TooEarly,
            Self::Sealed | Self::TooLate | Self::HeldBack => RefusalReason::TooLate,
            Self::NoMeaning(_) => RefusalReason::NotAnOption,
            Self::Cast(CastError::NotAsked) => RefusalReason::NotYourTurn,
            Self::Cast(CastError::Final) => RefusalReason::AlreadyVoted,
            Self::OtherStep { .. }
            | Self::AtOnce
            | Self::Stuck(_)
            | Self::Dead(_)
            | Self::Oneself
            | Self::Pack(_)
            | Self::Cast(_) => RefusalReason::Other,
        }
    }

    /// Words of the reason, for the player and the operator.
    pub(crate) fn say(&self) -> Text {
        match self {
            Self::NothingOpen => Text::new("aucune question n'est ouverte", "no question is open"),
            Self::Over => Text::new("la partie est finie", "the session is over"),
            Self::Sealed => Text::new(
                "la question est close : le résultat est connu",
                "the question is closed: the result is out",
            ),
            Self::NotYetOpen => Text::new(
                "appui fait avant l'ouverture de la question",
                "pressed before the question opened",
            ),
            Self::TooLate => Text::new(
                "appui fait après la clôture de la question",
                "pressed after the question closed",
            ),
            Self::HeldBack => Text::new(
                "appui retenu par une panne : la règle est de l'écarter",
                "held back by an outage: the rule is to drop it",
            ),
            Self::OtherStep { meant, open } => Text::new(
                format!("vote pour l'étape {meant}, c'est l'étape {open} qui est ouverte"),
                format!("a vote for step {meant}, and step {open} is open"),
            ),
            Self::NoMeaning(what) => Text::new(
                format!("« {what} » n'est pas un choix de cette question"),
                format!("{what:?} is no choice of this question"),
            ),
            Self::AtOnce => Text::new(
                "deux choix à la fois : aucun ne compte, il faut recommencer",
                "two choices at once: neither counts, choose again",
            ),
            Self::Stuck(key) => Text::new(
                format!("la touche {key} est bloquée et ne compte pas"),
                format!("the key {key} is stuck and does not count"),
            ),
            Self::Dead(name) => Text::new(
                format!("{name} est hors jeu et ne peut pas être choisi"),
                format!("{name} is out of the game and cannot be chosen"),
            ),
            Self::Oneself => {
                Text::new("on ne se choisit pas soi-même", "nobody may choose themselves")
            }
            Self::Pack(name) => Text::new(
                format!("{name} est des vôtres et ne peut pas être choisi"),
                format!("{name} is one of your own and cannot be chosen"),
            ),
            Self::Cast(CastError::NotAsked) => {
                Text::new("cette question n'est pas posée à ce joueur", "this player is not asked")
            }
            Self::Cast(CastError::NoSuchOption) => {
                Text::new("il n'y a pas autant d'options", "there are not that many options")
            }
            Self::Cast(CastError::Out) => Text::new(
                "ce joueur est hors jeu et ne peut pas être choisi",
                "this player is out of the game and cannot be chosen",
            ),
            Self::Cast(CastError::Final) => Text::new(
                "le premier choix compte et ne change plus",
                "the first choice counts and cannot be changed",
            ),
            Self::Cast(CastError::Overtaken) => Text::new(
                "un choix plus récent de ce joueur compte déjà",
                "a later choice of this player already counts",
            ),
            Self::Cast(other) => Text::same(other.to_string()),
        }
    }
}

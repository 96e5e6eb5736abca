//! Why an input is not a vote, in the words of players and operators.

use eg_game::ballot::CastError;
use eg_game::{NotOpen, Say};

/// Why an input is not a vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No question has been opened.
    NothingOpen,
    /// The session is over.
    Over,
    /// The result is out.
    Sealed,
    /// It was given before the question opened.
    NotYetOpen,
    /// It was given after the question closed.
    TooLate,
    /// An outage held it back, and the settings drop such presses.
    HeldBack,
    /// It is meant for another step.
    OtherStep { meant: u32, open: u32 },
    /// It means none of the options.
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
            Self::AtOnce => Say::new(
                "deux choix à la fois : aucun ne compte, il faut recommencer",
                "two choices at once: neither counts, choose again",
            ),
            Self::Stuck(key) => Say::new(
                format!("la touche {key} est bloquée et ne compte pas"),
                format!("the key {key} is stuck and does not count"),
            ),
            Self::Dead(name) => Say::new(
                format!("{name} est hors jeu et ne peut pas être choisi"),
                format!("{name} is out of the game and cannot be chosen"),
            ),
            Self::Oneself => {
                Say::new("on ne se choisit pas soi-même", "nobody may choose themselves")
            }
            Self::Pack(name) => Say::new(
                format!("{name} est des vôtres et ne peut pas être choisi"),
                format!("{name} is one of your own and cannot be chosen"),
            ),
            Self::Cast(CastError::NotAsked) => {
                Say::new("cette question n'est pas posée à ce joueur", "this player is not asked")
            }
            Self::Cast(CastError::NoSuchOption) => {
                Say::new("il n'y a pas autant d'options", "there are not that many options")
            }
            Self::Cast(CastError::Out) => Say::new(
                "ce joueur est hors jeu et ne peut pas être choisi",
                "this player is out of the game and cannot be chosen",
            ),
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

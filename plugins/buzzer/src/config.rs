//! The settings of a round.

use eg_game::prelude::*;

/// The settings of a round. All of them have a default.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The input that is the buzzer. Without it, every input is.
    #[schemars(extend("x-fr" = { "title": "Touche", "description": "L’entrée qui sert de buzzer. Sans elle, toutes le sont." }))]
    pub key: Option<InputName>,
    /// After the first press, others that may have been earlier are awaited for so long, beyond what the core waits by
    /// itself for the clocks and the network. For a network that it cannot foresee.
    #[schemars(extend("x-fr" = { "title": "Fenêtre", "description": "Après le premier appui, on attend si longtemps ceux qui ont pu venir avant lui, en plus de ce que le serveur central attend déjà pour les horloges et le réseau. Pour un réseau qu’il ne peut pas prévoir." }))]
    pub window: Span,
    /// Player who answers when the clocks cannot tell who was first.
    #[schemars(extend("x-fr" = { "title": "Égalité", "description": "Qui répond quand les horloges ne disent pas qui était premier." }))]
    pub tie: Tie,
    /// Penalty for a press before the arming.
    #[schemars(extend("x-fr" = { "title": "Trop tôt", "description": "Peine pour un appui avant l’ouverture du buzzer." }))]
    pub early: Early,
    /// `true` if everybody must have pressed once before the first question is armed.
    #[schemars(extend("x-fr" = { "title": "Appel", "description": "Oui si tout le monde doit avoir appuyé une fois avant la première question." }))]
    pub roll_call: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            key: None,
            window: Span::default(),
            tie: Tie::default(),
            early: Early::default(),
            roll_call: true,
        }
    }
}

/// Player who answers when the clocks cannot tell who was first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(transform = eg_game::random_alone)]
pub enum Tie {
    /// All of them are shown, and each may answer.
    #[default]
    #[schemars(extend("x-fr" = { "description": "Tous sont montrés, et chacun peut répondre." }))]
    Both,
    /// A draw: `random` from the session's own seed, another in every session; `random: 7` from this one, so that the
    /// same question and the same players always give the same one.
    #[schemars(extend("x-fr" = { "title": "Tirage", "description": "Un tirage au sort : par la graine de la partie, autre à chaque partie, ou par ce nombre, toujours le même." }))]
    Random(Option<u64>),
    /// Player who has the fewest points; all of those when several have.
    #[schemars(extend("x-fr" = { "description": "Celui qui a le moins de points ; tous ceux-là s’ils sont plusieurs." }))]
    FewestWins,
    /// The operator picks one.
    #[schemars(extend("x-fr" = { "description": "La régie choisit." }))]
    Judge,
}

/// Penalty for a press before the arming.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Early {
    /// Presses of this player do not count for this long after it.
    #[schemars(extend("x-fr" = { "title": "Blocage", "description": "Les appuis de ce joueur ne comptent pas pendant ce temps." }))]
    Lockout(Span),
    /// This player is out for this question.
    #[schemars(extend("x-fr" = { "description": "Ce joueur est hors jeu pour cette question." }))]
    Out,
}

impl Default for Early {
    fn default() -> Self {
        Self::Lockout(Span::from_millis(250))
    }
}

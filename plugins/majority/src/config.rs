//! The settings of a vote.

use eg_game::prelude::*;
use eg_game::schemars::{Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The settings of a vote.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Question to the players.
    #[schemars(extend("x-fr" = { "title": "Question", "description": "Question posée aux joueurs." }))]
    pub question: String,
    /// Options, at least two, in the order shown.
    #[schemars(extend("x-fr" = { "title": "Choix", "description": "Au moins deux, dans l’ordre montré." }))]
    pub options: Vec<String>,
    /// The inputs that choose, in the order of the options. With more options than inputs, the first press picks a
    /// group of options and the second one of them. Without it, an option is chosen by the input of its name; when not
    /// every option has one, all of them by the buttons in their order.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Touches", "description": "Les entrées qui choisissent, dans l’ordre des choix. Avec plus de choix que d’entrées, le premier appui prend un groupe et le second un choix du groupe. Sans elles, un choix se prend par l’entrée de son nom ; si tous n’en ont pas une, par les boutons dans leur ordre." }))]
    pub keys: Vec<InputName>,
    /// The input that votes blank. Without it, an input called `abstain`.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Blanc", "description": "L’entrée qui vote blanc. Sans elle, une entrée nommée abstain." }))]
    pub blank: Option<InputName>,
    /// Number of votes needed, blank ballots included: a number, or a part of those who are asked such as `50%`.
    /// Without it, nobody must.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Quorum", "description": "Nombre de votes qu’il faut, blancs compris : un nombre, ou une part de ceux qui votent comme 50%. Sans lui, personne n’est tenu de voter." }))]
    pub quorum: Option<Quorum>,
    /// Share of the votes that carries.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Seuil", "description": "Part des votes qui l’emporte." }))]
    pub threshold: Threshold,
    /// `true` to count blank ballots among the votes of which the threshold is a part.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Compter les blancs", "description": "Oui pour compter les votes blancs parmi ceux dont le seuil est une part." }))]
    pub count_blank: bool,
    /// Time for which it is open at most. Without it, until all have voted or the operator closes it.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Durée", "description": "Temps pendant lequel le vote est ouvert au plus. Sans lui, jusqu’au dernier vote ou jusqu’à ce que la régie ferme." }))]
    pub timeout: Option<Span>,
    /// Time for which all votes must stand unchanged before it closes; `2s` when nothing is said.
    #[serde(default = "two_seconds")]
    #[schemars(extend("x-fr" = { "title": "Délai de grâce", "description": "Temps pendant lequel tous les votes doivent rester les mêmes avant la fermeture ; 2s si rien n’est dit." }))]
    pub grace: Span,
}

fn two_seconds() -> Span {
    Span::from_secs(2)
}

/// Share of the votes that carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Threshold {
    /// More than half of the votes.
    #[default]
    #[serde(rename = "simple")]
    #[schemars(extend("x-fr" = { "description": "Plus de la moitié des votes." }))]
    Simple,
    /// More than half of all who are asked.
    #[serde(rename = "absolute")]
    #[schemars(extend("x-fr" = { "description": "Plus de la moitié de tous ceux qui votent." }))]
    Absolute,
    /// Two thirds of the votes, rounded up: 5 of 7.
    #[serde(rename = "2/3")]
    #[schemars(extend("x-fr" = { "description": "Deux tiers des votes, arrondis vers le haut : 5 sur 7." }))]
    TwoThirds,
    /// All votes.
    #[serde(rename = "all")]
    #[schemars(extend("x-fr" = { "description": "Tous les votes." }))]
    All,
}

/// Number of players who must vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quorum {
    /// A fixed number of players.
    Players(u32),
    /// A percentage of those who are asked, rounded up; 1 to 100.
    Percent(u32),
}

impl Quorum {
    /// Number of votes needed when this many players are asked.
    pub fn of(self, asked: u32) -> u32 {
        match self {
            Self::Players(players) => players,
            Self::Percent(percent) => (asked * percent).div_ceil(100),
        }
    }
}

impl<'de> Deserialize<'de> for Quorum {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a number of players from 1, or a part like 50%")]
        enum Either {
            Players(u32),
            Text(String),
        }
        let wrong = |found: &str| {
            let wanted = "wanted a number of players from 1, or a part from 1% to 100%";
            serde::de::Error::custom(format!("{wanted}, found {found}"))
        };
        match Either::deserialize(from)? {
            Either::Players(0) => Err(wrong("0")),
            Either::Players(players) => Ok(Self::Players(players)),
            Either::Text(text) => {
                let percent = text.trim().strip_suffix('%').and_then(|it| it.trim().parse().ok());
                match percent {
                    Some(percent @ 1..=100) => Ok(Self::Percent(percent)),
                    Some(_) | None => Err(wrong(&text)),
                }
            }
        }
    }
}

impl JsonSchema for Quorum {
    fn schema_name() -> Cow<'static, str> {
        "Quorum".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A number of players from 1, or a part like 50%.",
            "oneOf": [
                { "type": "integer", "minimum": 1 },
                { "type": "string", "pattern": "^(100|[1-9][0-9]?)%$" },
            ],
        })
    }
}

impl Config {
    /// Checks what types cannot, and makes the key map.
    pub(crate) fn check(&self) -> Result<KeyMap, StartError> {
        let mut wrong = SettingProblems::default();
        if self.question.trim().is_empty() {
            wrong.push("question", "it has no words");
        }
        let mut folded: Vec<_> =
            self.options.iter().map(|option| option.trim().to_lowercase()).collect();
        folded.sort();
        folded.dedup();
        if folded.len() < self.options.len().max(2) || folded.iter().any(String::is_empty) {
            let problem = "a vote needs at least two, all different whatever their case";
            wrong.push("options", problem);
        }
        let (keys, options) = (self.keys.len(), self.options.len());
        if keys > 0 && keys.saturating_mul(keys) < options {
            let problem =
                format!("{keys} inputs pick among {} at most, not {options}", keys * keys);
            wrong.push("keys", problem);
        }
        let twice = (1..keys).any(|place| self.keys[..place].contains(&self.keys[place]));
        if twice || self.blank.as_ref().is_some_and(|blank| self.keys.contains(blank)) {
            wrong.push("keys", "an input stands there twice, or votes blank too");
        }
        if self.timeout.is_some_and(|span| span.is_zero()) {
            wrong.push("timeout", "0s would close it at once; leave it out");
        }
        let keys = KeyMap::new(BTreeMap::new(), self.blank.clone());
        let keys = keys.map_err(|error| SettingProblems::of("blank", error.to_string()));
        let keys = wrong.add(keys).unwrap_or_default();
        Ok(wrong.or(keys)?)
    }
}

//! The settings of a night.

use crate::options::Options;
use eg_game::prelude::*;
use std::collections::BTreeMap;

/// The settings of a night. All of them have a default.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The night's questions, in order, ready to be opened one after the other. The operator may ask others.
    #[schemars(extend("x-fr" = { "title": "Étapes", "description": "Les questions de la nuit, dans l’ordre, prêtes à être ouvertes l’une après l’autre. La régie peut en poser d’autres." }))]
    pub steps: Vec<Prepared>,
    /// Option that each input means. Options that do not stand here are chosen by the inputs of their own name, or,
    /// when not all of them are called like one, by the buttons that are left in their order.
    #[schemars(extend("x-fr" = { "title": "Touches", "description": "Choix que chaque entrée signifie. Un choix absent d’ici se prend par l’entrée de son nom ou, si tous n’en ont pas une, par les boutons qui restent dans leur ordre." }))]
    pub keys: BTreeMap<InputName, String>,
    /// The input that abstains. Without it, an input called `abstain`.
    #[schemars(extend("x-fr" = { "title": "Abstention", "description": "L’entrée qui s’abstient. Sans elle, une entrée nommée abstain." }))]
    pub abstain: Option<InputName>,
    /// Number of votes that makes a step complete: `auto`, everybody who is asked, or a number.
    #[schemars(extend("x-fr" = { "title": "Votes attendus", "description": "Nombre de votes qui complète une étape : auto, tous ceux qui votent, ou un nombre." }))]
    pub expected: Expected,
    /// Rule by which a choice carries.
    #[schemars(extend("x-fr" = { "title": "Règle", "description": "Règle par laquelle un choix l’emporte." }))]
    pub rule: Rule,
    /// Rule that decides a tie.
    #[schemars(extend("x-fr" = { "title": "Égalité", "description": "Règle qui départage." }))]
    pub tie: TieRule,
    /// Rule for a player who chooses again.
    #[schemars(extend("x-fr" = { "title": "Changer d’avis", "description": "Règle pour un joueur qui choisit de nouveau." }))]
    pub change: Change,
    /// Time for which a step is open at most. Without it, until all votes are in or the operator closes it.
    #[schemars(extend("x-fr" = { "title": "Durée", "description": "Temps pendant lequel une étape est ouverte au plus. Sans lui, jusqu’au dernier vote ou jusqu’à ce que la régie ferme." }))]
    pub timeout: Option<Span>,
    /// Consequence when votes are missing at the timeout; `operator` when nothing is said.
    #[schemars(extend("x-fr" = { "title": "Votes manquants", "description": "Suite quand des votes manquent au bout de la durée ; operator si rien n’est dit." }))]
    pub missing: Option<Missing>,
    /// Time for which all votes must stand unchanged before the step closes; `0s` closes it with the last vote.
    #[schemars(extend("x-fr" = { "title": "Délai de grâce", "description": "Temps pendant lequel tous les votes doivent rester les mêmes avant que l’étape se ferme ; 0s la ferme au dernier vote." }))]
    pub grace: Span,
    /// Consequence once the votes that are missing can change nothing. Closing then needs `secrecy: live`: the moment
    /// tells how the votes stand.
    #[schemars(extend("x-fr" = { "title": "Déjà décidé", "description": "Suite dès que les votes manquants ne changent plus rien. Fermer demande alors secrecy: live : le moment trahit les votes." }))]
    pub decided: Decided,
    /// Part of the votes that is shown while a step is open.
    #[schemars(extend("x-fr" = { "title": "Secret", "description": "Part des votes que l’on montre pendant qu’une étape est ouverte." }))]
    pub secrecy: Secrecy,
    /// Treatment of a press that an outage held back.
    #[schemars(extend("x-fr" = { "title": "En retard", "description": "Sort d’un appui qu’une coupure a retenu." }))]
    pub late: Late,
    /// Whom nobody may choose, where an option is the name or the slot of a player.
    #[schemars(extend("x-fr" = { "title": "Interdits", "description": "Ceux que personne ne peut choisir, quand un choix est le nom ou le poste d’un joueur." }))]
    pub illegal: Vec<Illegal>,
    /// Two choices pressed on one board within this time, the first still held down, are none.
    #[schemars(extend("x-fr" = { "title": "À la fois", "description": "Deux choix pressés sur une carte dans ce temps, le premier encore tenu, n’en sont aucun." }))]
    pub at_once: Span,
    /// Before the timeout, everybody is warned when so much time is left.
    #[schemars(extend("x-fr" = { "title": "Avertissements", "description": "Avant la fin de la durée, tout le monde est averti quand il reste ce temps." }))]
    pub warnings: Vec<Span>,
    /// A vote that changes later than this before the timeout moves the timeout: so much time is left then. `0s` for
    /// never.
    #[schemars(extend("x-fr" = { "title": "Prolongation", "description": "Un vote qui change dans ce temps avant la fin la repousse : il reste alors ce temps. 0s pour jamais." }))]
    pub soft_close: Span,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            steps: Vec::new(),
            keys: BTreeMap::new(),
            abstain: None,
            expected: Expected::Auto,
            rule: Rule::default(),
            tie: TieRule::default(),
            change: Change::default(),
            timeout: None,
            missing: None,
            grace: Span::from_secs(2),
            decided: Decided::default(),
            secrecy: Secrecy::default(),
            late: Late::default(),
            illegal: vec![Illegal::Dead],
            at_once: Span::from_millis(100),
            warnings: vec![Span::from_secs(30), Span::from_secs(10)],
            soft_close: Span::default(),
        }
    }
}

/// A question that is ready to be opened.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prepared {
    /// Question to the players.
    #[schemars(extend("x-fr" = { "title": "Question", "description": "Question posée aux joueurs." }))]
    pub question: String,
    /// Options.
    #[schemars(extend("x-fr" = { "title": "Choix", "description": "Au moins deux, tous différents, dans l’ordre montré." }))]
    pub options: Options,
    /// Only players with this role are asked. Without it, everybody who is alive.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Rôle", "description": "Seuls les joueurs de ce rôle votent. Sans lui, tous ceux qui sont en vie." }))]
    pub role: Option<String>,
    /// Option of this question that each input means; then no other input means any. Without it, the night's keys.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Touches", "description": "Choix de cette question que chaque entrée signifie ; alors aucune autre entrée n’en signifie un. Sans elles, celles de la nuit." }))]
    pub keys: BTreeMap<InputName, String>,
    /// The input that abstains from this question. Without it, the night's.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Abstention", "description": "L’entrée qui s’abstient à cette question. Sans elle, celle de la nuit." }))]
    pub abstain: Option<InputName>,
}

/// Consequence when votes are missing at the timeout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// Silence abstains: the votes that are in decide.
    #[schemars(extend("x-fr" = { "description": "Le silence s’abstient : les votes reçus décident." }))]
    Abstain,
    /// The step ends without a decision.
    #[schemars(extend("x-fr" = { "description": "L’étape finit sans décision." }))]
    Fail,
    /// The step stays open for the same time once more, as often as it takes.
    #[schemars(extend("x-fr" = { "description": "L’étape reste ouverte encore une fois autant, aussi souvent qu’il le faut." }))]
    Extend,
    /// Voting stops and the operator decides.
    #[default]
    #[schemars(extend("x-fr" = { "description": "Le vote s’arrête et la régie décide." }))]
    Operator,
}

/// Consequence once the votes that are missing can change nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Decided {
    /// The step waits for them all the same.
    #[default]
    #[schemars(extend("x-fr" = { "description": "L’étape les attend quand même." }))]
    Wait,
    /// The step closes after the grace, which a change cancels.
    #[schemars(extend("x-fr" = { "description": "L’étape se ferme après le délai de grâce, qu’un changement annule." }))]
    Close,
}

/// Part of the votes that is shown while a step is open. Who chose what is never shown without the operator's reveal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Secrecy {
    /// Number of players who have voted. A press feels the same at every slot, whether its player may vote or not.
    #[default]
    #[schemars(extend("x-fr" = { "description": "Nombre de joueurs qui ont voté. Un appui donne la même chose à chaque poste, que son joueur puisse voter ou non." }))]
    Hidden,
    /// Number of players who have voted. A player who may not vote feels it.
    #[schemars(extend("x-fr" = { "description": "Nombre de joueurs qui ont voté. Un joueur qui ne peut pas voter le sent." }))]
    Count,
    /// Players who have voted.
    #[schemars(extend("x-fr" = { "description": "Les joueurs qui ont voté." }))]
    WhoVoted,
    /// Players who have voted, and the tally.
    #[schemars(extend("x-fr" = { "description": "Les joueurs qui ont voté, et le décompte." }))]
    Live,
}

/// Treatment of a press that an outage held back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Late {
    /// Counted if it surely happened while the question was open, and the result is not out.
    #[default]
    #[schemars(extend("x-fr" = { "description": "Compté s’il a sûrement eu lieu pendant que la question était ouverte, et si le résultat n’est pas sorti." }))]
    AcceptIfOpen,
    /// Counted if it may have happened since the question was opened, and the result is not out.
    #[schemars(extend("x-fr" = { "description": "Compté s’il a pu avoir lieu depuis l’ouverture de la question, et si le résultat n’est pas sorti." }))]
    Accept,
    /// As `accept`, once the operator has accepted it.
    #[schemars(extend("x-fr" = { "description": "Comme accept, une fois que la régie l’a accepté." }))]
    Ask,
    /// Refused.
    #[schemars(extend("x-fr" = { "description": "Refusé." }))]
    Drop,
}

/// A player whom nobody may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Illegal {
    /// One who is out of the game.
    #[schemars(extend("x-fr" = { "description": "Celui qui est hors jeu." }))]
    Dead,
    /// The one who chooses.
    #[schemars(extend("x-fr" = { "description": "Celui qui choisit." }))]
    #[serde(rename = "self")]
    Oneself,
    /// One with the role that is asked, which the one who chooses has too.
    #[schemars(extend("x-fr" = { "description": "Celui qui a le rôle qui vote, comme celui qui choisit." }))]
    Pack,
}

impl Config {
    /// Checks what types cannot, and makes the key map.
    pub(crate) fn check(&self, roster: &Roster) -> Result<KeyMap, StartError> {
        let mut wrong = SettingProblems::default();
        for (place, step) in self.steps.iter().enumerate() {
            let number = place + 1;
            if step.question.trim().is_empty() {
                wrong.push("steps", format!("step {number} has no question"));
            }
            // Otherwise they are the night's own, which are checked once.
            if !step.keys.is_empty() || step.abstain.is_some() {
                wrong.add(self.keys_of(step).map_err(|error| error.0));
            }
            let options = step.options.as_slice();
            let unknown = |means: &&String| !options.contains(means);
            if let Some(means) = step.keys.values().find(unknown) {
                let here = options.join(", ");
                let problem = format!("step {number} has no option {means:?}; here: {here}");
                wrong.push("steps", problem);
            }
            let role = step.role.as_deref();
            if role.is_some() && roster.alive(role).next().is_none() {
                let (role, known) = (role.unwrap_or_default(), roles(roster).join(", "));
                let known = if known.is_empty() { "nobody has a role".into() } else { known };
                let problem =
                    format!("step {number} asks {role:?}, and nobody has that role; here: {known}");
                wrong.push("steps", problem);
            }
        }
        if let TieRule::Chair(slot) = &self.tie
            && roster.seat(slot).is_none()
        {
            let here: Vec<_> = roster.seats.iter().map(|seat| seat.slot.as_str()).collect();
            let problem = format!("{slot} does not play; here: {}", here.join(", "));
            wrong.push("tie", problem);
        }
        if self.decided == Decided::Close && self.secrecy != Secrecy::Live {
            let problem =
                "close tells early how the votes stand; add `secrecy: live`, or leave it out";
            wrong.push("decided", problem);
        }
        if self.missing.is_some() && self.timeout.is_none() {
            let problem = "says what happens at the timeout; add `timeout: 60s` or leave it out";
            wrong.push("missing", problem);
        }
        if self.timeout.is_some_and(|span| span.is_zero()) {
            let problem = "0s would close a step at once; leave it out for a step without an end";
            wrong.push("timeout", problem);
        }
        let keys = KeyMap::new(self.keys.clone(), self.abstain.clone());
        let keys = keys.map_err(|error| SettingProblems::of("abstain", error.to_string()));
        let keys = wrong.add(keys).unwrap_or_default();
        Ok(wrong.or(keys)?)
    }

    /// Meaning of the inputs in a prepared step.
    pub(crate) fn keys_of(&self, step: &Prepared) -> Result<KeyMap, StartError> {
        let unfit =
            |error: eg_game::ballot::TwoMeanings| StartError::new("steps", error.to_string());
        let abstain = step.abstain.clone().or_else(|| self.abstain.clone());
        if step.keys.is_empty() {
            return KeyMap::new(self.keys.clone(), abstain).map_err(unfit);
        }
        let abstain = abstain.or_else(|| InputName::new("abstain").ok());
        Ok(KeyMap::new(step.keys.clone(), abstain).map_err(unfit)?.alone())
    }

    /// Consequence when votes are missing at the timeout.
    pub(crate) fn missing(&self) -> Missing {
        self.missing.unwrap_or_default()
    }
}

/// The roles of those who are alive, each once, in alphabetical order.
pub(crate) fn roles(roster: &Roster) -> Vec<String> {
    let mut roles: Vec<_> = roster.alive(None).filter_map(|seat| seat.role.clone()).collect();
    roles.sort();
    roles.dedup();
    roles
}

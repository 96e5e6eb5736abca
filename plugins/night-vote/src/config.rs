//! The settings of a night.

use crate::options::Options;
use eg_game::prelude::*;
use std::collections::BTreeMap;

/// The settings of a night. All of them have a default.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The night's questions, in order, ready to be opened one after the other. The operator may ask others.
    pub steps: Vec<Prepared>,
    /// Option that each input means. Options that do not stand here are chosen by the inputs of their own name, or,
    /// when not all of them are called like one, by the buttons that are left in their order.
    pub keys: BTreeMap<InputName, String>,
    /// The input that abstains. Without it, an input called `abstain`.
    pub abstain: Option<InputName>,
    /// Number of votes that makes a step complete: `auto`, everybody who is asked, or a number.
    pub expected: Expected,
    /// Rule by which a choice carries.
    pub rule: Rule,
    /// Rule that decides a tie.
    pub tie: TieRule,
    /// Rule for a player who chooses again.
    pub change: Change,
    /// Time for which a step is open at most. Without it, until all votes are in or the operator closes it.
    pub timeout: Option<Span>,
    /// Consequence when votes are missing at the timeout; `operator` when nothing is said.
    pub missing: Option<Missing>,
    /// Time for which all votes must stand unchanged before the step closes; `0s` closes it with the last vote.
    pub grace: Span,
    /// Consequence once the votes that are missing can change nothing. Closing then needs `secrecy: live`: the moment
    /// tells how the votes stand.
    pub decided: Decided,
    /// Part of the votes that is shown while a step is open.
    pub secrecy: Secrecy,
    /// Treatment of a press that an outage held back.
    pub late: Late,
    /// Whom nobody may choose, where an option is the name or the slot of a player.
    pub illegal: Vec<Illegal>,
    /// Two choices pressed on one board within this time, the first still held down, are none.
    pub at_once: Span,
    /// Before the timeout, everybody is warned when so much time is left.
    pub warnings: Vec<Span>,
    /// A vote that changes later than this before the timeout moves the timeout: so much time is left then. `0s` for
    /// never.
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
    pub question: String,
    /// Options.
    pub options: Options,
    /// Only players with this role are asked. Without it, everybody who is alive.
    #[serde(default)]
    pub role: Option<String>,
    /// Option of this question that each input means; then no other input means any. Without it, the night's keys.
    #[serde(default)]
    pub keys: BTreeMap<InputName, String>,
    /// The input that abstains from this question. Without it, the night's.
    #[serde(default)]
    pub abstain: Option<InputName>,
}

/// Consequence when votes are missing at the timeout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// Silence abstains: the votes that are in decide.
    Abstain,
    /// The step ends without a decision.
    Fail,
    /// The step stays open for the same time once more, as often as it takes.
    Extend,
    /// Voting stops and the operator decides.
    #[default]
    Operator,
}

/// Consequence once the votes that are missing can change nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Decided {
    /// The step waits for them all the same.
    #[default]
    Wait,
    /// The step closes after the grace, which a change cancels.
    Close,
}

/// Part of the votes that is shown while a step is open. Who chose what is never shown without the operator's reveal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Secrecy {
    /// Number of players who have voted. A press feels the same at every slot, whether its player may vote or not.
    #[default]
    Hidden,
    /// Number of players who have voted. A player who may not vote feels it.
    Count,
    /// Players who have voted.
    WhoVoted,
    /// Players who have voted, and the tally.
    Live,
}

/// Treatment of a press that an outage held back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Late {
    /// Counted if it surely happened while the question was open, and the result is not out.
    #[default]
    AcceptIfOpen,
    /// Counted if it may have happened since the question was opened, and the result is not out.
    Accept,
    /// As `accept`, once the operator has accepted it.
    Ask,
    /// Refused.
    Drop,
}

/// A player whom nobody may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Illegal {
    /// One who is out of the game.
    Dead,
    /// The one who chooses.
    #[serde(rename = "self")]
    Oneself,
    /// One with the role that is asked, which the one who chooses has too.
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

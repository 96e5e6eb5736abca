//! Inputs and their options, as the operator says them when a question is asked.

use crate::NightVote;
use eg_game::prelude::*;
use std::collections::BTreeMap;

/// As a program sends it, `{"a": "Anna"}`, or as a form does, `["a = Anna"]`.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a map of inputs to options, or lines like \"a = Anna\"")]
pub(super) enum KeyLines {
    Map(BTreeMap<String, String>),
    Lines(Vec<String>),
}

impl NightVote {
    /// Meaning of the inputs in this question, by the operator, else by the settings.
    pub(super) fn read_keys(
        &self,
        question: &Question,
        said: Option<&KeyLines>,
    ) -> Result<KeyMap, Text> {
        let said = said.map(KeyLines::pairs).transpose()?.unwrap_or_default();
        if said.is_empty() {
            return Ok(self.keys(question.step, &question.options));
        }
        let mut keys = BTreeMap::new();
        for (input, option) in said {
            let known =
                question.options.iter().find(|it| it.to_lowercase() == option.to_lowercase());
            let known = known.ok_or_else(|| no_option(&option, &question.options))?;
            let name = InputName::new(input.to_lowercase()).map_err(|error| {
                Text::new(format!("« {input} » n'est pas le nom d'une touche"), error.to_string())
            })?;
            if keys.insert(name, known.clone()).is_some() {
                return Err(Text::new(
                    format!("la touche {input} a deux sens"),
                    format!("the input {input} means two options"),
                ));
            }
        }
        if let Some(left) =
            question.options.iter().find(|it| !keys.values().any(|known| known == *it))
        {
            return Err(Text::new(
                format!("aucune touche n'est dite pour « {left} » : il en faut une par option"),
                format!("no input is said for {left:?}: each option needs one"),
            ));
        }
        let abstain = self.config.abstain.clone().or_else(|| InputName::new("abstain").ok());
        let abstain = abstain.filter(|input| !keys.contains_key(input));
        let unfit = |error: eg_game::ballot::TwoMeanings| Text::same(error.to_string());
        Ok(KeyMap::new(keys, abstain).map_err(unfit)?.alone())
    }
}

impl KeyLines {
    /// Each input and its option, without blank lines.
    fn pairs(&self) -> Result<Vec<(String, String)>, Text> {
        let trimmed =
            |(input, option): (&str, &str)| (input.trim().to_owned(), option.trim().to_owned());
        match self {
            Self::Map(map) => Ok(map.iter().map(|(a, b)| trimmed((a, b))).collect()),
            Self::Lines(lines) => {
                let lines = lines.iter().filter(|line| !line.trim().is_empty());
                let pair = |line: &String| {
                    line.split_once('=').map(trimmed).ok_or_else(|| {
                        Text::new(
                            format!("« {line} » : il faut une ligne comme « a = Anna »"),
                            format!("{line:?}: a line like \"a = Anna\" is wanted"),
                        )
                    })
                };
                lines.map(pair).collect()
            }
        }
    }
}

fn no_option(option: &str, options: &[String]) -> Text {
    let here = options.join(", ");
    Text::new(
        format!("« {option} » n'est pas une option ; ici : {here}"),
        format!("{option:?} is no option; here: {here}"),
    )
}

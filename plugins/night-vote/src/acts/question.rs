//! The question that an act asks, from its fields and from what is prepared.

use super::OpenArgs;
use crate::NightVote;
use crate::options::Options;
use crate::words;
use eg_game::prelude::*;

impl NightVote {
    pub(super) fn read_question(
        &self,
        number: u32,
        args: &OpenArgs,
    ) -> Result<(Question, Option<String>), Text> {
        let ready = self.prepared(number);
        let words = args.question.as_deref().or(ready.map(|ready| ready.question.as_str()));
        let question = words.map(str::trim).filter(|words| !words.is_empty());
        let Some(question) = question.map(str::to_owned) else {
            return Err(Text::new("il manque la question", "the question is missing"));
        };
        let options = match (&args.options, ready) {
            (Some(lines), _) => Options::try_from(lines.clone()).map_err(|error| {
                let fr = "il faut au moins deux options, toutes différentes";
                Text::new(fr, error.to_string())
            })?,
            (None, Some(ready)) => ready.options.clone(),
            (None, None) => {
                return Err(Text::new("il manque les options", "the options are missing"));
            }
        };
        let role = match &args.role {
            Some(role) => Some(role.clone()).filter(|role| !role.is_empty()),
            None => ready.and_then(|ready| ready.role.clone()),
        };
        let options = options.as_slice().to_vec();
        Ok((Question { step: number, question, options, keys: Vec::new() }, role))
    }

    /// Checks that somebody is asked, everybody could choose every option, and the expected number can be reached.
    pub(super) fn check_asked(
        &self,
        question: &Question,
        keys: &KeyMap,
        role: Option<&str>,
        confirm: bool,
    ) -> Result<(), Text> {
        let asked = self.ballot(&question.options, role).asked();
        if asked == 0 {
            return Err(Text::new("personne ne pourrait voter", "nobody could vote"));
        }
        if self.ballot(&question.options, role).standing().next().is_none() {
            return Err(Text::new(
                "tous ceux qu'on pourrait choisir sont hors jeu",
                "everybody who could be chosen is out of the game",
            ));
        }
        let lacking = Lacking::say(&self.would_lack(keys, &question.options, role));
        if let (Some(lacking), false) = (lacking, confirm) {
            return Err(words::choose_otherwise(&lacking));
        }
        match self.config.expected {
            Expected::Votes(number) if number.get() > asked && !confirm => Err(Text::new(
                format!("{number} votes attendus de {asked} joueurs : jamais complet, à confirmer"),
                format!(
                    "{number} votes wanted of {asked} players: never complete unless confirmed"
                ),
            )),
            Expected::Votes(_) | Expected::Auto => Ok(()),
        }
    }
}

/// A step's number as a page or a program sends it: `2` or `"2"`.
pub(crate) fn step_number<'de, D: serde::Deserializer<'de>>(
    from: D,
) -> Result<Option<u32>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a step's number")]
    enum Either {
        Number(u32),
        Text(String),
    }
    match Option::<Either>::deserialize(from)? {
        None => Ok(None),
        Some(Either::Number(number)) => Ok(Some(number)),
        Some(Either::Text(text)) => text.trim().parse().map(Some).map_err(serde::de::Error::custom),
    }
}

//! Prepared hints of a room, and how its hints are given.

use super::keep::Keep;
use eg_config::{Located, Location, Problems, Source};
use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Length of the longest hint, in characters: it has to be read from across a room.
pub(crate) const HINT_LENGTH: usize = 400;
/// Length of the longest group or label of a prepared hint, in characters.
const NAME_LENGTH: usize = 60;

/// Prepared hints of a room, and how its hints are given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HintSettings {
    /// Time for which a hint stands unless the operator says otherwise, in seconds; null until it is taken away.
    pub seconds: Option<u64>,
    /// `true` if slots and displays read hints aloud where the browser can.
    pub aloud: bool,
    /// Prepared hints, in the order of the file.
    #[schemars(with = "Vec<PreparedHint>")]
    #[serde(serialize_with = "as_list")]
    pub prepared: Arc<[PreparedHint]>,
}

/// Hint that was written before the game.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PreparedHint {
    /// Group under which it is listed, such as a puzzle.
    pub group: Option<String>,
    /// Short name for the operator.
    pub label: Option<String>,
    /// Text for players.
    pub text: String,
    /// The same in English, if `text` is in French and both are given.
    pub en: Option<String>,
}

fn as_list<S: serde::Serializer>(list: &Arc<[PreparedHint]>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(list.iter())
}

impl HintSettings {
    /// Returns the time for which a hint stands unless the operator says otherwise; `None` until it is taken away.
    pub(crate) fn time(&self) -> Option<Duration> {
        self.seconds.map(Duration::from_secs)
    }
}

/// Prepared hint of a file.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HintFile {
    /// Group under which the hint is listed, such as the name of a puzzle.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    group: Option<Located<String>>,
    /// Short name by which the operator finds the hint; left out: its text.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    label: Option<Located<String>>,
    /// Text for players: in one language, or `{fr: …, en: …}`.
    #[schemars(with = "HintText")]
    text: Located<HintText>,
}

/// Text of a prepared hint, in one or two languages.
#[derive(Debug, JsonSchema)]
#[serde(untagged)]
#[schemars(untagged)]
enum HintText {
    /// Text for everybody.
    Same(String),
    /// Text in French and in English.
    Both(BothTexts),
}

impl Default for HintText {
    fn default() -> Self {
        Self::Same(String::new())
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct BothTexts {
    /// Text in French.
    #[schemars(with = "String")]
    fr: Located<String>,
    /// Text in English.
    #[schemars(with = "String")]
    en: Located<String>,
}

impl<'de> Deserialize<'de> for HintText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrMap)
    }
}

struct TextOrMap;

impl<'de> Visitor<'de> for TextOrMap {
    type Value = HintText;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a text, or {fr: …, en: …}")
    }

    fn visit_str<E>(self, text: &str) -> Result<HintText, E> {
        Ok(HintText::Same(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<HintText, A::Error> {
        BothTexts::deserialize(MapAccessDeserializer::new(map)).map(HintText::Both)
    }
}

/// Checks the hints of a room's file.
pub(super) fn check(
    source: &Source,
    time: Option<Located<Keep>>,
    aloud: bool,
    hints: Vec<HintFile>,
    problems: &mut Problems,
) -> HintSettings {
    let seconds = time.and_then(|time| match *time {
        Keep::Forever => None,
        Keep::For(span) => {
            let seconds = span.get().as_secs();
            if !(1..=24 * 3_600).contains(&seconds) && time.is_written() {
                let what = "a hint stands for 1s to 24h, or forever: until it is taken away";
                problems.push(source.problem_at(&time, what));
            }
            Some(seconds)
        }
    });
    let mut checked = Checked { source, problems };
    let prepared = hints.into_iter().map(|hint| checked.hint(hint)).collect();
    HintSettings { seconds, aloud, prepared }
}

struct Checked<'a> {
    source: &'a Source,
    problems: &'a mut Problems,
}

impl Checked<'_> {
    fn hint(&mut self, hint: HintFile) -> PreparedHint {
        let HintFile { group, label, text } = hint;
        let mut name = |name: Located<String>| self.text(name.at(), &name, NAME_LENGTH);
        let (group, label) = (group.map(&mut name), label.map(name));
        let (text, en) = match &*text {
            HintText::Same(same) => (self.text(text.at(), same, HINT_LENGTH), None),
            HintText::Both(BothTexts { fr, en }) => {
                (self.text(fr.at(), fr, HINT_LENGTH), Some(self.text(en.at(), en, HINT_LENGTH)))
            }
        };
        PreparedHint { group, label, text, en }
    }

    /// Trims a text. An empty one and one that is too long are mistakes.
    fn text(&mut self, at: &Location, text: &str, most: usize) -> String {
        let trimmed = text.trim();
        let length = trimmed.chars().count();
        let wrong = match length {
            0 => Some("it has no words".to_owned()),
            _ if length > most => Some(format!("{length} characters; {most} at most can be read")),
            _ => None,
        };
        if let Some(wrong) = wrong.filter(|_| at.line > 0) {
            self.problems.push(self.source.problem_at(at, wrong));
        }
        trimmed.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{CoreConfig, Environment, HintSettings};
    use eg_config::{Problems, Source};

    fn read(yaml: &str) -> Result<HintSettings, Problems> {
        let source = Source::text("core.yaml", yaml);
        let config = CoreConfig::from_source(&source, &Environment::default())?;
        Ok(config.rooms.into_values().next().unwrap().hints)
    }

    #[test]
    fn a_hint_is_written_in_one_language_or_in_two() {
        let hints = read(
            "rooms:\n  main:\n    hint_time: 90s\n    hint_aloud: true\n    hints:\n      \
             - text: Count the candles\n      \
             - { group: Safe, label: Mat, text: { fr: Sous le tapis, en: Under the mat } }\n",
        )
        .unwrap();

        assert_eq!((hints.seconds, hints.aloud), (Some(90), true));
        let [plain, both] = &*hints.prepared else { panic!("{hints:?}") };
        assert_eq!((plain.text.as_str(), &plain.en), ("Count the candles", &None));
        assert_eq!((both.group.as_deref(), both.label.as_deref()), (Some("Safe"), Some("Mat")));
        assert_eq!(
            (both.text.as_str(), both.en.as_deref()),
            ("Sous le tapis", Some("Under the mat"))
        );
    }

    #[test]
    fn a_room_without_hints_lets_each_stand_until_it_is_taken_away() {
        assert_eq!(read("rooms: { main: {} }").unwrap(), HintSettings::default());
        assert_eq!(read("rooms: { main: { hint_time: forever } }").unwrap().seconds, None);
    }

    #[test]
    fn every_mistake_in_a_hint_is_told_with_its_place() {
        let long = "x".repeat(401);
        let wrong = read(&format!(
            "rooms:\n  main:\n    hint_time: 0s\n    hints:\n      - text: \" \"\n      - texte: Look up\n      \
             - text: {{ fr: {long}, en: Look up }}\n      - {{ text: {{ fr: En haut }} }}\n      - text: [a]\n"
        ))
        .unwrap_err();

        let said: Vec<_> = wrong.iter().map(|it| (it.line, it.message.as_str())).collect();
        let says = |line: usize, words: &str| {
            let found = said.iter().any(|(at, said)| *at == Some(line) && said.contains(words));
            assert!(found, "line {line}: {words} in {said:?}");
        };
        says(3, "1s to 24h");
        says(5, "no words");
        says(6, "texte");
        says(7, "400 at most");
        says(8, "en");
        says(9, "a text, or {fr");
    }
}

//! Reads a step from its sentence.

use super::{Act, Step, What};
use crate::{Span, nearest};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de::Error as _};
use std::borrow::Cow;
use std::str::FromStr;

/// An example of each kind of step.
const EXAMPLES: [&str; 7] = [
    "at 120ms press panel/a for 80ms",
    "after 2s release panel/a",
    "at 1s tag reader/tag 04A37C91 for 2s",
    "at 2s turn knob/volume by -3",
    "at 2s set slider/level to 0.75",
    "at 3s type scanner/code 4006381333931",
    "at 6s fault i2c-1/0x20 vanishes for 3s",
];

const VERBS: [&str; 7] = ["press", "release", "tag", "turn", "set", "type", "fault"];

/// Error of a sentence that is not a [`Step`].
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StepError {
    /// The sentence does not begin with its moment.
    #[error("{found:?} is no step; write one like \"{}\"", EXAMPLES[0])]
    NotAStep {
        /// The text.
        found: String,
    },
    /// There is no such verb.
    #[error("nothing called {verb:?} can happen{}; a step may {}", near(verb), VERBS.join(", "))]
    NoSuchVerb {
        /// Word that stands there.
        verb: String,
    },
    /// The sentence goes on otherwise than its verb wants.
    #[error("{verb} goes like \"{like}\", not {found:?}")]
    Like {
        /// The verb.
        verb: &'static str,
        /// Example of such a step.
        like: &'static str,
        /// The text.
        found: String,
    },
    /// A moment or length without its unit, or none at all.
    #[error("{0}")]
    Span(String),
    /// The fault is none.
    #[error(transparent)]
    Fault(#[from] crate::sim::FaultError),
}

fn near(verb: &str) -> String {
    nearest(verb, &VERBS).map(|word| format!(" (did you mean {word:?}?)")).unwrap_or_default()
}

impl FromStr for Step {
    type Err = StepError;

    fn from_str(text: &str) -> Result<Self, StepError> {
        read(text)
    }
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for Step {
    fn schema_name() -> Cow<'static, str> {
        "Step".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^(at|after) ",
            "examples": EXAMPLES,
        })
    }
}

fn read(text: &str) -> Result<Step, StepError> {
    let not_a_step = || StepError::NotAStep { found: text.to_owned() };
    let (begin, rest) = text.trim().split_once(' ').ok_or_else(not_a_step)?;
    let from_last = match begin {
        "at" => false,
        "after" => true,
        _ => return Err(not_a_step()),
    };
    let (offset, rest) = rest.trim_start().split_once(' ').ok_or_else(not_a_step)?;
    let offset = span(offset)?;
    let (verb, rest) = rest.trim_start().split_once(' ').ok_or_else(not_a_step)?;
    // A typed line may have any words, and never ends.
    let (rest, lasts) = match rest.rsplit_once(" for ") {
        Some((rest, length)) if verb != "type" => (rest.trim_end(), Some(span(length.trim())?)),
        Some(_) | None => (rest, None),
    };
    let what = what(text, verb, rest.trim())?;
    Ok(Step { offset, from_last, what, lasts })
}

fn span(text: &str) -> Result<std::time::Duration, StepError> {
    text.parse::<Span>().map(Span::get).map_err(|error| StepError::Span(error.to_string()))
}

fn what(text: &str, verb: &str, rest: &str) -> Result<What, StepError> {
    let number = VERBS.iter().position(|known| *known == verb);
    let Some(number) = number else {
        return Err(StepError::NoSuchVerb { verb: verb.to_owned() });
    };
    if verb == "fault" {
        return Ok(What::Fault(rest.parse()?));
    }
    let like = || StepError::Like {
        verb: VERBS[number],
        like: EXAMPLES
            .iter()
            .find(|example| example.contains(VERBS[number]))
            .unwrap_or(&EXAMPLES[0]),
        found: text.to_owned(),
    };
    let (place, how) = rest.split_once(' ').unwrap_or((rest, ""));
    let (device, input) = place.split_once('/').ok_or_else(like)?;
    let words: Vec<_> = how.split_whitespace().collect();
    let act = match (verb, &words[..]) {
        ("press", []) => Act::Press,
        ("release", []) => Act::Release,
        ("tag", [tag]) if tag.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            Act::Tag((*tag).to_owned())
        }
        ("turn", ["by", by]) => Act::Turn(by.parse().map_err(|_| like())?),
        ("set", ["to", part]) => match part.parse() {
            Ok(part @ 0.0..=1.0) => Act::Set(part),
            Ok(_) | Err(_) => return Err(like()),
        },
        ("type", [_, ..]) => Act::Type(how.trim().to_owned()),
        (_, _) => return Err(like()),
    };
    if device.is_empty() || input.is_empty() {
        return Err(like());
    }
    Ok(What::Act { device: device.to_owned(), input: input.to_owned(), act })
}

#[cfg(test)]
mod tests {
    use super::{Act, EXAMPLES, What, read};
    use std::time::Duration;

    #[test]
    fn every_example_is_a_step() {
        for example in EXAMPLES {
            read(example).unwrap();
        }
    }

    #[test]
    fn a_press_has_its_moment_its_place_and_its_length() {
        let step = read("at 120ms press panel/a for 80ms").unwrap();

        assert_eq!((step.offset, step.from_last), (Duration::from_millis(120), false));
        assert_eq!(step.lasts, Some(Duration::from_millis(80)));
        let (device, input) = ("panel".to_owned(), "a".to_owned());
        assert_eq!(step.what, What::Act { device, input, act: Act::Press });
    }

    #[test]
    fn a_typed_line_keeps_its_words() {
        let step = read("at 1s type scanner/code wait for 5s").unwrap();

        let What::Act { act, .. } = step.what else { panic!("{:?}", step.what) };
        assert_eq!((act, step.lasts), (Act::Type("wait for 5s".to_owned()), None));
    }

    #[test]
    fn a_wrong_step_is_told_with_what_would_work() {
        let refusal = |text: &str| read(text).unwrap_err().to_string();

        assert!(
            refusal("press panel/a")
                .ends_with(r#"is no step; write one like "at 120ms press panel/a for 80ms""#)
        );
        assert!(refusal("at 120 press panel/a").starts_with("120 has no unit; write 120ms"));
        assert!(refusal("at 1s pres panel/a").contains(r#"did you mean "press"?"#));
        assert!(refusal("at 1s press panel").starts_with(r#"press goes like "at 120ms press"#));
        assert!(refusal("at 1s set slider/level to 7").starts_with(r#"set goes like "at 2s set"#));
        assert!(refusal("at 1s tag reader/tag hello").starts_with("tag goes like"));
    }
}

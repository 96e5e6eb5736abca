//! Lengths of time as people write them.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

const UNITS: [&str; 7] = ["ns", "us", "ms", "s", "m", "h", "d"];

/// A length of time with its unit: `500us`, `20ms`, `2s`, `1m30s`. Zero by default.
///
/// Units are `ns`, `us`, `ms`, `s`, `m`, `h` and `d`. A bare number is refused, because nobody knows its unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span(Duration);

impl Span {
    /// A span of `length`.
    pub const fn new(length: Duration) -> Self {
        Self(length)
    }

    /// A span of milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(Duration::from_millis(millis))
    }

    /// A span of seconds.
    pub const fn from_secs(secs: u64) -> Self {
        Self(Duration::from_secs(secs))
    }

    /// The span as a `Duration`.
    pub const fn get(self) -> Duration {
        self.0
    }
}

/// Reasons why a text is not a [`Span`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// A number without a unit.
    #[error("{number} has no unit; write {number}ms, {number}s or {number}m")]
    NoUnit {
        /// The number as it was written.
        number: String,
    },
    /// The text is something else.
    #[error("{found:?} is not a length of time; write one like 500us, 20ms, 2s or 1m30s")]
    NotASpan {
        /// The text as it was written.
        found: String,
    },
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let text = text.trim();
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return Err(SpanError::NoUnit { number: text.to_owned() });
        }
        let not_a_span = || SpanError::NotASpan { found: text.to_owned() };
        let mut units =
            text.split(|c: char| c.is_ascii_digit() || c == ' ').filter(|u| !u.is_empty());
        // humantime knows more units, of which `M`, a month, is a slip away from `m`.
        if !units.all(|unit| UNITS.contains(&unit)) {
            return Err(not_a_span());
        }
        humantime::parse_duration(text).map(Self).map_err(|_| not_a_span())
    }
}

impl fmt::Display for Span {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spaced = humantime::format_duration(self.0).to_string();
        out.write_str(&spaced.replace(' ', ""))
    }
}

impl Deref for Span {
    type Target = Duration;

    fn deref(&self) -> &Duration {
        &self.0
    }
}

impl From<Duration> for Span {
    fn from(length: Duration) -> Self {
        Self(length)
    }
}

impl From<Span> for Duration {
    fn from(span: Span) -> Self {
        span.0
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SpanVisitor)
    }
}

struct SpanVisitor;

impl Visitor<'_> for SpanVisitor {
    type Value = Span;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a length of time like 500us, 20ms, 2s or 1m30s")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Span, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Span, E> {
        Err(E::custom(SpanError::NoUnit { number: number.to_string() }))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Span, E> {
        Err(E::custom(SpanError::NoUnit { number: number.to_string() }))
    }
}

impl JsonSchema for Span {
    fn schema_name() -> Cow<'static, str> {
        "Span".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": r"^([0-9]+ ?(ns|us|ms|s|m|h|d) ?)+$",
            "examples": ["500us", "20ms", "2s", "1m30s"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Span};

    #[test]
    fn reads_back_what_it_prints() {
        for (text, length) in [
            ("500us", Duration::from_micros(500)),
            ("20ms", Duration::from_millis(20)),
            ("2s", Duration::from_secs(2)),
            ("1m30s", Duration::from_secs(90)),
        ] {
            let span: Span = text.parse().unwrap();

            assert_eq!(span.get(), length);
            assert_eq!(span.to_string(), text);
        }
    }

    #[test]
    fn asks_for_a_unit() {
        let error = "20".parse::<Span>().unwrap_err();

        assert_eq!(error.to_string(), "20 has no unit; write 20ms, 20s or 20m");
    }

    #[test]
    fn refuses_what_is_no_length_of_time() {
        for text in
            ["", "soon", "1M", "2 weeks", "-1s", "1.5s", "ms", "1s2", "99999999999999999999s", "1ß"]
        {
            assert!(text.parse::<Span>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn describes_itself_where_a_config_holds_it() {
        #[derive(schemars::JsonSchema, serde::Serialize)]
        #[serde(default)]
        struct Config {
            /// Time that something is held.
            hold: Span,
            name: crate::Located<Option<String>>,
        }
        impl Default for Config {
            fn default() -> Self {
                Self { hold: Span::from_millis(20), name: None.into() }
            }
        }

        insta::assert_json_snapshot!(schemars::schema_for!(Config));
    }
}

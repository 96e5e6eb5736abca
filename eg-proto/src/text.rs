//! Text for people, in both languages of the pages.

use serde::{Deserialize, Serialize};

/// One sentence or label that players or operators read, in French and in English.
///
/// On the wire and in YAML it is `{fr, en}`, or a bare string that serves for both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Say")]
pub struct Text {
    /// Text in French.
    pub fr: String,
    /// Text in English.
    pub en: String,
}

impl Text {
    /// A text in both languages, French first.
    pub fn new(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self { fr: fr.into(), en: en.into() }
    }

    /// A text that is the same in both languages: a name, a number, an operator's own words.
    pub fn same(text: impl Into<String>) -> Self {
        let en = text.into();
        Self { fr: en.clone(), en }
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a text, or a mapping with `fr` and `en`")]
        enum Either {
            Same(String),
            Both { fr: String, en: String },
        }
        Ok(match Either::deserialize(from)? {
            Either::Same(text) => Self::same(text),
            Either::Both { fr, en } => Self { fr, en },
        })
    }
}

//! Time span of a setting that may have no end.

use eg_config::Span;
use schemars::JsonSchema;
use serde::Deserialize;

/// Time span, or `forever`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub(super) enum Keep {
    Forever,
    For(Span),
}

impl Default for Keep {
    fn default() -> Self {
        Self::For(Span::from_secs(90 * 24 * 3_600))
    }
}

impl TryFrom<String> for Keep {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "forever" => Ok(Self::Forever),
            span => {
                let span = span.parse::<Span>().map_err(|error| format!("{error}, or forever"))?;
                Ok(Self::For(span))
            }
        }
    }
}

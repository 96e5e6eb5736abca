//! Bytes to messages and back.

use crate::limits::{Excess, check_limits};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A payload that is not the message its topic asks for.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The JSON is broken, or a field has the wrong shape.
    #[error("at {path}, line {line} column {column}: {problem}")]
    Shape {
        /// The field, e.g. `t.unc_us`; `.` is the whole message.
        path: String,
        /// Line in the payload, from 1; 0 when the fault is the whole value.
        line: usize,
        /// Column in the payload, from 1; 0 when the fault is the whole value.
        column: usize,
        /// Value that was wanted, and value that was found.
        problem: String,
    },
    /// The payload is not UTF-8 text.
    #[error("not UTF-8 from byte {0}")]
    NotText(usize),
    /// The document is deeper, or has more values, than a message may have.
    #[error(transparent)]
    Excess(#[from] Excess),
}

/// Reads one message. Unknown fields are ignored.
///
/// # Errors
/// [`DecodeError`] with the field, line and column of the first fault, or with the limit of
/// [`check_limits`](crate::check_limits) that is exceeded.
pub fn decode<T: DeserializeOwned>(payload: &[u8]) -> Result<T, DecodeError> {
    let text = std::str::from_utf8(payload)
        .map_err(|problem| DecodeError::NotText(problem.valid_up_to()))?;
    check_limits(payload)?;
    serde_json::from_str(text).or_else(|_| decode_located(text))
}

/// Reads one message again, with the path to what is wrong with it, which costs more than the reading itself.
fn decode_located<T: DeserializeOwned>(text: &str) -> Result<T, DecodeError> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        located(&path, &error.into_inner())
    })?;
    json.end().map_err(|error| located(".", &error))?;
    Ok(value)
}

/// Reads one message or an array of them: a backlog is sent as an array.
///
/// # Errors
/// [`DecodeError`]; one bad element refuses the whole payload, so that order is never broken silently.
pub fn decode_batch<T: DeserializeOwned>(payload: &[u8]) -> Result<Vec<T>, DecodeError> {
    let first = payload.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'[') { decode(payload) } else { decode(payload).map(|one| vec![one]) }
}

/// Writes one message, or a slice of them as an array.
///
/// # Panics
/// Never for the types of this crate: each has a JSON form for every value.
pub fn encode<T: Serialize + ?Sized>(message: &T) -> Vec<u8> {
    serde_json::to_vec(message).unwrap_or_else(|error| panic!("a message without JSON: {error}"))
}

/// Longest path or problem that is told, in characters: both repeat what a stranger sent.
const TOLD: usize = 200;

fn shortened(text: &str) -> String {
    match text.char_indices().nth(TOLD) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn located(path: &str, error: &serde_json::Error) -> DecodeError {
    let full = error.to_string();
    let tail = format!(" at line {} column {}", error.line(), error.column());
    let problem = shortened(full.strip_suffix(&tail).unwrap_or(&full));
    DecodeError::Shape {
        path: shortened(path),
        line: error.line(),
        column: error.column(),
        problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn a_mistake_is_told_in_few_words_however_deep_or_long_it_is() {
        let deep = format!("{}x{}", "[".repeat(100), "]".repeat(100));
        let long = format!("{{\"{}\": tru}}", "é".repeat(10_000));

        for (payload, about) in [(deep, "depth"), (long, "length")] {
            let error = decode::<Value>(payload.as_bytes()).unwrap_err();
            assert!(error.to_string().len() < 1_000, "{about}: {error}");
        }
    }
}

//! Columns of the journal's rows, read whatever stands in them: a flipped bit may make anything of a row.

use rusqlite::Row;
use rusqlite::types::ValueRef;
use serde::de::{DeserializeOwned, Error as _};
use serde_json::Value;

/// Depth to which a stored document is read. What the network may send is less deep; earlier cores stored up to 130, and
/// an exported session has some levels around that.
const DEPTH: usize = 256;

/// Reads a column of text; `None` for NULL.
///
/// # Errors
/// Returns what stands there instead.
pub(super) fn text(row: &Row<'_>, column: usize) -> Result<Option<String>, String> {
    match row.get_ref(column) {
        Ok(ValueRef::Null) => Ok(None),
        Ok(ValueRef::Text(bytes)) => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Some(text.to_owned())),
            Err(error) => {
                Err(format!("{}: not UTF-8 from byte {}", name(row, column), error.valid_up_to()))
            }
        },
        Ok(other) => Err(format!("{}: {:?} instead of text", name(row, column), other.data_type())),
        Err(error) => Err(error.to_string()),
    }
}

/// Reads a column of text that is not NULL.
///
/// # Errors
/// Returns what stands there instead.
pub(super) fn some_text(row: &Row<'_>, column: usize) -> Result<String, String> {
    text(row, column)?.ok_or_else(|| format!("{}: nothing instead of text", name(row, column)))
}

/// Reads a column of whole numbers; `None` for NULL.
///
/// # Errors
/// Returns what stands there instead.
pub(super) fn number(row: &Row<'_>, column: usize) -> Result<Option<i64>, String> {
    match row.get_ref(column) {
        Ok(ValueRef::Null) => Ok(None),
        Ok(ValueRef::Integer(number)) => Ok(Some(number)),
        Ok(other) => {
            Err(format!("{}: {:?} instead of a number", name(row, column), other.data_type()))
        }
        Err(error) => Err(error.to_string()),
    }
}

/// Reads a column as text for people: numbers are written out, everything that is not UTF-8 is replaced, and NULL is
/// empty.
pub(super) fn lossy(row: &Row<'_>, column: usize) -> String {
    match row.get_ref(column) {
        Ok(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        Ok(ValueRef::Integer(number)) => number.to_string(),
        Ok(ValueRef::Real(number)) => number.to_string(),
        Ok(ValueRef::Null) | Err(_) => String::new(),
    }
}

/// Returns the bytes of a column; none if it is a number or NULL.
pub(super) fn bytes(row: &Row<'_>, column: usize) -> Vec<u8> {
    match row.get_ref(column) {
        Ok(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => bytes.to_vec(),
        Ok(ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Null) | Err(_) => Vec::new(),
    }
}

/// Parses a stored document. It may be deeper than anything that the network may send now.
///
/// # Errors
/// Returns what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    read_document(text).map_err(|error| error.to_string())
}

/// Reads a value from a document, which may be as deep as a stored one.
///
/// # Errors
/// It is no such value, or deeper.
pub(super) fn read_document<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    let depth = depth(text);
    if depth > DEPTH {
        let problem = format!("{depth} arrays and objects within one another; {DEPTH} can be read");
        return Err(serde_json::Error::custom(problem));
    }
    let mut json = serde_json::Deserializer::from_str(text);
    json.disable_recursion_limit();
    let value = T::deserialize(&mut json)?;
    json.end()?;
    Ok(value)
}

/// Returns the largest depth of a document, counted in brackets outside of texts.
fn depth(json: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    let (mut in_text, mut escaped) = (false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn name<'a>(row: &'a Row<'_>, column: usize) -> &'a str {
    row.as_ref().column_name(column).unwrap_or("?")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(depth: usize) -> String {
        "[".repeat(depth) + &"]".repeat(depth)
    }

    #[test]
    fn a_document_that_an_earlier_core_stored_is_read_however_deep_it_is() {
        assert!(parse(&nested(130)).is_ok());
        assert!(parse(&nested(DEPTH)).is_ok());
        assert!(parse(&nested(DEPTH + 1)).unwrap_err().contains("256"));
        assert!(parse(&format!("{{\"said\":\"{}\"}}", "[".repeat(999))).is_ok());
    }
}

//! Limits of a JSON document from the network: its depth and its number of values, counted before anything is built.

use std::fmt;

/// Largest depth of a document: of arrays and objects within one another.
pub const DEPTH: usize = 32;
/// Largest number of values in a document. The largest backlog that a broker takes has a third of them.
pub const VALUES: usize = 65_536;

/// Limit that a document exceeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// Arrays and objects are nested beyond [`DEPTH`], from this byte on.
    Depth {
        /// Position of the bracket that is too deep, in bytes from 0.
        at: usize,
    },
    /// There are more than [`VALUES`] values.
    Values,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Depth { at } => write!(
                f,
                "more than {DEPTH} arrays and objects within one another, from byte {at}; wanted {DEPTH} at most"
            ),
            Self::Values => write!(f, "more than {VALUES} values; wanted {VALUES} at most"),
        }
    }
}

impl std::error::Error for Excess {}

/// Checks the depth and the number of values of a JSON document. Text that is no JSON may pass: a parser refuses it
/// afterwards.
///
/// # Errors
/// [`Excess`]: the first limit that is exceeded.
pub fn check_limits(json: &[u8]) -> Result<(), Excess> {
    if is_small(json) { Ok(()) } else { count(json) }
}

/// Returns `true` for a document that keeps both limits whatever stands in its texts: with few opening brackets it is not
/// deep, and each value but the first has a bracket or a comma before it.
fn is_small(json: &[u8]) -> bool {
    // The two brackets differ in one bit, and no other byte becomes a brace by it.
    let opening = |byte: &&u8| **byte | 0x20 == b'{';
    json.len() < VALUES && json.iter().filter(opening).count() <= DEPTH
}

/// Counts depth and values, byte by byte.
fn count(json: &[u8]) -> Result<(), Excess> {
    let (mut depth, mut values) = (0_usize, 1_usize);
    let (mut in_text, mut escaped) = (false, false);
    for (at, byte) in json.iter().enumerate() {
        match (in_text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_text = !in_text,
            (true, _) => {}
            (false, b'[' | b'{') => {
                // The bracket may hold one value before the first comma.
                (depth, values) = (depth + 1, values + 1);
            }
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            (false, b',') => values += 1,
            (false, _) => {}
        }
        if depth > DEPTH {
            return Err(Excess::Depth { at });
        }
        if values > VALUES {
            return Err(Excess::Values);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn nested(depth: usize) -> String {
        "[".repeat(depth) + &"]".repeat(depth)
    }

    #[test]
    fn a_document_may_be_as_deep_as_the_limit_and_no_deeper() {
        assert_eq!(check_limits(nested(DEPTH).as_bytes()), Ok(()));
        assert_eq!(check_limits(nested(DEPTH + 1).as_bytes()), Err(Excess::Depth { at: DEPTH }));
    }

    #[test]
    fn brackets_and_commas_in_a_text_do_not_count() {
        let text = format!(r#"{{"said":"\"{}{}"}}"#, "[{".repeat(100), ",".repeat(VALUES));

        assert_eq!(check_limits(text.as_bytes()), Ok(()));
    }

    #[test]
    fn a_document_of_too_many_values_is_refused() {
        let many = format!("[{}0]", "0,".repeat(VALUES));

        assert_eq!(check_limits(many.as_bytes()), Err(Excess::Values));
    }

    fn depth(value: &Value) -> usize {
        match value {
            Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
            Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
        }
    }

    fn document() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(48, 128, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::btree_map(".{0,4}", inner, 0..3)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn exactly_the_documents_within_the_depth_pass(document in document()) {
            let passes = check_limits(document.to_string().as_bytes()).is_ok();

            prop_assert_eq!(passes, depth(&document) <= DEPTH);
        }

        #[test]
        fn a_document_is_small_only_if_its_count_is_within_the_limits(json in r#"[\[\]{}",\\a]{0,80}"#) {
            prop_assert_eq!(check_limits(json.as_bytes()), count(json.as_bytes()));
        }

        #[test]
        fn any_bytes_at_all_are_judged_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = check_limits(&bytes);
        }
    }
}

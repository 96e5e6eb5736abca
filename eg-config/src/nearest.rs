//! "Did you mean": the nearest known word.

/// The word of `known` that `word` was most likely meant to be, or `None` when nothing is near.
///
/// Case and the choice between `-`, `_` and a space do not count.
pub fn nearest<'k, K>(word: &str, known: impl IntoIterator<Item = &'k K>) -> Option<&'k str>
where
    K: AsRef<str> + ?Sized + 'k,
{
    let wanted = plain(word);
    known
        .into_iter()
        .map(AsRef::as_ref)
        .map(|candidate| (strsim::damerau_levenshtein(&wanted, &plain(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= tolerance(&wanted, candidate))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// One slip in every three letters, and never so many that nothing of the word is left.
fn tolerance(word: &str, candidate: &str) -> usize {
    let longest = word.chars().count().max(candidate.chars().count());
    longest.div_ceil(3).min(longest.saturating_sub(1)).min(4)
}

fn plain(word: &str) -> String {
    word.chars()
        .take(64)
        .map(|c| if matches!(c, '_' | ' ') { '-' } else { c.to_ascii_lowercase() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_a_swapped_a_missing_and_a_doubled_letter() {
        let known = ["inputs", "outputs", "pull"];

        assert_eq!(nearest("imputs", &known), Some("inputs"));
        assert_eq!(nearest("ouptuts", &known), Some("outputs"));
        assert_eq!(nearest("pul", &known), Some("pull"));
        assert_eq!(nearest("PULL", &known), Some("pull"));
    }

    #[test]
    fn keeps_silent_when_nothing_is_near() {
        assert_eq!(nearest("baud", &["inputs", "outputs"]), None);
        assert_eq!(nearest("b", &["a", "c"]), None);
        assert_eq!(nearest("", &["a"]), None);
        assert_eq!(nearest("x", &Vec::<String>::new()), None);
    }
}

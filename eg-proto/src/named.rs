//! Names of people and places in the texts of games.

use crate::SlotId;
use std::borrow::Cow;

/// Returns a text in which names stand in the place of slots' ids: `named` returns that of a slot, or `None` where its
/// id stays.
///
/// An id that could be a word of its own, without a digit or a hyphen, is replaced only where it is the whole text.
pub fn name_slots<'t>(text: &'t str, named: impl Fn(&SlotId) -> Option<String>) -> Cow<'t, str> {
    let of_id = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let (mut written, mut done, mut from) = (String::new(), 0, 0);
    while let Some(start) = text[from..].find(of_id).map(|at| from + at) {
        let end = text[start..].find(|c| !of_id(c)).map_or(text.len(), |length| start + length);
        let word = &text[start..end];
        let is_certain =
            word.len() == text.len() || word.contains(|c: char| !c.is_ascii_alphabetic());
        let slot = Some(word).filter(|_| is_certain).and_then(|word| SlotId::new(word).ok());
        if let Some(name) = slot.and_then(|slot| named(&slot)) {
            written.push_str(&text[done..start]);
            written.push_str(&name);
            done = end;
        }
        from = end;
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    written.push_str(&text[done..]);
    Cow::Owned(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Cow<'_, str> {
        name_slots(text, |slot| match slot.as_str() {
            "slot-01" => Some("Anna".to_owned()),
            "table" => Some("Éva".to_owned()),
            _ => None,
        })
    }

    #[test]
    fn names_stand_in_the_place_of_ids_and_nowhere_else() {
        assert_eq!(told("slot-01, slot-011 et slot-02"), "Anna, slot-011 et slot-02");
        assert_eq!(told("«slot-01» → é"), "«Anna» → é");
        assert!(matches!(told("nobody"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_word_that_could_be_an_id_is_one_only_alone() {
        assert_eq!(told("the table turns"), "the table turns");
        assert_eq!(told("table"), "Éva");
    }
}

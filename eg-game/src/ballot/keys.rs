//! Inputs and the choices that they mean.

mod laid;

pub use laid::{Keys, Lacking};

use super::Vote;
use crate::{InputName, Roster};
use std::collections::BTreeMap;

/// Settings for the inputs and what they choose. [`lay`](Self::lay) makes of it what every slot's inputs mean in one
/// question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyMap {
    keys: BTreeMap<InputName, String>,
    abstain: Option<InputName>,
    /// `true` if an input that does not stand here means nothing.
    closed: bool,
}

/// Two meanings for one input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{input} already means {option:?}; abstaining needs a key of its own")]
pub struct TwoMeanings {
    /// Input in question.
    pub input: InputName,
    /// Option that it means already.
    pub option: String,
}

/// The word that abstains, as an input's name and as a choice.
const ABSTAIN: &str = "abstain";

impl KeyMap {
    /// A map of inputs to options, and the input that abstains; `abstain` when none is named.
    ///
    /// # Errors
    /// [`TwoMeanings`] when the input that abstains means an option too.
    pub fn new(
        keys: BTreeMap<InputName, String>,
        abstain: Option<InputName>,
    ) -> Result<Self, TwoMeanings> {
        match abstain.as_ref().and_then(|input| Some((input, keys.get(input)?))) {
            Some((input, option)) => {
                Err(TwoMeanings { input: input.clone(), option: option.clone() })
            }
            None => Ok(Self { keys, abstain, closed: false }),
        }
    }

    /// Map in which no other input means anything: two such maps can serve two ballots at once.
    #[must_use]
    pub fn alone(self) -> Self {
        Self { closed: true, ..self }
    }

    /// Fixes what the inputs of every slot mean in a question with these options, for the inputs that the slots of the
    /// roster have told by now.
    ///
    /// What this map says comes first. Where every option that is left is the name of an input, whatever the case, each
    /// is chosen by that input. Otherwise all that are left are chosen by the buttons that are left, the first option
    /// by the first button, in the order of the slot's file and without the one that abstains. An input that a slot did
    /// not tell of means the option of its own name.
    pub fn lay(&self, options: &[String], roster: &Roster) -> Keys {
        Keys::new(self.clone(), options, roster)
    }

    /// `true` if a press could mean something by both maps. By one that is not [`alone`](Self::alone) any input could.
    pub fn overlaps(&self, other: &Self) -> bool {
        let holds = |input: &InputName| {
            other.keys.contains_key(input) || other.abstain.as_ref() == Some(input)
        };
        !self.closed || !other.closed || self.keys.keys().chain(&self.abstain).any(holds)
    }

    /// Vote that a press of `input` means among `options` where the slot's inputs are not known; nothing when it is
    /// none of them. Case does not matter.
    pub fn press(&self, input: &InputName, options: &[String]) -> Option<Vote> {
        if self.abstain.as_ref() == Some(input) {
            return Some(Vote::Abstain);
        }
        match self.keys.get(input) {
            Some(option) => find(option, options),
            None if self.closed => None,
            None if self.abstain.is_none() => self.word(input.as_str(), options),
            None => find(input.as_str(), options),
        }
    }

    /// Vote that a choice by its words means among `options`; `abstain` abstains unless an option is called so.
    pub fn word(&self, choice: &str, options: &[String]) -> Option<Vote> {
        let abstains = choice.trim().eq_ignore_ascii_case(ABSTAIN);
        find(choice, options).or(abstains.then_some(Vote::Abstain))
    }

    /// `true` if this input abstains, unless an option is called so.
    fn abstains(&self, input: &InputName) -> bool {
        match &self.abstain {
            Some(named) => named == input,
            None => !self.closed && input.as_str() == ABSTAIN,
        }
    }
}

/// The place of an option by its words, whatever the case.
fn place(choice: &str, options: &[String]) -> Option<usize> {
    let exact = options.iter().position(|option| option == choice);
    let folded = || {
        let choice = choice.trim().to_lowercase();
        options.iter().position(|option| option.trim().to_lowercase() == choice)
    };
    exact.or_else(folded)
}

fn find(choice: &str, options: &[String]) -> Option<Vote> {
    place(choice, options).map(Vote::For)
}

#[cfg(test)]
mod tests {
    use super::{KeyMap, Vote};
    use crate::InputName;

    fn input(name: &str) -> InputName {
        InputName::new(name).unwrap()
    }

    fn options() -> Vec<String> {
        ["A", "B", "Marie"].map(str::to_owned).into()
    }

    #[test]
    fn an_input_means_the_option_of_its_name_whatever_the_case() {
        let keys = KeyMap::default();

        assert_eq!(keys.press(&input("b"), &options()), Some(Vote::For(1)));
        assert_eq!(keys.press(&input("marie"), &options()), Some(Vote::For(2)));
        assert_eq!(keys.press(&input("abstain"), &options()), Some(Vote::Abstain));
        assert_eq!(keys.press(&input("bell"), &options()), None);
    }

    #[test]
    fn the_map_of_the_room_comes_first() {
        let map = [(input("red"), "Marie".to_owned()), (input("a"), "B".to_owned())];
        let keys = KeyMap::new(map.into(), Some(input("f"))).unwrap();

        assert_eq!(keys.press(&input("red"), &options()), Some(Vote::For(2)));
        assert_eq!(keys.press(&input("a"), &options()), Some(Vote::For(1)));
        assert_eq!(keys.press(&input("f"), &options()), Some(Vote::Abstain));
        assert_eq!(keys.press(&input("abstain"), &options()), None);
    }

    #[test]
    fn two_maps_are_apart_only_when_each_stands_alone_and_they_share_no_input() {
        let map = |name, means: &str| {
            KeyMap::new([(input(name), means.to_owned())].into(), Some(input("f"))).unwrap()
        };
        let a = KeyMap::new([(input("a"), "A".to_owned())].into(), None).unwrap().alone();

        assert!(!a.overlaps(&map("b", "A").alone()));
        assert!(a.overlaps(&map("b", "A")));
        assert!(a.overlaps(&map("a", "B").alone()));
        assert!(map("a", "A").alone().overlaps(&map("b", "B").alone()));
        assert_eq!(a.press(&input("marie"), &options()), None);
    }

    #[test]
    fn abstaining_has_a_key_of_its_own() {
        let map = [(input("f"), "F".to_owned())];

        let error = KeyMap::new(map.into(), Some(input("f"))).unwrap_err();

        assert_eq!(error.to_string(), r#"f already means "F"; abstaining needs a key of its own"#);
    }
}

//! Choosing among more options than there are keys: a group first, then one of it.

use eg_game::{InputName, SlotId};
use std::collections::BTreeMap;
use std::ops::Range;

/// The keys, and who has picked a group so far.
pub(crate) struct Pick {
    keys: Vec<InputName>,
    options: usize,
    /// How many options a group has.
    size: usize,
    groups: BTreeMap<SlotId, usize>,
}

/// What a key did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Picked {
    /// This option is chosen.
    Option(usize),
    /// These options are left to choose from.
    Group(Range<usize>),
    /// There is nothing behind this key now.
    Nothing,
}

impl Pick {
    pub(crate) fn new(keys: &[InputName], options: usize) -> Self {
        let size = options.div_ceil(keys.len().max(1));
        Self { keys: keys.to_vec(), options, size, groups: BTreeMap::new() }
    }

    /// Whether keys were named at all.
    pub(crate) fn has_keys(&self) -> bool {
        !self.keys.is_empty()
    }

    pub(crate) fn press(&mut self, slot: &SlotId, key: &InputName) -> Option<Picked> {
        let place = self.keys.iter().position(|known| known == key)?;
        if let Some(group) = self.groups.get(slot) {
            let range = self.range(*group);
            let option = range.start + place;
            if !range.contains(&option) {
                return Some(Picked::Nothing);
            }
            self.groups.remove(slot);
            return Some(Picked::Option(option));
        }
        let range = self.range(place);
        Some(match range.len() {
            0 => Picked::Nothing,
            1 => Picked::Option(range.start),
            _ => {
                self.groups.insert(slot.clone(), place);
                Picked::Group(range)
            }
        })
    }

    /// The options a player has left to choose from, half-way.
    pub(crate) fn group(&self, slot: &SlotId) -> Option<Range<usize>> {
        self.groups.get(slot).map(|group| self.range(*group))
    }

    pub(crate) fn forget(&mut self, slot: &SlotId) {
        self.groups.remove(slot);
    }

    pub(crate) fn forget_all(&mut self) {
        self.groups.clear();
    }

    fn range(&self, group: usize) -> Range<usize> {
        let start = (group * self.size).min(self.options);
        start..(start + self.size).min(self.options)
    }
}

#[cfg(test)]
mod tests {
    use super::{Pick, Picked};
    use eg_game::{InputName, SlotId};

    #[test]
    fn every_option_is_picked_by_exactly_one_way_of_pressing() {
        let keys: Vec<_> = ["a", "b", "c", "d"].map(|key| InputName::new(key).unwrap()).into();
        let slot = SlotId::new("slot-01").unwrap();
        for options in 2..=16 {
            let mut found = Vec::new();
            for first in &keys {
                let mut pick = Pick::new(&keys, options);
                match pick.press(&slot, first) {
                    Some(Picked::Option(option)) => found.push(option),
                    Some(Picked::Group(_)) => {
                        for second in &keys {
                            let mut pick = Pick::new(&keys, options);
                            pick.press(&slot, first);
                            if let Some(Picked::Option(option)) = pick.press(&slot, second) {
                                found.push(option);
                            }
                        }
                    }
                    Some(Picked::Nothing) | None => {}
                }
            }
            found.sort_unstable();
            assert_eq!(found, (0..options).collect::<Vec<_>>());
        }
    }
}

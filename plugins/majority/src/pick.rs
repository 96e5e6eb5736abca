//! Choosing among more options than there are keys: a group first, then one of it.

use eg_game::ballot::{Lacking, Layout};
use eg_game::{Controls, InputName, SlotId};
use std::collections::BTreeMap;
use std::ops::Range;

/// The keys, and who has picked a group so far.
pub(crate) struct Pick {
    keys: Vec<InputName>,
    options: Vec<String>,
    /// Number of options in a group.
    size: usize,
    groups: BTreeMap<SlotId, usize>,
}

/// Effect of a press.
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
    pub(crate) fn new(keys: &[InputName], options: &[String]) -> Self {
        let size = options.len().div_ceil(keys.len().max(1));
        Self { keys: keys.to_vec(), options: options.to_vec(), size, groups: BTreeMap::new() }
    }

    /// `true` if keys were named at all.
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
        let start = (group * self.size).min(self.options.len());
        start..(start + self.size).min(self.options.len())
    }

    /// The key that picks an option, or at first its group; then those that it takes to pick one of the group.
    fn keys_of(&self, option: usize) -> impl Iterator<Item = &InputName> {
        let group = option / self.size.max(1);
        let within = (self.range(group).len() > 1).then(|| option % self.size.max(1));
        [Some(group), within].into_iter().flatten().filter_map(|place| self.keys.get(place))
    }

    /// Layout of the keys that are pressed first for each option: the same at all slots that have told their inputs.
    pub(crate) fn layouts(&self, options: &[String], known: &[Layout]) -> Vec<Layout> {
        let mut slots: Vec<SlotId> = known.iter().flat_map(|it| it.slots.clone()).collect();
        slots.sort();
        let place = |option: &String| self.options.iter().position(|known| known == option);
        let first = |option| place(option).and_then(|it| self.keys_of(it).next().cloned());
        let inputs = options.iter().map(|option| first(option).into_iter().collect()).collect();
        let abstain = known.iter().find_map(|layout| layout.abstain.clone());
        if slots.is_empty() { Vec::new() } else { vec![Layout { slots, inputs, abstain }] }
    }

    /// The options that a slot with these inputs cannot pick; nothing when it can pick all of them.
    pub(crate) fn lacking(
        &self,
        options: &[String],
        slot: &SlotId,
        controls: &Controls,
    ) -> Option<Lacking> {
        let missing = |option: &usize| self.keys_of(*option).any(|key| !controls.has(key));
        let places = (0..self.options.len()).filter(missing);
        let missing = places.filter_map(|place| self.options.get(place));
        let options: Vec<_> = missing.filter(|option| options.contains(option)).cloned().collect();
        let buttons = controls.presses.len();
        (!options.is_empty()).then(|| Lacking { slot: slot.clone(), options, buttons })
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
            let names: Vec<_> = (0..options).map(|number| number.to_string()).collect();
            let mut found = Vec::new();
            for first in &keys {
                let mut pick = Pick::new(&keys, &names);
                match pick.press(&slot, first) {
                    Some(Picked::Option(option)) => found.push(option),
                    Some(Picked::Group(_)) => {
                        for second in &keys {
                            let mut pick = Pick::new(&keys, &names);
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

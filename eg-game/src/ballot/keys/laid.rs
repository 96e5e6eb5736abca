//! Meaning of the inputs of every slot in one question.

use super::{KeyMap, place};
use crate::ballot::{Layout, Vote};
use crate::{Controls, InputName, Roster, SlotId, Text};
use std::collections::BTreeMap;

/// Meaning of the inputs of every slot in one question, fixed by [`KeyMap::lay`] when it opens: a board that changes
/// later changes nothing of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    map: KeyMap,
    options: Vec<String>,
    /// Meaning of the inputs of each slot that has told them.
    slots: BTreeMap<SlotId, Laid>,
}

/// One slot's inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Laid {
    controls: Controls,
    /// The option of an input, by its place.
    means: BTreeMap<InputName, usize>,
}

/// A slot at which options cannot be chosen, because no input means them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// Slot at which options lack inputs.
    pub slot: SlotId,
    /// The options without an input there.
    pub options: Vec<String>,
    /// Number of buttons that the slot has.
    pub buttons: usize,
}

impl Keys {
    pub(super) fn new(map: KeyMap, options: &[String], roster: &Roster) -> Self {
        let mut keys = Self { map, options: options.to_vec(), slots: BTreeMap::new() };
        for seat in &roster.seats {
            keys.learn(&seat.slot, roster);
        }
        keys
    }

    /// Takes in what a slot has told after the question opened. Nothing changes where its inputs mean something
    /// already; true when they do from now on.
    pub fn learn(&mut self, slot: &SlotId, roster: &Roster) -> bool {
        // Under the first revision of the rules an input means the option of its own name, wherever it is.
        let Some(controls) = roster.controls(slot).filter(|_| roster.rules() > 1) else {
            return false;
        };
        if self.slots.contains_key(slot) {
            return false;
        }
        let means = self.map.means(controls, &self.options);
        self.slots.insert(slot.clone(), Laid { controls: controls.clone(), means });
        true
    }

    /// Vote that a press of `input` at a slot means among `options`, which may be fewer than the question's own, as in
    /// a vote among the tied.
    pub fn press(&self, slot: &SlotId, input: &InputName, options: &[String]) -> Option<Vote> {
        let Some(laid) = self.slots.get(slot) else { return self.map.press(input, options) };
        if let Some(option) = laid.means.get(input).and_then(|place| self.options.get(*place)) {
            return place(option, options).map(Vote::For);
        }
        // What the slot did not tell of means the option of its own name.
        let by_name = self.map.abstains(input) || !laid.controls.has(input);
        if by_name { self.map.press(input, options) } else { None }
    }

    /// See [`KeyMap::word`].
    pub fn word(&self, choice: &str, options: &[String]) -> Option<Vote> {
        self.map.word(choice, options)
    }

    /// Settings that it was laid by.
    pub fn map(&self) -> &KeyMap {
        &self.map
    }

    /// The slots among these at which some of `options` have no input.
    pub fn lacking<'a>(
        &self,
        options: &[String],
        slots: impl IntoIterator<Item = &'a SlotId>,
    ) -> Vec<Lacking> {
        let lacking = |slot: &SlotId| {
            let laid = self.slots.get(slot)?;
            let missing = |option: &&String| self.inputs_of(laid, option).is_empty();
            let options: Vec<_> = options.iter().filter(missing).cloned().collect();
            let buttons = self.map.buttons(&laid.controls).count();
            (!options.is_empty()).then(|| Lacking { slot: slot.clone(), options, buttons })
        };
        slots.into_iter().filter_map(lacking).collect()
    }

    /// The slots among these that have not told their inputs: an input there means the option of its own name.
    pub fn unknown<'a>(&self, slots: impl IntoIterator<Item = &'a SlotId>) -> Vec<SlotId> {
        let unknown = slots.into_iter().filter(|slot| !self.slots.contains_key(*slot));
        unknown.cloned().collect()
    }

    /// Layouts of inputs and `options`, for pages: slots whose inputs mean the same stand together.
    pub fn layouts(&self, options: &[String]) -> Vec<Layout> {
        let mut layouts: Vec<Layout> = Vec::new();
        for (slot, laid) in &self.slots {
            let inputs: Vec<Vec<InputName>> =
                options.iter().map(|option| self.inputs_of(laid, option)).collect();
            let abstain = laid
                .controls
                .iter()
                .find(|input| self.map.abstains(input) && !laid.means.contains_key(*input));
            let same =
                |known: &&mut Layout| known.inputs == inputs && known.abstain.as_ref() == abstain;
            match layouts.iter_mut().find(same) {
                Some(known) => known.slots.push(slot.clone()),
                None => {
                    let (slots, abstain) = (vec![slot.clone()], abstain.cloned());
                    layouts.push(Layout { slots, inputs, abstain });
                }
            }
        }
        layouts
    }

    /// The inputs of an option, in the order of the board.
    fn inputs_of(&self, laid: &Laid, option: &str) -> Vec<InputName> {
        let chooses = |input: &&InputName| {
            let place = laid.means.get(*input);
            place.and_then(|it| self.options.get(*it)).is_some_and(|known| known == option)
        };
        laid.controls.iter().filter(chooses).cloned().collect()
    }
}

impl KeyMap {
    /// The buttons of a slot that may stand for options by their place.
    fn buttons<'a>(&'a self, controls: &'a Controls) -> impl Iterator<Item = &'a InputName> {
        controls.presses.iter().filter(|input| !self.abstains(input))
    }

    fn means(&self, controls: &Controls, options: &[String]) -> BTreeMap<InputName, usize> {
        let mut means = BTreeMap::new();
        for input in controls.iter() {
            if let Some(place) = self.keys.get(input).and_then(|word| place(word, options)) {
                means.insert(input.clone(), place);
            }
        }
        if self.closed {
            return means;
        }
        let left: Vec<usize> =
            (0..options.len()).filter(|it| !means.values().any(|known| known == it)).collect();
        let free = |input: &&InputName| !self.keys.contains_key(*input);
        let named = |option: usize| {
            let names = |input: &&InputName| {
                free(input)
                    && self.abstain.as_ref() != Some(*input)
                    && place(input.as_str(), options) == Some(option)
            };
            controls.iter().find(names)
        };
        let by_name: Option<Vec<_>> =
            left.iter().map(|option| Some((named(*option)?.clone(), *option))).collect();
        match by_name {
            Some(by_name) => means.extend(by_name),
            None => {
                let buttons = self.buttons(controls).filter(free).cloned();
                means.extend(buttons.zip(left));
            }
        }
        means
    }
}

impl Lacking {
    /// Says of which slots the inputs are not known; nothing when there are none.
    pub fn unknown(slots: &[SlotId]) -> Option<Text> {
        let names = slots.iter().map(SlotId::as_str).collect::<Vec<_>>().join(", ");
        let say = || {
            Text::new(
                format!(
                    "{names} : touches inconnues, une option s'y choisit par la touche de son nom"
                ),
                format!(
                    "{names}: inputs unknown, an option is chosen there by the input of its name"
                ),
            )
        };
        (!slots.is_empty()).then(say)
    }

    /// Says at which slots which options cannot be chosen; nothing when there are none.
    pub fn say(all: &[Self]) -> Option<Text> {
        let mut groups: Vec<(&[String], usize, Vec<&str>)> = Vec::new();
        for Self { slot, options, buttons } in all {
            let same = |group: &&mut (&[String], usize, Vec<&str>)| {
                group.0 == options.as_slice() && group.1 == *buttons
            };
            match groups.iter_mut().find(same) {
                Some((.., slots)) => slots.push(slot.as_str()),
                None => groups.push((options, *buttons, vec![slot.as_str()])),
            }
        }
        let told = groups.iter().map(|(options, buttons, slots)| {
            let (options, slots) = (options.join(", "), slots.join(", "));
            Text::new(
                format!("aucune touche pour {options} à {slots} ({buttons} touches)"),
                format!("no input for {options} at {slots} ({buttons} buttons)"),
            )
        });
        let (fr, en): (Vec<_>, Vec<_>) = told.map(|Text { fr, en }| (fr, en)).unzip();
        (!all.is_empty()).then(|| Text::new(fr.join(" ; "), en.join("; ")))
    }
}

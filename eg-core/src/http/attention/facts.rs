//! Everything from which the list is made, and the words in which it is told.

use crate::access::Waiting;
use crate::engine::read_model::ReadModel;
use crate::http::disk::Space;
use eg_page::{Lang, Words};
use eg_proto::{SlotId, Text, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;

/// Silence after which a lost slot counts as put away: it is named, and alarms nobody.
pub(super) const PUT_AWAY: Duration = Duration::from_secs(7 * 24 * 3_600);

/// Everything from which the list is made.
#[derive(Clone, Copy)]
pub(crate) struct Facts<'a> {
    /// Read model of the engine.
    pub(crate) state: &'a ReadModel,
    /// Slots that wait to be adopted.
    pub(crate) waiting: &'a BTreeMap<SlotId, Waiting>,
    /// Room on the journal's disk, if that is known.
    pub(crate) disk: Option<Space>,
    /// Time by the core's clock.
    pub(crate) now: Timestamp,
    pub(crate) words: &'a Words,
}

impl Facts<'_> {
    /// Returns the words of a key in both languages.
    pub(super) fn say(&self, key: &str) -> Text {
        Text::new(self.words.say(Lang::Fr, key), self.words.say(Lang::En, key))
    }

    /// Returns the words of a key in both languages, with its blanks filled in.
    pub(super) fn tell<const N: usize>(&self, key: &str, blanks: [(&str, &Text); N]) -> Text {
        let told = |lang: Lang| {
            self.words.tell(lang, key, blanks.map(|(name, text)| (name, lang.of(text).into())))
        };
        Text::new(told(Lang::Fr), told(Lang::En))
    }

    /// Returns the words of a key that tell of one slot.
    pub(super) fn of_slot(&self, key: &str, slot: &SlotId) -> Text {
        self.tell(key, [("slot", &slot_name(slot))])
    }
}

/// Returns the name of a slot for people.
pub(super) fn slot_name(slot: &SlotId) -> Text {
    Text::same(slot.as_str())
}

/// Returns the path of a slot's page.
pub(super) fn slot_link(slot: &SlotId) -> String {
    format!("/slots/{slot}")
}

//! Words, language and state that one rendering of the page shows.

use crate::slot::{SimulatedInputs, SlotState};
use eg_page::{Lang, Words};

/// Words, language and state that one rendering shows.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) words: &'a Words,
    pub(super) lang: Lang,
    pub(super) state: &'a SlotState,
    /// Inputs of a simulated board; none when it is real.
    pub(super) inputs: Option<&'a SimulatedInputs>,
    /// The slot's file can be read again.
    pub(super) reloads: bool,
}

impl View<'_> {
    /// The words of a key.
    pub(super) fn say(&self, key: &str) -> String {
        self.words.say(self.lang, key)
    }

    /// A cause that is known in English alone, in the language of the page.
    pub(super) fn cause(&self, english: &str) -> String {
        self.lang.of(&eg_page::say(english)).to_owned()
    }

    /// The words of a key with one blank filled in.
    pub(super) fn with(&self, key: &str, blank: &str, value: impl ToString) -> String {
        self.words.tell(self.lang, key, [(blank, value.to_string().into())])
    }
}

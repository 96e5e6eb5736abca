//! Words, language and state that one rendering of the page shows.

use crate::slot::{DeviceView, InputView, SimulatedInputs, SlotState};
use crate::touch_panel::TouchPanel;
use eg_hal::sim::Touch;
use eg_page::{Lang, Words};

/// Words, language and state that one rendering shows.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) words: &'a Words,
    pub(super) lang: Lang,
    pub(super) state: &'a SlotState,
    /// Inputs of a simulated board; none when it is real.
    pub(super) inputs: Option<&'a SimulatedInputs>,
    /// Buttons of a real board that this reader may touch.
    pub(super) panel: Option<&'a TouchPanel>,
    /// The slot's file can be read again.
    pub(super) reloads: bool,
    /// The slot's file can be shown.
    pub(super) file: bool,
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

    /// The address at which a button is pressed by hand; `None` where nobody can.
    pub(super) fn touch(&self, device: &DeviceView, input: &InputView) -> Option<String> {
        let (board, name) = (&device.name, &input.name);
        let simulated = self.inputs.is_some_and(|all| all.takes(board, name) == Touch::Contact);
        let touched = self.panel.is_some_and(|panel| panel.takes(board, name));
        match (simulated, touched) {
            (true, _) => Some(format!("/poke/{board}/{name}")),
            (false, true) => Some(format!("/touch/{board}/{name}")),
            (false, false) => None,
        }
    }

    /// The words of a key with one blank filled in.
    pub(super) fn with(&self, key: &str, blank: &str, value: impl ToString) -> String {
        self.words.tell(self.lang, key, [(blank, value.to_string().into())])
    }
}

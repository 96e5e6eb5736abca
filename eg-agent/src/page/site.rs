//! State that every route of the page shares.

use super::peer::Peer;
use super::player::PlayerView;
use super::view::View;
use crate::reload::Reloader;
use crate::running_file::RunningFile;
use crate::slot::{SimulatedInputs, SlotState};
use crate::touch_panel::TouchPanel;
use axum::http::{HeaderMap, header};
use eg_hal::clock;
use eg_page::{Lang, Words};
use std::sync::Arc;
use tokio::sync::watch;

/// State that every route shares.
#[derive(Clone)]
pub(super) struct Site {
    pub(super) words: Arc<Words>,
    pub(super) state: watch::Receiver<SlotState>,
    pub(super) stop: watch::Receiver<bool>,
    pub(super) inputs: Option<SimulatedInputs>,
    /// Buttons of a real board, for the browser of this machine.
    pub(super) panel: Option<TouchPanel>,
    /// File that the slot goes by.
    pub(super) file: Option<RunningFile>,
    pub(super) reloader: Option<Reloader>,
    /// Names under which browsers reach the page, beside addresses and local names, in lower case.
    pub(super) hosts: Arc<[String]>,
}

impl Site {
    /// Returns a cause that is known in English alone, in the language of the request.
    pub(super) fn said(&self, headers: &HeaderMap, english: impl ToString) -> String {
        language(None, headers).of(&eg_page::say(english.to_string())).to_owned()
    }

    pub(super) fn view<'a>(&'a self, lang: Lang, state: &'a SlotState) -> View<'a> {
        let (words, inputs) = (&*self.words, self.inputs.as_ref());
        let (reloads, file) = (self.reloader.is_some(), self.file.is_some());
        View { words, lang, state, inputs, panel: None, reloads, file }
    }

    /// The players' page for a browser, which may touch the buttons of a real board if it is this machine's own.
    pub(super) fn player<'a>(
        &'a self,
        lang: Lang,
        state: &'a SlotState,
        peer: Peer,
    ) -> PlayerView<'a> {
        let panel = self.panel.as_ref().filter(|_| peer.is_here());
        PlayerView { view: View { panel, ..self.view(lang, state) }, now: clock::now() }
    }
}

/// Returns the language that was asked for: by the address, else by a cookie, else by the browser.
pub(super) fn language(asked: Option<&str>, headers: &HeaderMap) -> Lang {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Lang::chosen(asked, text(header::COOKIE), text(header::ACCEPT_LANGUAGE))
}

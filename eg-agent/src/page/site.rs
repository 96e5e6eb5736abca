//! State that every route of the page shares.

use super::view::View;
use crate::reload::Reloader;
use crate::slot::{SimulatedInputs, SlotState};
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
    pub(super) reloader: Option<Reloader>,
}

impl Site {
    pub(super) fn view<'a>(&'a self, lang: Lang, state: &'a SlotState) -> View<'a> {
        let (words, inputs) = (&*self.words, self.inputs.as_ref());
        View { words, lang, state, inputs, reloads: self.reloader.is_some() }
    }
}

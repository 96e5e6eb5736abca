//! Part of a game's view that one player is told and nobody else.

use eg_game::{Audience, Session, Text, View, Widget};
use eg_proto::SlotId;

/// Part of a player's own view that the public view lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::engine) struct Aside {
    /// Headline; `None` where it is everybody's.
    pub(in crate::engine) headline: Option<Text>,
    /// Sentences, from top to bottom.
    pub(in crate::engine) lines: Vec<Text>,
}

impl Aside {
    /// Returns what the game tells the player at a slot beside the public view; `None` for nothing.
    pub(super) fn of(game: &dyn Session, slot: &SlotId, public: &View) -> Option<Self> {
        let view = game.view(&Audience::Slot(slot.clone()));
        let own = view.parts.into_iter().filter(|part| !public.parts.contains(part));
        let sentence = |part| if let Widget::Text { text, .. } = part { Some(text) } else { None };
        let lines = own.filter_map(sentence).collect();
        let headline = (view.headline != public.headline).then_some(view.headline);
        let aside = Self { headline, lines };
        (aside != Self::default()).then_some(aside)
    }
}

//! The latest events of a slot, for the technician's page.

use crate::normalize::Action;
use eg_hal::Moment;
use eg_proto::{DeviceName, EventKind, InputName};
use std::collections::VecDeque;

/// Number of events that are kept.
const KEPT: usize = 24;

/// The latest events, the newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecentEvents(VecDeque<RecentEvent>);

/// One event, as a page tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct RecentEvent {
    /// Board at which it happened.
    pub device: DeviceName,
    /// Input at which it happened; `None` for what a player did while a question was open, which nobody may learn here.
    pub input: Option<InputName>,
    /// Key of its words.
    pub word: &'static str,
    /// Tag, text, value or count, where there is one.
    pub detail: String,
    /// Moment of the event, in the slot's clock.
    pub at: Moment,
}

impl RecentEvents {
    /// Notes an event. With `secret` it is not told at which input it happened, nor what was read there.
    pub(crate) fn note(&mut self, device: &DeviceName, action: &Action, secret: bool) {
        let Some((word, detail)) = told(&action.kind) else { return };
        let (input, detail) = match secret {
            true => (None, String::new()),
            false => (Some(action.input.clone()), detail),
        };
        self.0.truncate(KEPT - 1);
        let (device, at) = (device.clone(), action.at);
        self.0.push_front(RecentEvent { device, input, word, detail, at });
    }

    /// Lists them, the newest first.
    pub fn iter(&self) -> impl Iterator<Item = &RecentEvent> {
        self.0.iter()
    }
}

/// Returns the key of the words for a kind of event, and what it carries; `None` for what nobody did.
fn told(kind: &EventKind) -> Option<(&'static str, String)> {
    let plain = |word| Some((word, String::new()));
    match kind {
        EventKind::Press => plain("event-press"),
        EventKind::Release => plain("event-release"),
        EventKind::Switch { on: true } => plain("event-on"),
        EventKind::Switch { .. } => plain("event-off"),
        EventKind::Tag { uid } => Some(("event-tag", uid.clone())),
        EventKind::TagRemoved { uid } => Some(("event-tag-removed", uid.clone())),
        EventKind::Key { symbol } => Some(("event-key", symbol.clone())),
        EventKind::Line { text } => Some(("event-line", text.clone())),
        EventKind::Turn { delta } => Some(("event-turn", delta.to_string())),
        EventKind::Value { v, unit, .. } => Some(("event-value", format!("{v} {unit}"))),
        EventKind::Fault { .. } => plain("event-fault"),
        EventKind::Recovered => plain("event-recovered"),
        EventKind::Click { count } => Some(("event-click", count.to_string())),
        EventKind::Hold { ms } => Some(("event-hold", format!("{ms} ms"))),
        EventKind::HoldEnd { ms } => Some(("event-hold-end", format!("{ms} ms"))),
        EventKind::Chord { .. } => plain("event-chord"),
        EventKind::Snapshot { .. } | _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eg_proto::Source;

    fn action(input: &str, kind: EventKind) -> Action {
        let input = input.parse().unwrap();
        Action { input, kind, at: Moment(0), unc_us: 0, src: Source::Kernel }
    }

    #[test]
    fn the_newest_is_first_and_the_oldest_makes_room() {
        let mut recent = RecentEvents::default();
        let panel = "panel".parse().unwrap();

        for number in 0..100 {
            let kind = EventKind::Turn { delta: number };
            recent.note(&panel, &action("dial", kind), false);
        }

        assert_eq!(recent.iter().count(), KEPT);
        assert_eq!(recent.iter().next().unwrap().detail, "99");
    }

    #[test]
    fn what_was_pressed_while_a_question_was_open_is_not_told() {
        let mut recent = RecentEvents::default();
        let tag = EventKind::Tag { uid: "04A3".to_owned() };

        recent.note(&"reader".parse().unwrap(), &action("tag", tag), true);

        let told = format!("{recent:?}");
        assert!(!told.contains("04A3") && told.contains("input: None"), "{told}");
    }
}

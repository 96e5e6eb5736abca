//! States of inputs: what an event tells of one, and the events that lead from one to another.

use eg_game::{State, Text};
use eg_proto::EventKind;

/// Returns the state of an input after an event; `None` if the event tells none. `before` is how it stood.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other event tells a state")]
pub(super) fn told(kind: &EventKind, before: Option<&State>) -> Option<State> {
    let tags = |uid: &str, came: bool| {
        let mut tags = match before {
            Some(State::Tags(tags)) => tags.clone(),
            Some(State::On(_) | State::Value(_)) | None => Vec::new(),
        };
        tags.retain(|tag| !tag.eq_ignore_ascii_case(uid));
        if came {
            tags.push(uid.to_owned());
        }
        State::Tags(tags)
    };
    Some(match kind {
        EventKind::Press => State::On(true),
        EventKind::Release => State::On(false),
        EventKind::Switch { on } => State::On(*on),
        EventKind::Value { v, .. } => State::Value(*v),
        EventKind::Turn { delta } => match before {
            Some(State::Value(value)) => State::Value(value + f64::from(*delta)),
            Some(State::On(_) | State::Tags(_)) | None => State::Value(f64::from(*delta)),
        },
        EventKind::Tag { uid } => tags(uid, true),
        EventKind::TagRemoved { uid } => tags(uid, false),
        _ => return None,
    })
}

/// Returns the state of an input on which nobody acts; `None` for a value, which has none.
pub(super) fn idle(like: &State) -> Option<State> {
    match like {
        State::On(_) => Some(State::On(false)),
        State::Tags(_) => Some(State::Tags(Vec::new())),
        State::Value(_) => None,
    }
}

/// Returns the events that lead a game from one state to another. A contact is told as a maintained one: nobody pressed.
pub(super) fn steps(from: Option<&State>, to: &State) -> Vec<EventKind> {
    match to {
        State::On(on) => vec![EventKind::Switch { on: *on }],
        State::Value(value) => {
            let (v, unit) = (*value, String::new());
            vec![EventKind::Value { v, min: v, max: v, unit }]
        }
        State::Tags(tags) => {
            let none = Vec::new();
            let before = if let Some(State::Tags(before)) = from { before } else { &none };
            let there =
                |all: &[String], tag: &str| all.iter().any(|it| it.eq_ignore_ascii_case(tag));
            let gone = before.iter().filter(|tag| !there(tags, tag)).cloned();
            let gone = gone.map(|uid| EventKind::TagRemoved { uid });
            gone.chain(tags.iter().cloned().map(|uid| EventKind::Tag { uid })).collect()
        }
    }
}

/// Returns a state in words.
pub(super) fn spoken(state: &State) -> Text {
    match state {
        State::On(true) => Text::new("actif", "on"),
        State::On(false) => Text::new("inactif", "off"),
        State::Value(value) => Text::same(value.to_string()),
        State::Tags(tags) if tags.is_empty() => Text::new("aucun badge", "no tag"),
        State::Tags(tags) => Text::same(tags.join(", ")),
    }
}

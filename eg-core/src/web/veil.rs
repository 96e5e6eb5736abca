//! Secret ballots stay secret in the stream of events too.

use crate::handle::Entry;
use crate::state::State;
use serde_json::Value;
use std::borrow::Cow;

/// What of an event or a vote tells a choice.
const SECRET: [&str; 3] = ["input", "choice", "data"];

/// An entry as the operator may see it now: who pressed, but not what, in a session whose secret was not revealed.
/// Revealing is an act of its own, which stands in the journal.
pub(crate) fn veiled<'a>(entry: &'a Entry, state: &State) -> Cow<'a, Entry> {
    let chosen = matches!(entry.kind, "event" | "vote") || is_proxy(entry);
    let Some(session) = entry.session.filter(|_| chosen) else { return Cow::Borrowed(entry) };
    let mut shown = state.rooms.values().filter_map(|room| room.session.as_ref());
    if shown.any(|shown| shown.id == session && shown.revealed) {
        return Cow::Borrowed(entry);
    }
    let mut veiled = entry.clone();
    if let Value::Object(body) = &mut veiled.body {
        body.retain(|field, _| !SECRET.contains(&field.as_str()));
        if let Some(Value::Object(args)) = body.get_mut("args") {
            args.remove("choice");
        }
        body.insert("veiled".to_owned(), Value::Bool(true));
    }
    Cow::Owned(veiled)
}

/// An act by which the operator chose for a player.
fn is_proxy(entry: &Entry) -> bool {
    entry.kind == "act" && entry.body.get("name").and_then(Value::as_str) == Some("proxy")
}

#[cfg(test)]
mod tests {
    use super::*;
    use eg_proto::Timestamp;
    use serde_json::json;

    fn press(session: Option<i64>) -> Entry {
        let body = json!({"device": "panel", "input": "b", "kind": "press", "data": {}});
        Entry { id: 1, at: Timestamp(0), kind: "event", slot: None, session, body }
    }

    #[test]
    fn a_press_in_a_session_tells_who_and_not_what() {
        let pressed = press(Some(7));

        let shown = veiled(&pressed, &State::default());

        assert_eq!(shown.body, json!({"device": "panel", "kind": "press", "veiled": true}));
    }

    #[test]
    fn a_choice_for_a_player_tells_for_whom_and_not_what() {
        let body =
            json!({"name": "proxy", "args": {"slot": "slot-02", "choice": "B"}, "reason": "ill"});
        let act =
            Entry { id: 1, at: Timestamp(0), kind: "act", slot: None, session: Some(7), body };

        let shown = veiled(&act, &State::default()).body.clone();

        assert_eq!(shown["args"], json!({"slot": "slot-02"}));
        assert_eq!(shown["reason"], "ill");
    }

    #[test]
    fn a_press_outside_of_a_session_is_no_secret() {
        let pressed = press(None);

        assert_eq!(veiled(&pressed, &State::default()).body, pressed.body);
    }
}

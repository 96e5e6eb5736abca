//! Display of a room, `/display/ROOM`: for a projector or a screen that everybody sees, without signing in. It shows
//! the public view and nothing else: no ballot, no event, no act.

use super::text::Localizer;
use super::view::view;
use crate::engine::read_model::{Hint, ReadModel, Room, Session, SessionStatus};
use eg_page::{HintNote, Page, Parts};
use eg_proto::RoomId;
use maud::{Markup, html};

/// Renders the parts of the display that change, by element id; none when there is no such room.
pub(super) fn parts(voice: Localizer<'_>, id: &RoomId, state: &ReadModel) -> Vec<(String, Markup)> {
    let room = state.rooms.get(id);
    room.map(|room| ("display".to_owned(), stage(voice, room, state))).into_iter().collect()
}

/// Renders the whole display around its parts.
pub(super) fn document(voice: Localizer<'_>, id: &RoomId, parts: &Parts) -> Markup {
    let live = format!("/display/{id}/live?lang={}&seen={}", voice.lang.code(), parts.mark());
    let title = voice.room_title(id);
    let page = Page { title: &title, lang: voice.lang, live: Some(&live), header: &html! {} };
    let main = html! { section #display .display.stack aria-live="polite" data-part {} };
    parts.fill(&page.document(voice.words, &main))
}

fn stage(voice: Localizer<'_>, room: &Room, state: &ReadModel) -> Markup {
    match (&room.session, &room.roll_call) {
        (_, Some(roll)) => html! {
            p.lead { (voice.say("display-roll-call")) }
            p.big {
                (voice.words.tell(voice.lang, "roll-call-count", [
                    ("here", roll.present.len().into()),
                    ("all", (roll.present.len() + roll.missing.len()).into()),
                ]))
            }
            div.seats { @for slot in &roll.missing { span.pill.warn { (voice.names.seat(slot)) } } }
        },
        (Some(session), None) => shown(voice, session, state, room.hints.aloud),
        (None, None) => html! { p.lead { (voice.say("display-nothing")) } },
    }
}

fn shown(voice: Localizer<'_>, session: &Session, state: &ReadModel, aloud: bool) -> Markup {
    let hint = session.hints.iter().find(|hint| hint.slot.is_none());
    html! {
        @if let Some(Hint { id, text, en, ends, .. }) = hint {
            (HintNote {
                label: &voice.say("hint"),
                text,
                en: en.as_deref(),
                id: Some(*id),
                ends: ends.map(|ends| ends.0 / 1_000),
                aloud,
            }.show(voice.lang))
        }
        @match session.status {
            SessionStatus::Failed(_) => p.lead { (voice.say("display-nothing")) },
            SessionStatus::Running | SessionStatus::Done | SessionStatus::Aborted => {
                (view(voice, &session.public, state))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::read_model::{RollCall, SessionClock};
    use crate::http::page::text::words;
    use crate::names::Names;
    use eg_game::{Level, Text, View, Widget};
    use eg_page::Lang;
    use eg_proto::Timestamp;

    fn state(room: Room) -> ReadModel {
        ReadModel { rooms: [("main".parse().unwrap(), room)].into(), ..ReadModel::default() }
    }

    fn seen(room: Room) -> String {
        let words = words().unwrap();
        let voice = Localizer { words: &words, lang: Lang::En, names: Names::none() };
        let id = "main".parse().unwrap();
        let parts = Parts::new(parts(voice, &id, &state(room)));
        document(voice, &id, &parts).into_string()
    }

    fn session() -> Session {
        let view = |text: &str| {
            View::new("open", Text::same("Vote"), [Widget::text(Text::same(text), Level::Plain)])
        };
        Session {
            id: 7,
            game: "night-vote".to_owned(),
            status: SessionStatus::Running,
            started: Timestamp(0),
            operator: view("slot-03 chose B"),
            public: view("8 of 9 have voted"),
            offers: Vec::new(),
            explain: Text::same("slot-03 is missing"),
            told: std::collections::BTreeMap::new(),
            revealed: true,
            resumed: false,
            acts: Vec::new(),
            hints: Vec::new(),
            hints_given: 0,
            reads: Vec::new(),
            forced: Vec::new(),
            clock: SessionClock::default(),
        }
    }

    fn room(session: Option<Session>, roll_call: Option<RollCall>) -> Room {
        let (slots, game) = (Vec::new(), "night-vote".to_owned());
        Room { slots, game, roll_call, session, ..Room::default() }
    }

    #[test]
    fn shows_what_is_public_and_nothing_that_the_operator_alone_sees() {
        let page = seen(room(Some(session()), None));

        assert!(page.contains("8 of 9 have voted"), "{page}");
        assert!(!page.contains("chose B") && !page.contains("is missing"), "{page}");
    }

    #[test]
    fn shows_the_hint_for_the_room_and_no_hint_for_a_slot() {
        let hint = |slot: Option<&str>, text: &str| Hint {
            slot: slot.map(|slot| slot.parse().unwrap()),
            text: text.to_owned(),
            id: 7,
            en: None,
            ends: None,
        };
        let hints = vec![hint(None, "Count the candles"), hint(Some("slot-01"), "Look up")];

        let page = seen(room(Some(Session { hints, ..session() }), None));

        assert!(page.contains("Count the candles") && !page.contains("Look up"), "{page}");
    }

    #[test]
    fn shows_who_has_not_answered_the_roll_call() {
        let missing = vec!["slot-04".parse().unwrap()];
        let roll =
            RollCall { at: Timestamp(0), by: "operator".to_owned(), present: Vec::new(), missing };

        assert!(seen(room(None, Some(roll))).contains("slot-04"));
    }
}

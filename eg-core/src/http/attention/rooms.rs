//! Items about rooms: sessions that have failed, and games that wait for the operator.

use super::facts::Facts;
use super::item::{AttentionItem, AttentionKind, Severity};
use crate::engine::read_model::{Session, SessionStatus};
use eg_game::View;
use eg_proto::{RoomId, Text};

pub(super) fn items(facts: &Facts<'_>) -> Vec<AttentionItem> {
    let rooms = facts.state.rooms.iter();
    let told = rooms.filter_map(|(id, room)| {
        let session = room.session.as_ref()?;
        let item = match &session.status {
            SessionStatus::Failed(why) => failed(facts, id, session, why),
            SessionStatus::Running if session.operator.phase == View::DECIDING => {
                waits(facts, id, session)
            }
            SessionStatus::Running | SessionStatus::Done | SessionStatus::Aborted => return None,
        };
        Some(AttentionItem { room: Some(id.clone()), ..item.link(format!("/rooms/{id}")) })
    });
    told.collect()
}

fn failed(facts: &Facts<'_>, id: &RoomId, session: &Session, why: &str) -> AttentionItem {
    let (number, name) = (Text::same(session.id.to_string()), called(facts, id));
    let blanks = [("session", &number), ("room", &name), ("why", &eg_page::say(why))];
    let (what, next) = (facts.tell("attention-session", blanks), facts.say("next-session"));
    AttentionItem::new(Severity::Failure, AttentionKind::SessionFailed, &number.en, what, next)
}

fn waits(facts: &Facts<'_>, id: &RoomId, session: &Session) -> AttentionItem {
    let (number, name) = (Text::same(session.id.to_string()), called(facts, id));
    let blanks = [("room", &name), ("why", &session.explain)];
    let (what, next) = (facts.tell("attention-decide", blanks), facts.say("next-decide"));
    AttentionItem::new(Severity::Warning, AttentionKind::GameWaits, &number.en, what, next)
}

/// Returns the name of a room for people.
fn called(facts: &Facts<'_>, id: &RoomId) -> Text {
    Text::same(facts.state.names.room(id))
}

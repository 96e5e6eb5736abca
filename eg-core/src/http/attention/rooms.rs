//! Items about rooms: sessions that have failed.

use super::facts::Facts;
use super::item::{AttentionItem, AttentionKind, Severity};
use crate::engine::read_model::SessionStatus;
use eg_proto::Text;

pub(super) fn items(facts: &Facts<'_>) -> Vec<AttentionItem> {
    let rooms = facts.state.rooms.iter();
    let failed = rooms.filter_map(|(id, room)| {
        let session = room.session.as_ref()?;
        let SessionStatus::Failed(why) = &session.status else { return None };
        let (number, name) = (Text::same(session.id.to_string()), Text::same(id.as_str()));
        let blanks = [("session", &number), ("room", &name), ("why", &eg_page::say(why))];
        let (what, next) = (facts.tell("attention-session", blanks), facts.say("next-session"));
        let kind = AttentionKind::SessionFailed;
        let item = AttentionItem::new(Severity::Failure, kind, &number.en, what, next);
        Some(AttentionItem { room: Some(id.clone()), ..item.link(format!("/rooms/{id}")) })
    });
    failed.collect()
}

//! Hints that were given in earlier sessions, for the operator who gives another.

use super::{JournalError, Kind, Reader};
use eg_game::Act;
use eg_proto::RoomId;
use std::collections::BTreeMap;

/// Number of sessions that are looked through, the latest of the room.
const SESSIONS: i64 = 20;

/// Text of a hint that was given before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenHint {
    /// Text for players.
    pub text: String,
    /// The same in English, if both were given.
    pub en: Option<String>,
    /// Number of times that it was given.
    pub times: usize,
}

impl Reader {
    /// Returns at most `limit` texts of hints of a room's latest sessions: those given most often first, and of those
    /// given equally often the latest first.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn given_hints(&self, room: &RoomId, limit: usize) -> Result<Vec<GivenHint>, JournalError> {
        let rooms = "WHERE room = ?1 ORDER BY id DESC LIMIT ?2";
        let sessions = self.session_rows(rooms, (room.as_str(), SESSIONS))?;
        let mut given: BTreeMap<(String, Option<String>), (usize, i64)> = BTreeMap::new();
        for session in sessions {
            // The word is looked for in the text, because the body of a damaged row is no JSON.
            let acts = "WHERE session = ?1 AND kind = ?2 AND instr(body, '\"hint\"') ORDER BY id";
            for entry in self.list(acts, (session.id, Kind::Act.word()))? {
                let Some(hint) = hint(entry.body) else { continue };
                let (times, last) = given.entry(hint).or_default();
                *times += 1;
                *last = (*last).max(entry.id);
            }
        }
        let mut given: Vec<_> = given.into_iter().collect();
        given.sort_by_key(|(_, used)| std::cmp::Reverse(*used));
        let hint = |((text, en), (times, _))| GivenHint { text, en, times };
        Ok(given.into_iter().take(limit).map(hint).collect())
    }
}

/// Returns the text that an act shows; `None` for another act, and for one that takes a hint away.
fn hint(body: serde_json::Value) -> Option<(String, Option<String>)> {
    let act: Act = serde_json::from_value(body).ok().filter(|act: &Act| act.name == "hint")?;
    let text = |name| act.args.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty());
    Some((text("text")?.to_owned(), text("en").map(str::to_owned)))
}

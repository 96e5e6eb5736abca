//! Expectations of a rehearsal about a room at one moment.

use crate::engine::read_model::{ReadModel, Room, SessionStatus};
use eg_game::Widget;
use eg_proto::{Presence, SlotId};
use schemars::JsonSchema;
use serde::Deserialize;

/// Expected state of a room. Fields that are left out are not checked.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Expect {
    /// Phase of the session by its own word: `open`.
    phase: Option<String>,
    /// Status of the session: `running`, `done` or `aborted`.
    status: Option<String>,
    /// Number of votes and of voters: `8/9`.
    turnout: Option<String>,
    /// Words contained in the session's reason, in English.
    explain: Option<String>,
    /// Words contained in the operator's view or the hints, in English.
    sees: Option<String>,
    /// Words contained in the public view, in English.
    public: Option<String>,
    /// Words that the public view must not contain.
    not_public: Option<String>,
    /// Ids of the slots that are offline, no other ones being so.
    offline: Option<Vec<SlotId>>,
    /// Number of events that are known to be missing.
    missing: Option<u64>,
}

impl Expect {
    /// Returns a line for each expectation that is not met, with what was found instead.
    pub(super) fn unmet(&self, state: &ReadModel, room: &Room) -> Vec<String> {
        let mut unmet = Vec::new();
        let mut must = |so: bool, what: String| {
            if !so {
                unmet.push(what);
            }
        };
        let session = room.session.as_ref();
        let said = |text: Option<String>| text.unwrap_or_else(|| "nothing".to_owned());
        if let Some(wanted) = &self.phase {
            let found = session.map(|session| session.operator.phase.clone());
            let what = format!("wanted phase {wanted:?}, found {}", said(found.clone()));
            must(found.as_ref() == Some(wanted), what);
        }
        if let Some(wanted) = &self.status {
            let found = session.map(|session| word(&session.status).to_owned());
            let what = format!("wanted status {wanted:?}, found {}", said(found.clone()));
            must(found.as_ref() == Some(wanted), what);
        }
        if let Some(wanted) = &self.turnout {
            let found = session.and_then(|session| {
                session.operator.parts.iter().find_map(|part| {
                    let Widget::Turnout { votes, expected, .. } = part else { return None };
                    Some(format!("{votes}/{expected}"))
                })
            });
            let what = format!("wanted turnout {wanted}, found {}", said(found.clone()));
            must(found.as_ref() == Some(wanted), what);
        }
        if let Some(wanted) = &self.explain {
            let found = session.map(|session| session.explain.en.clone()).unwrap_or_default();
            must(
                found.contains(wanted),
                format!("wanted a reason with {wanted:?}, found {found:?}"),
            );
        }
        let views = session.map(|session| {
            let text = |view| serde_json::to_string(view).unwrap_or_default();
            let hints = serde_json::to_string(&session.hints).unwrap_or_default();
            (text(&session.operator) + &hints, text(&session.public))
        });
        let (operator, public) = views.unwrap_or_default();
        if let Some(wanted) = &self.sees {
            must(
                operator.contains(wanted),
                format!("the operator does not see {wanted:?}: {operator}"),
            );
        }
        if let Some(wanted) = &self.public {
            must(public.contains(wanted), format!("nobody sees {wanted:?}: {public}"));
        }
        if let Some(secret) = &self.not_public {
            must(!public.contains(secret), format!("everybody sees {secret:?}: {public}"));
        }
        if let Some(wanted) = &self.offline {
            let gone = state.slots.iter().filter(|(_, slot)| slot.presence == Presence::Offline);
            let found: Vec<_> = gone.map(|(id, _)| id.clone()).collect();
            must(found == *wanted, format!("wanted {wanted:?} offline, found {found:?}"));
        }
        if let Some(wanted) = self.missing {
            let found = state.counts.missing;
            must(found == wanted, format!("wanted {wanted} events missing, found {found}"));
        }
        unmet
    }
}

fn word(status: &SessionStatus) -> &'static str {
    match status {
        SessionStatus::Running => "running",
        SessionStatus::Done => "done",
        SessionStatus::Aborted => "aborted",
        SessionStatus::Failed(_) => "failed",
    }
}

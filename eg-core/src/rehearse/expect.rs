//! What a rehearsal expects of a room at one moment.

use crate::state::{Room, SessionStatus, State};
use eg_game::Widget;
use eg_proto::{Presence, SlotId};
use schemars::JsonSchema;
use serde::Deserialize;

/// What must be so. What is left out may be as it likes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Expect {
    /// The session's phase by its own word: `open`.
    phase: Option<String>,
    /// `running`, `done` or `aborted`.
    status: Option<String>,
    /// How many of how many have voted: `8/9`.
    turnout: Option<String>,
    /// Words that the session's reason holds, in English.
    explain: Option<String>,
    /// Words that stand somewhere in what the operator sees, in English.
    sees: Option<String>,
    /// Words that stand somewhere in what everybody sees, in English.
    public: Option<String>,
    /// Words that do not.
    not_public: Option<String>,
    /// Exactly these slots are offline.
    offline: Option<Vec<SlotId>>,
    /// So many events are known to be missing.
    missing: Option<u64>,
}

impl Expect {
    /// What is not so, each with what was found.
    pub(super) fn unmet(&self, state: &State, room: &Room) -> Vec<String> {
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

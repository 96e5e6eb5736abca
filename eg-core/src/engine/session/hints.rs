//! Hints of a session: those that stand, with their ends, and the number that were given.

use super::timers::{TimerName, Timers};
use crate::config::HINT_LENGTH;
use crate::engine::read_model::Hint;
use eg_game::{Act, Roster, Text};
use eg_proto::{SlotId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// Name of the act that gives a hint, or takes one away.
pub(in crate::engine) const HINT: &str = "hint";

/// Field of the act that says how many seconds the hint stands; null until it is taken away.
const SECONDS: &str = "seconds";
/// Longest time for which a hint may stand: nothing that is played takes longer.
const LONGEST_STAY: u64 = 24 * 3_600;

/// Hints that the room or one slot can read, and the number that were given so far.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct Hints {
    standing: BTreeMap<Option<SlotId>, Standing>,
    given: u32,
}

/// Hint that stands.
#[derive(Clone, Debug)]
struct Standing {
    /// Number of the act that gave it.
    act: i64,
    text: String,
    en: Option<String>,
}

/// Fields of the act.
#[derive(Deserialize)]
struct HintArgs {
    #[serde(default)]
    slot: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    en: Option<String>,
    /// Recorded acts before this field gave hints without an end.
    #[serde(default)]
    seconds: Option<u64>,
}

/// Writes the room's own time into an act that gives a hint and does not say how long it stands: a replay knows no
/// settings.
pub(in crate::engine) fn fill_in(
    act: &mut serde_json::Map<String, serde_json::Value>,
    time: Option<Duration>,
) {
    if let Some(time) = time {
        act.entry(SECONDS).or_insert_with(|| time.as_secs().into());
    }
}

impl Hints {
    /// Sets the hint of a slot or of the room, and the timer of its end; an empty text takes the hint away.
    ///
    /// # Errors
    /// Returns what is wrong: unreadable fields, too long a text or time, or a slot that does not play.
    pub(super) fn give(
        &mut self,
        act: &Act,
        roster: &Roster,
        timers: &mut Timers,
    ) -> Result<(), Text> {
        let HintArgs { slot, text, en, seconds } =
            act.args().map_err(|error| eg_page::say(error.to_string()))?;
        let (text, en) = (text.trim(), en.as_deref().map(str::trim).filter(|en| !en.is_empty()));
        let is_long = |text: &str| text.chars().count() > HINT_LENGTH;
        if is_long(text) || en.is_some_and(is_long) {
            let most = HINT_LENGTH;
            return Err(Text::new(
                format!("un indice compte {most} caractères au plus"),
                format!("a hint has {most} characters at most"),
            ));
        }
        if seconds.is_some_and(|seconds| !(1..=LONGEST_STAY).contains(&seconds)) {
            return Err(Text::new(
                format!(
                    "un indice reste de 1 à {LONGEST_STAY} secondes, ou jusqu’à ce qu’on le retire"
                ),
                format!("a hint stands for 1 to {LONGEST_STAY} seconds, or until it is taken away"),
            ));
        }
        let place = place(slot.trim(), roster)?;
        if let Some(before) = self.standing.remove(&place) {
            timers.stop(before.end());
        }
        if !text.is_empty() {
            let (text, en) = (text.to_owned(), en.map(str::to_owned));
            let hint = Standing { act: act.id, text, en };
            if let Some(seconds) = seconds {
                timers.start(hint.end(), act.at + Duration::from_secs(seconds), false);
            }
            self.standing.insert(place, hint);
            self.given = self.given.saturating_add(1);
        }
        Ok(())
    }

    /// Takes away the hint that the act of this number gave: its time is over.
    pub(super) fn end(&mut self, act: i64) {
        self.standing.retain(|_, hint| hint.act != act);
    }

    /// Takes all hints away, because the session is over.
    pub(super) fn clear(&mut self) {
        self.standing.clear();
    }

    /// Returns the number of hints that were given.
    pub(super) fn given(&self) -> u32 {
        self.given
    }

    /// Returns the hints that stand.
    pub(super) fn standing(&self, timers: &Timers) -> Vec<Hint> {
        let hint = |(slot, hint): (&Option<SlotId>, &Standing)| Hint {
            id: hint.act,
            slot: slot.clone(),
            text: hint.text.clone(),
            en: hint.en.clone(),
            ends: timers.due(hint.end()),
        };
        self.standing.iter().map(hint).collect()
    }

    /// Returns the hints as lines of the operator's view.
    pub(super) fn lines(&self) -> impl Iterator<Item = Text> {
        self.standing.iter().map(|(slot, hint)| {
            let Standing { text, en, .. } = hint;
            let en = en.as_ref().unwrap_or(text);
            match slot {
                Some(slot) => {
                    Text::new(format!("indice à {slot} : {text}"), format!("hint at {slot}: {en}"))
                }
                None => Text::new(format!("indice : {text}"), format!("hint: {en}")),
            }
        })
    }
}

impl Standing {
    fn end(&self) -> TimerName {
        TimerName::HintEnd { hint: self.act }
    }
}

/// Returns the slot of this name if it plays; `None` for the room, which an empty name means.
fn place(slot: &str, roster: &Roster) -> Result<Option<SlotId>, Text> {
    if slot.is_empty() {
        return Ok(None);
    }
    if let Some(seat) = roster.seats.iter().find(|seat| seat.slot.as_str() == slot) {
        return Ok(Some(seat.slot.clone()));
    }
    let here: Vec<_> = roster.seats.iter().map(|seat| seat.slot.as_str()).collect();
    let here = here.join(", ");
    Err(Text::new(
        format!("{slot} ne joue pas ; ici : {here}, ou vide pour la salle"),
        format!("{slot} does not play; here: {here}, or empty for the room"),
    ))
}

/// Hint as it enters the digest of what could be seen: one without end and translation as it always has.
#[derive(Serialize)]
pub(super) struct SeenHint<'a> {
    slot: &'a Option<SlotId>,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    en: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends: Option<Timestamp>,
}

/// Returns the hints as they enter the digest.
pub(super) fn seen<'a>(hints: &'a [Hint]) -> Vec<SeenHint<'a>> {
    let seen = |hint: &'a Hint| SeenHint {
        slot: &hint.slot,
        text: &hint.text,
        en: hint.en.as_deref(),
        ends: hint.ends,
    };
    hints.iter().map(seen).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::digest;

    #[test]
    fn a_hint_without_an_end_has_the_digest_that_recorded_sessions_have() {
        let hint = |en, ends| Hint { id: 7, slot: None, text: "Look up".to_owned(), en, ends };
        let recorded = serde_json::json!([{ "slot": null, "text": "Look up" }]);

        assert_eq!(digest(&seen(&[hint(None, None)])), digest(&recorded));
        assert_ne!(digest(&seen(&[hint(None, Some(Timestamp(1)))])), digest(&recorded));
    }

    #[test]
    fn a_room_fills_in_its_time_only_where_an_act_says_nothing() {
        let filled = |args: serde_json::Value| {
            let mut args = serde_json::from_value(args).unwrap();
            fill_in(&mut args, Some(Duration::from_secs(90)));
            args[SECONDS].clone()
        };

        assert_eq!(filled(serde_json::json!({})), 90);
        assert_eq!(filled(serde_json::json!({ "seconds": null })), serde_json::Value::Null);
        assert_eq!(filled(serde_json::json!({ "seconds": 30 })), 30);
    }
}

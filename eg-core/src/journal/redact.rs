//! Redaction: the one place where an entry gets the form in which it may leave the core.
//!
//! The player who pressed may be named, but not the choice, until the operator reveals it, which is an act of its own.
//! [`Entry`] cannot be serialized; [`Redacted`] can, and pages take nothing else.

use super::choice::{SECRET, is_proxy};
use super::{Entry, JournalError, Kind, Reader, Reveals, Sent};
use eg_proto::{SlotId, Text, Timestamp};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

/// Text in place of secret words.
const BLANK: &str = "…";
/// Number of sessions whose reveals are remembered for live streams.
const SESSIONS: usize = 256;

/// Entry without the choices that are still secret.
#[derive(Clone, Debug, PartialEq)]
pub struct Redacted(Entry);

impl Serialize for Redacted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Told<'a> {
            id: i64,
            at: Timestamp,
            kind: &'static str,
            slot: &'a Option<SlotId>,
            session: Option<i64>,
            cause: Option<i64>,
            body: &'a Value,
        }
        let Entry { id, at, kind, slot, session, cause, body, choice: _ } = &self.0;
        let (id, at, session, cause) = (*id, *at, *session, *cause);
        Told { id, at, kind: kind.word(), slot, session, cause, body }.serialize(serializer)
    }
}

impl Deref for Redacted {
    type Target = Entry;

    fn deref(&self) -> &Entry {
        &self.0
    }
}

impl Redacted {
    /// Removes from an entry what is still secret under these reveals; `None` if nothing was revealed.
    pub fn of(entry: &Entry, reveals: Option<&Reveals>) -> Self {
        let mut entry = entry.clone();
        // What follows from a choice belongs to the question of that choice.
        let place = entry.cause.unwrap_or(entry.id);
        if !is_secret(&entry) || reveals.is_some_and(|reveals| reveals.cover(place)) {
            return Self(entry);
        }
        let follows = entry.cause.is_some() && entry.kind != Kind::Unreadable;
        let Some(body) = entry.body.as_object_mut() else { return Self(entry) };
        if follows {
            let options = reveals.into_iter().flat_map(Reveals::options);
            let words: Vec<&str> = entry.choice.iter().map(String::as_str).chain(options).collect();
            for key in ["why", "line"] {
                let said =
                    body.get(key).cloned().and_then(|said| serde_json::from_value(said).ok());
                if let Some(said) = said {
                    body.insert(key.to_owned(), json!(blanked(&said, &words)));
                }
            }
            return Self(entry);
        }
        body.retain(|field, _| !SECRET.contains(&field.as_str()) && field != "raw");
        if let Some(Value::Object(args)) = body.get_mut("args") {
            args.remove("choice");
        }
        body.insert("veiled".to_owned(), Value::Bool(true));
        Self(entry)
    }

    /// Returns `true` if a choice was left out of the entry.
    pub fn is_veiled(&self) -> bool {
        self.0.body.get("veiled").is_some()
    }

    /// Removes secrets from the messages that an entry sent: those to the player's own slot may show the choice.
    pub fn sent(&self, mut sent: Vec<Sent>) -> Vec<Sent> {
        let own = |one: &&mut Sent| one.slot.is_some() && one.slot == self.slot_of_choice();
        if self.is_veiled() {
            sent.iter_mut().filter(own).for_each(|one| one.body = json!({ "veiled": true }));
        }
        sent
    }

    /// Returns the slot of the player whose choice the entry tells.
    fn slot_of_choice(&self) -> Option<SlotId> {
        let named = || self.body.get("args")?.get("slot")?.as_str()?.parse().ok();
        self.slot.clone().or_else(named)
    }
}

/// Returns `true` if an entry tells a choice of a player, or follows from one and may name it.
fn is_secret(entry: &Entry) -> bool {
    if entry.session.is_none() && entry.cause.is_none() {
        // Outside of sessions nothing is chosen; of a damaged row nobody knows where it stood.
        return entry.kind == Kind::Unreadable;
    }
    match entry.kind {
        Kind::Event | Kind::Vote | Kind::Unreadable => true,
        Kind::Act => is_proxy(&entry.body),
        // What is decided, opened or ruled is for everybody.
        Kind::Note if entry.body.get("step").or(entry.body.get("ruling")).is_some() => false,
        Kind::Refused | Kind::Note => !entry.choice.is_empty(),

        Kind::Played
        | Kind::Request
        | Kind::Timer
        | Kind::Resumed
        | Kind::Result
        | Kind::Gap
        | Kind::Status => false,
    }
}

/// Blanks quotations and these words in a reason. A word is blanked only if both languages have it: the article "a" is
/// no choice.
pub(crate) fn blanked(said: &Text, words: &[&str]) -> Text {
    let (mut fr, mut en) = (without_quotes(&said.fr), without_quotes(&said.en));
    for word in words.iter().filter(|word| !word.is_empty()) {
        if has_word(&fr, word) && has_word(&en, word) {
            (fr, en) = (without_word(&fr, word), without_word(&en, word));
        }
    }
    Text::new(fr, en)
}

/// Pairs of quotation marks of both languages, and of marks around field names.
const QUOTES: [(char, char); 6] =
    [('"', '"'), ('“', '”'), ('«', '»'), ('‘', '’'), ('`', '`'), ('[', ']')];

fn without_quotes(text: &str) -> String {
    let mut left = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, open)) = rest.char_indices().find(|(_, c)| QUOTES.iter().any(|q| q.0 == *c))
    {
        let close = QUOTES.iter().find(|quote| quote.0 == open).map_or(open, |quote| quote.1);
        let (before, quoted) = rest.split_at(at + open.len_utf8());
        let Some(end) = quoted.find(close) else { break };
        left.push_str(before);
        left.push_str(if open == '«' { "\u{a0}…\u{a0}" } else { BLANK });
        left.push(close);
        rest = &quoted[end + close.len_utf8()..];
    }
    left + rest
}

/// Returns the byte positions of a whole word in a text.
fn places<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let whole = |at: usize| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    };
    text.match_indices(word).map(|(at, _)| at).filter(move |at| whole(*at))
}

fn has_word(text: &str, word: &str) -> bool {
    places(text, word).next().is_some()
}

fn without_word(text: &str, word: &str) -> String {
    let mut left = String::with_capacity(text.len());
    let mut from = 0;
    for at in places(text, word).filter(|at| *at >= from).collect::<Vec<_>>() {
        left.push_str(&text[from..at]);
        left.push_str(BLANK);
        from = at + word.len();
    }
    left + &text[from..]
}

impl Reader {
    /// Removes from entries everything that is still secret now.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn redacted(&self, entries: Vec<Entry>) -> Result<Vec<Redacted>, JournalError> {
        let mut known: BTreeMap<i64, Reveals> = BTreeMap::new();
        let mut told = Vec::with_capacity(entries.len());
        for entry in entries {
            let session = entry.session.filter(|_| is_secret(&entry));
            if let Some(session) = session.filter(|session| !known.contains_key(session)) {
                known.insert(session, self.reveals(session, i64::MAX)?);
            }
            told.push(Redacted::of(&entry, session.and_then(|session| known.get(&session))));
        }
        Ok(told)
    }
}

/// Reveals of recent sessions, as the engine tells them: for live streams, which cannot wait for the disk. Cheap to
/// clone.
#[derive(Clone, Debug, Default)]
pub struct Secrets(Arc<RwLock<BTreeMap<i64, Reveals>>>);

impl Secrets {
    /// Notes entries that are stored and not sent to anybody yet.
    pub(crate) fn take(&self, entries: &[Entry]) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for entry in entries {
            let Some(session) = entry.session else { continue };
            known.entry(session).or_default().take(entry);
        }
        while known.len() > SESSIONS {
            known.pop_first();
        }
    }

    /// Sets the reveals of a session, as the journal holds them.
    pub(crate) fn know(&self, session: i64, reveals: Reveals) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(session, reveals);
    }

    /// Removes from an entry that the engine has sent everything that is still secret.
    pub fn redacted(&self, entry: &Entry) -> Redacted {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Redacted::of(entry, entry.session.and_then(|session| known.get(&session)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: Kind, session: Option<i64>, body: Value) -> Entry {
        let (cause, choice) = (None, Vec::new());
        Entry { id: 1, at: Timestamp(0), kind, slot: None, session, cause, body, choice }
    }

    fn press(session: Option<i64>) -> Entry {
        let body = json!({"device": "panel", "input": "b", "kind": "press", "data": {}});
        entry(Kind::Event, session, body)
    }

    #[test]
    fn a_press_in_a_session_tells_who_and_not_what() {
        let shown = Redacted::of(&press(Some(7)), None);

        assert_eq!(shown.body, json!({"device": "panel", "kind": "press", "veiled": true}));
    }

    #[test]
    fn a_choice_for_a_player_tells_for_whom_and_not_what() {
        let body =
            json!({"name": "proxy", "args": {"slot": "slot-02", "choice": "B"}, "reason": "ill"});

        let shown = Redacted::of(&entry(Kind::Act, Some(7), body), None);

        assert_eq!(shown.body["args"], json!({"slot": "slot-02"}));
        assert_eq!(shown.body["reason"], "ill");
    }

    #[test]
    fn a_press_outside_of_a_session_is_no_secret() {
        let pressed = press(None);

        assert_eq!(Redacted::of(&pressed, None).body, pressed.body);
    }

    #[test]
    fn a_refusal_of_a_press_says_why_and_not_which() {
        let why = Text::new(
            "« a » n'est pas un choix : la touche a est bloquée, a déjà servi",
            "\"a\" is no choice: the key a is stuck, and was used",
        );
        let body = json!({ "why": why, "entry": 4 });
        let (cause, choice) = (Some(4), vec!["a".to_owned()]);
        let refused = Entry { cause, choice, ..entry(Kind::Refused, Some(7), body) };

        let shown = Redacted::of(&refused, None).body["why"].clone();

        assert_eq!(shown["en"], "\"…\" is no choice: the key … is stuck, and was used");
        assert!(shown["fr"].as_str().unwrap().starts_with("«\u{a0}…\u{a0}» n'est pas"), "{shown}");
    }

    #[test]
    fn a_reason_that_names_no_choice_stays_as_it_is() {
        let why = Text::new("un choix plus récent compte", "a later choice already counts");

        assert_eq!(blanked(&why, &["a"]), why);
    }

    #[test]
    fn what_goes_back_to_the_players_own_slot_is_not_told() {
        let slot: SlotId = "slot-01".parse().unwrap();
        let sent = |slot: &str| Sent {
            kind: crate::journal::EffectKind::Command,
            slot: slot.parse().ok(),
            body: json!({ "output": "lamp-b" }),
            answer: None,
        };
        let pressed = Entry { slot: Some(slot), ..press(Some(7)) };

        let told = Redacted::of(&pressed, None).sent(vec![sent("slot-01"), sent("slot-02")]);

        assert_eq!(told[0].body, json!({ "veiled": true }));
        assert_eq!(told[1].body["output"], "lamp-b");
    }
}

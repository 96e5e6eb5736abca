//! Page of one step of a past session: its entry, the operator's view at the time, and the entries that followed.

use crate::engine::{Moment, moment};
use crate::http::page::act_log::actor;
use crate::http::page::events::{Sentence, rest, sentence, tone};
use crate::http::page::room::{title, told as explained};
use crate::http::page::text::Localizer;
use crate::http::page::view::view;
use crate::journal::Kind;
use crate::journal::{EffectKind, JournalError, Reader, Redacted, Sent};
use crate::names::Names;
use eg_page::Lang;
use maud::{Markup, html};
use serde_json::Value;
use std::collections::BTreeMap;

/// Number of steps that are listed before and after.
const AROUND: usize = 7;

/// Step with the steps around it.
pub(super) struct StepPage {
    here: Redacted,
    moment: Moment,
    followed: Vec<Redacted>,
    sent: Vec<Sent>,
    before: Vec<Redacted>,
    after: Vec<Redacted>,
    /// Numbers of the session's first and last step.
    ends: (i64, i64),
}

impl StepPage {
    /// Reads the step that begins with an entry; `None` when the session has no such entry.
    pub(super) fn read(
        journal: &Reader,
        session: i64,
        entry: i64,
    ) -> Result<Option<Self>, JournalError> {
        let Some(here) = journal.entry(session, entry)? else { return Ok(None) };
        let Some(line) = journal.line(session, entry)? else { return Ok(None) };
        let Some(moment) = moment(journal, session, entry)? else { return Ok(None) };
        let first = journal.causes(session, 0, 1)?.pop().map_or(entry, |first| first.id);
        let last = journal.causes_before(session, i64::MAX, 1)?.pop();
        let last = last.map_or(entry, |last| last.id);
        // What was revealed by then, as its operator saw it.
        let reveals = journal.reveals(session, entry)?;
        let told = |entries: Vec<_>| {
            entries.iter().map(|entry| Redacted::of(entry, Some(&reveals))).collect()
        };
        let here = Redacted::of(&here, Some(&reveals));
        Ok(Some(Self {
            sent: here.sent(line.sent),
            here,
            moment,
            followed: told(journal.followed(session, entry)?),
            before: told(journal.causes_before(session, entry, AROUND)?),
            after: told(journal.causes(session, entry, AROUND)?),
            ends: (first, last),
        }))
    }

    /// Returns the names with the players of that moment, whoever sits in their places now.
    pub(super) fn names(&self, now: &Names) -> Names {
        let players = BTreeMap::from([(self.moment.room.clone(), self.moment.players.clone())]);
        Names { players, ..now.clone() }
    }

    fn session(&self) -> i64 {
        self.moment.session.id
    }

    /// Renders the step; `may_act` with the form that exports the session.
    pub(super) fn show(&self, voice: Localizer<'_>, may_act: bool) -> Markup {
        let Moment { room, session, state, difference, not_compared, .. } = &self.moment;
        html! {
            div.two {
                div.stack {
                    section.card {
                        h2 { (voice.room_title(room)) (title(voice, session)) }
                        (self.stepping(voice))
                        @if let Some(difference) = difference {
                            p.note.warn { (voice.with("history-differs", "entry", difference.entry)) }
                        } @else if *not_compared > 0 {
                            p.note { (voice.with("history-not-compared", "looks", *not_compared)) }
                        }
                    }
                    section #seen .card aria-label=(voice.say("history-seen")) {
                        h2 { (voice.say("history-seen")) }
                        div.stack.view data-then=(self.here.at.0 / 1_000) {
                            (view(voice, &session.operator, state))
                        }
                        @if !explained(session) { p.soft.small { (voice.read(&session.explain)) } }
                    }
                }
                div.stack {
                    section #happened .card { (self.happened(voice)) }
                    section.card {
                        h2 { (voice.say("history-steps")) }
                        ol.steps.told {
                            @for entry in &self.before { (self.link(voice, entry, false)) }
                            (self.link(voice, &self.here, true))
                            @for entry in &self.after { (self.link(voice, entry, false)) }
                        }
                        @if may_act { (self.export(voice)) }
                    }
                }
            }
        }
    }

    /// Renders the links to the first, previous, next and last step, each with a key of the keyboard.
    fn stepping(&self, voice: Localizer<'_>) -> Markup {
        let (first, last) = self.ends;
        let here = self.here.id;
        let back = self.before.last().map(|entry| entry.id);
        let on = self.after.first().map(|entry| entry.id);
        let links = [
            ("history-first", "Home", Some(first).filter(|id| *id != here)),
            ("history-previous", "ArrowLeft", back),
            ("history-next", "ArrowRight", on),
            ("history-last", "End", Some(last).filter(|id| *id != here)),
        ];
        html! {
            nav.row aria-label=(voice.say("history-steps")) {
                @for (word, key, to) in links {
                    @match to {
                        Some(to) => a.button href=(self.address(to)) data-key=(key) { (voice.say(word)) },
                        None => a.button aria-disabled="true" { (voice.say(word)) },
                    }
                }
            }
            p.soft.small { (voice.say("history-keys")) }
        }
    }

    fn address(&self, entry: i64) -> String {
        format!("/sessions/{}/{entry}", self.session())
    }

    fn link(&self, voice: Localizer<'_>, entry: &Redacted, here: bool) -> Markup {
        html! {
            li { a href=(self.address(entry.id)) id=(format!("entry-{}", entry.id))
                aria-current=[here.then_some("true")] { (row(voice, entry)) } }
        }
    }

    fn happened(&self, voice: Localizer<'_>) -> Markup {
        let entry = &self.here;
        let text = |key: &str| entry.body.get(key).and_then(Value::as_str);
        html! {
            h2 { (voice.say("history-happened")) }
            div.steps.told { a { (row(voice, entry)) } }
            @if entry.kind == Kind::Act {
                p.small {
                    strong { (voice.with("history-by", "by", actor(voice, text("by").unwrap_or("?")))) }
                    @if let Some(reason) = text("reason") { " — " q { (reason) } }
                }
            }
            h3 { (voice.say("history-followed")) }
            @if self.followed.is_empty() && self.sent.is_empty() {
                p.soft { (voice.say("history-nothing")) }
            }
            ol.log.told {
                @for entry in &self.followed { li { (row(voice, entry)) } }
                @for sent in &self.sent { li { (message(voice, sent)) } }
            }
        }
    }

    /// Renders the form that exports the session for a replay and a rehearsal. The export is an act.
    fn export(&self, voice: Localizer<'_>) -> Markup {
        let session = self.session();
        html! {
            details.act #export {
                summary { (voice.say("history-export")) }
                form data-post=(format!("/api/sessions/{session}/export"))
                    data-save=(format!("session-{session}.json")) {
                    p.small.soft { (voice.say("history-export-means")) }
                    label { (voice.say("reason")) input name="reason" required maxlength="200" autocomplete="off"; }
                    div { button.main type="submit" { (voice.say("history-export")) } }
                    output {}
                }
            }
        }
    }
}

/// Renders an entry as two cells: its time, and a sentence.
fn row(voice: Localizer<'_>, entry: &Redacted) -> Markup {
    let Sentence { who, words } = sentence(voice, entry);
    html! {
        time.soft data-at=(entry.at.0 / 1_000) {}
        span {
            @if !who.is_empty() { strong { (who) } " " }
            span.(tone(entry.kind)) { (words) }
        }
    }
}

fn message(voice: Localizer<'_>, sent: &Sent) -> Markup {
    let Sent { kind, slot, body, answer } = sent;
    let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or("?");
    let words = match kind {
        _ if body.get("veiled").is_some() => voice.say("veiled"),
        EffectKind::Command => {
            let set = body.get("set").map(ToString::to_string).unwrap_or_default();
            format!("{}/{} {set}", text("device"), text("output"))
        }
        EffectKind::Step | EffectKind::Result | EffectKind::Tell | EffectKind::Unreadable => {
            rest(body)
        }
    };
    let to = slot.as_ref().map(|slot| voice.names.seat(slot).to_owned());
    let to = to.unwrap_or_else(|| if voice.lang == Lang::Fr { "tous" } else { "all" }.to_owned());
    html! {
        span {}
        span {
            span.soft { (voice.say("history-sent")) } " " strong { (to) } " "
            span.mono { (words) @if let Some(answer) = answer { " → " (answer) } }
        }
    }
}

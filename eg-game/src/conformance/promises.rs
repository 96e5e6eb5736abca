//! Promises that hold at every moment of every session.

use crate::testkit::{Cause, Table};
use crate::{Audience, Effect, Text, View, Widget};

/// Number of effects that may follow from one thing, beside those for each player.
const EFFECTS: usize = 24;
const EFFECTS_A_PLAYER: usize = 8;
/// Number of timers that may run.
const TIMERS: usize = 64;

/// Checks what must hold after anything has happened.
#[track_caller]
pub(super) fn kept(table: &Table, secrets: &[String]) {
    bounded(table);
    addressed(table);
    refused_acts_change_nothing(table);
    seen(table, secrets);
}

#[track_caller]
fn bounded(table: &Table) {
    let most = EFFECTS + EFFECTS_A_PLAYER * table.roster().seats.len();
    let found = table.last_effects().len();
    assert!(found <= most, "G7: {found} effects at once; at most {most}");
    let timers = table.timers().len();
    assert!(timers <= TIMERS, "G7: {timers} timers run; at most {TIMERS}");
}

/// Checks that whoever feels a signal plays, or caused it.
#[track_caller]
fn addressed(table: &Table) {
    let Some(entry) = table.journal().last() else { return };
    for effect in &entry.effects {
        if let Effect::Cue { slot, .. } = effect {
            let did = matches!(&entry.cause, Cause::Input(input) if input.slot == *slot);
            let plays = table.roster().seat(slot).is_some();
            assert!(did || plays, "G11: {slot} does not play and shall feel something");
        }
    }
}

#[track_caller]
fn refused_acts_change_nothing(table: &Table) {
    let effects = table.last_effects();
    let refused = effects.iter().any(|effect| matches!(effect, Effect::RefuseAct { .. }));
    assert!(!refused || effects.len() == 1, "G5: a refused act did something: {effects:?}");
}

/// Checks the pictures of every audience.
#[track_caller]
pub(super) fn seen(table: &Table, secrets: &[String]) {
    let mut audiences = vec![Audience::Operator { revealed: true }];
    let open = audiences.len();
    audiences.extend([Audience::Operator { revealed: false }, Audience::Public]);
    let slots = table.roster().seats.iter().map(|seat| seat.slot.clone());
    audiences.extend(slots.map(Audience::Slot));
    for (place, audience) in audiences.iter().enumerate() {
        let view = table.view(audience);
        readable(&view, audience);
        if table.finished().is_none() {
            time_left(table, &view);
        }
        if place >= open {
            kept_secret(&format!("{view:?}"), secrets);
        }
    }
    let why = table.explain();
    one_sentence(&why);
    kept_secret(&format!("{why:?} {:?}", table.offers()), secrets);
    // An effect for one player's board may show them what is theirs; what is said to all may not.
    for effect in table.last_effects() {
        kept_secret(&format!("{effect:?}"), secrets);
    }
}

#[track_caller]
fn kept_secret(text: &str, secrets: &[String]) {
    for secret in secrets {
        assert!(!text.contains(secret.as_str()), "G10: the secret {secret:?} is told: {text}");
    }
}

#[track_caller]
fn readable(view: &View, audience: &Audience) {
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    let phase = &view.phase;
    assert!(!phase.is_empty() && phase.chars().all(word), "G8: {phase:?} is no phase's name");
    both(&view.headline, "headline");
    for part in &view.parts {
        match part {
            Widget::Question { text, options, .. } => {
                assert!(!text.trim().is_empty(), "G8: a question without words for {audience:?}");
                let blank = options.iter().any(|option| option.trim().is_empty());
                assert!(!blank, "G8: an option without words for {audience:?}");
            }
            Widget::Tally { title, bars, .. } => {
                both(title, "tally");
                bars.iter().for_each(|bar| both(&bar.label, "bar"));
            }
            Widget::Turnout { votes, expected, .. } => {
                assert!(votes <= expected, "G8: {votes} of {expected} votes for {audience:?}");
            }
            Widget::Timer { label, .. } => both(label, "timer"),
            Widget::List { title, rows } => {
                both(title, "list");
                rows.iter().for_each(|row| both(&row.text, "row"));
            }
            Widget::Text { text, .. } => both(text, "text"),
            Widget::Matrix { title, columns, rows } => {
                both(title, "matrix");
                let fit = rows.iter().all(|(_, cells)| cells.len() == columns.len());
                assert!(fit, "G8: a matrix whose rows and columns differ for {audience:?}");
            }
        }
    }
}

/// A timer that is shown ends when a timer ends that runs.
#[track_caller]
fn time_left(table: &Table, view: &View) {
    for part in &view.parts {
        if let Widget::Timer { label, ends } = part {
            let runs = table.timers().iter().any(|(_, due)| due == ends);
            assert!(runs, "G9: {:?} ends when no timer does", label.en);
        }
    }
}

#[track_caller]
fn both(say: &Text, what: &str) {
    let said = !say.fr.trim().is_empty() && !say.en.trim().is_empty();
    assert!(said, "G8: a {what} without words in both languages: {say:?}");
}

#[track_caller]
fn one_sentence(why: &Text) {
    both(why, "reason");
    for text in [&why.fr, &why.en] {
        assert!(!text.contains('\n'), "G8: a reason of several lines: {text:?}");
        assert!(text.chars().count() <= 400, "G8: a reason nobody reads: {text:?}");
    }
}

/// The operator can end it, once, and then nothing is left to do.
#[track_caller]
pub(super) fn ends(table: &mut Table) {
    if table.finished().is_none() {
        table.operator("abort", ());
    }
    assert!(table.finished().is_some(), "G6: a dead end: {:?}", table.offers());
    let finishes = table.effects().filter(|effect| matches!(effect, Effect::Finish(_))).count();
    assert!(finishes == 1, "G6: it ended {finishes} times");
    assert!(table.offers().is_empty(), "G6: it is over and offers {:?}", table.offers());
}

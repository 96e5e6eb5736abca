//! A player who changes seats takes everything along: the game is the same, with one name for another.

use super::moves;
use super::subject::Subject;
use crate::testkit::{Table, secs};
use crate::{Chance, EventKind, Presence, SlotId};
use serde_json::json;

/// Number of things that happen before somebody changes seats, and again after.
const MOVES: usize = 20;

#[track_caller]
pub(super) fn check(this: &Subject, mut chance: Chance) {
    let players = chance.one_to(4);
    let mut stays = this.table(players);
    let mut walks = this.table(players);
    let place = chance.one_to(players.try_into().unwrap_or(1)) - 1;
    let mut same = chance.clone();
    for (table, chance) in [(&mut stays, &mut chance), (&mut walks, &mut same)] {
        (this.begin)(table);
        for _ in 0..MOVES {
            moves::any(table, &this.inputs, chance);
        }
        rest(table, &this.inputs);
    }
    if !stays.offers().iter().any(|offer| offer.name == "reseat") {
        return;
    }
    let Some(seat) = stays.roster().seats.get(place) else { return };
    let (old, new) = (seat.slot.clone(), format!("{}-b", seat.slot));
    reseat(&mut walks, old.as_str(), &new);
    // There and back: what a game forgets while somebody walks is forgotten in both.
    reseat(&mut stays, old.as_str(), &new);
    reseat(&mut stays, &new, old.as_str());
    for (table, chance) in [(&mut stays, &mut chance), (&mut walks, &mut same)] {
        heard(table, &this.inputs);
        for _ in 0..MOVES {
            moves::plain(table, &this.inputs, chance);
        }
    }
    let (stays, walks) = (told(&stays), told(&walks).replace(&new, old.as_str()));
    assert!(
        stays == walks,
        "G13: {old} changed seats and did not take everything along; it would be\n{stays}\nand is\n{walks}"
    );
}

/// Brings to rest whatever depends on boards: nobody holds a key, every slot is there and in play, every key is well.
#[track_caller]
fn rest(table: &mut Table, inputs: &[String]) {
    if table.offers().iter().any(|offer| offer.name == "resume") {
        table.operator("resume", ());
    }
    for (slot, alive, excused) in players(table) {
        for (act, due) in [("revive", !alive), ("readmit", excused)] {
            if due {
                table.operator_because(act, json!({ "slot": slot }), "a test");
            }
        }
    }
    for slot in slots(table) {
        table.release(slot.as_str());
        table.slot_is(slot.as_str(), Presence::Online);
        for input in inputs.iter().map(|input| moves::name_of(input)) {
            for kind in [EventKind::Switch { on: false }, EventKind::Release, EventKind::Recovered]
            {
                table.tell(slot.as_str(), &input, kind);
            }
        }
    }
    table.pass(secs(5));
}

/// Lets every board report once: what a game knows of boards stays where they are.
#[track_caller]
fn heard(table: &mut Table, inputs: &[String]) {
    for slot in slots(table) {
        for input in inputs {
            table.press(slot.as_str(), &moves::name_of(input));
        }
        table.release(slot.as_str());
    }
    table.pass(secs(5));
}

#[track_caller]
fn reseat(table: &mut Table, from: &str, to: &str) {
    table.operator_because("reseat", json!({ "from": from, "to": to }), "a test");
    let refusal = table.refusal();
    assert!(refusal.is_none(), "G5: reseat is offered and refused: {refusal:?}");
}

fn players(table: &Table) -> Vec<(SlotId, bool, bool)> {
    let seats = table.roster().seats.iter();
    seats.map(|seat| (seat.slot.clone(), seat.alive, seat.excused)).collect()
}

fn slots(table: &Table) -> Vec<SlotId> {
    table.roster().seats.iter().map(|seat| seat.slot.clone()).collect()
}

/// Pictures of every audience.
fn told(table: &Table) -> String {
    let (views, offers, why) = table.picture();
    json!([views, offers, why, table.timers()]).to_string()
}

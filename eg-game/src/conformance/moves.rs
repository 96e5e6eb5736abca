//! Random moves of a session: anything may happen.

use super::beyond;
use crate::testkit::{Cause, Table, millis, secs};
use crate::{Chance, Effect, EventKind, Fault, FieldKind, InputName, Offer, Presence, State};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Anything at all.
#[track_caller]
pub(super) fn any(table: &mut Table, inputs: &[String], chance: &mut Chance) {
    match chance.below(28) {
        0 | 1 => beyond::act(table, chance),
        2 | 3 => beyond::roster(table, chance),
        _ => plain(table, inputs, chance),
    }
}

/// Does anything that players, boards, time and an operator who keeps to the offers may do.
#[track_caller]
pub(super) fn plain(table: &mut Table, inputs: &[String], chance: &mut Chance) {
    let seats = table.roster().seats.len();
    let slot = match table.roster().seats.get(chance.one_to(16).min(seats) - 1) {
        Some(seat) => seat.slot.to_string(),
        None => "slot-01".to_owned(),
    };
    let input = chance.pick(inputs).cloned().unwrap_or_default();
    match chance.below(24) {
        0..=6 => {
            table.press(&slot, &name_of(&input));
        }
        7 => {
            table.press_too(&slot, &name_of(&input));
        }
        8 => table.release(&slot),
        9 => {
            let ago = millis(chance.below(20_000));
            table.press_late(&slot, &name_of(&input), ago);
        }
        10 => {
            let step = u32::try_from(chance.below(4)).unwrap_or(0);
            table.choose(&slot, step, &input);
        }
        11..=13 => tell(table, &slot, &input, chance),
        14 => {
            let online = chance.below(2) == 0;
            table.slot_is(&slot, if online { Presence::Online } else { Presence::Offline });
        }
        15..=18 => offered(table, chance),
        19 => unknown(table),
        20..=21 => table.pass(millis(chance.below(15_000))),
        22 => {
            table.crash();
            table.crash_for(secs(chance.below(100)));
        }
        _ => {
            let last = table.journal().last();
            if last.is_some_and(|entry| matches!(entry.cause, Cause::Input(_))) {
                table.repeat();
            }
        }
    }
}

/// An input's name for any word.
pub(super) fn name_of(word: &str) -> String {
    word.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-")
}

#[track_caller]
fn tell(table: &mut Table, slot: &str, input: &str, chance: &mut Chance) {
    let on = chance.below(2) == 0;
    let small = i32::try_from(chance.below(100)).unwrap_or(0);
    let kinds = [
        EventKind::Switch { on },
        EventKind::Turn { delta: small - 50 },
        EventKind::Value { v: f64::from(small), min: 0.0, max: 100.0, unit: "V".into() },
        EventKind::Tag { uid: input.to_uppercase() },
        EventKind::TagRemoved { uid: input.to_uppercase() },
        EventKind::Key { symbol: input.to_owned() },
        EventKind::Line { text: input.to_owned() },
        EventKind::Snapshot { levels: vec![on, !on], states: BTreeMap::new() },
        EventKind::Snapshot { levels: Vec::new(), states: states(input, on, small) },
        EventKind::Fault { what: Fault::Stuck, count: 1 },
        EventKind::Fault { what: Fault::BusError, count: 3 },
        EventKind::Recovered,
        EventKind::Click { count: 2 },
        EventKind::Hold { ms: 800 },
        EventKind::HoldEnd { ms: 900 },
        EventKind::Chord { inputs: Vec::new() },
    ];
    let Some(kind) = chance.pick(&kinds) else { return };
    table.tell(slot, &name_of(input), kind.clone());
}

/// States in which an input of that name may stand.
fn states(input: &str, on: bool, value: i32) -> BTreeMap<InputName, State> {
    let tags = || if on { vec![input.to_uppercase()] } else { Vec::new() };
    let state = match value % 3 {
        0 => State::On(on),
        1 => State::Value(value.into()),
        _ => State::Tags(tags()),
    };
    InputName::new(name_of(input)).map(|name| (name, state)).into_iter().collect()
}

/// The operator does something that is offered, as the form stands or with another choice.
#[track_caller]
fn offered(table: &mut Table, chance: &mut Chance) {
    let offers = table.offers();
    let plain: Vec<&Offer> = offers.iter().filter(|offer| offer.name != "abort").collect();
    let Some(offer) = chance.pick(&plain) else { return };
    let as_it_stands = chance.below(2) == 0;
    let args = fill(offer, as_it_stands, chance);
    let complete = offer.fields.iter().all(|field| !field.value.is_empty());
    beyond::said(table, offer.name, args);
    if as_it_stands && complete {
        let refusal = table.refusal();
        assert!(refusal.is_none(), "G5: {} is offered and refused: {refusal:?}", offer.name);
    }
}

/// The fields of a form, as a page sends them.
pub(super) fn fill(offer: &Offer, as_it_stands: bool, chance: &mut Chance) -> Map<String, Value> {
    let mut args = Map::new();
    for field in &offer.fields {
        let text = field.value.clone();
        let value = match &field.kind {
            FieldKind::Text => Value::String(text),
            FieldKind::Lines => text.lines().map(|line| Value::String(line.to_owned())).collect(),
            FieldKind::Number if text.is_empty() => continue,
            FieldKind::Number => text.parse::<i64>().map_or(Value::Null, Value::from),
            FieldKind::Tick => Value::Bool(text == "true"),
            FieldKind::OneOf(_) if as_it_stands => Value::String(text),
            FieldKind::OneOf(all) => Value::String(chance.pick(all).cloned().unwrap_or_default()),
        };
        args.insert(field.name.to_owned(), value);
    }
    args
}

#[track_caller]
fn unknown(table: &mut Table) {
    beyond::said(table, "no-such-act", Map::new());
    let refused = |effect: &Effect| matches!(effect, Effect::RefuseAct { .. });
    let over = table.finished().is_some();
    let said = table.last_effects().iter().any(refused);
    assert!(over || said, "G5: an act that nobody knows was not refused");
}

//! Acts that an operator, or a program in their place, may try beyond what is offered.

use crate::session::COMMON_ACTS;
use crate::testkit::{Args, Table};
use crate::{Chance, Field, FieldKind, Offer};
use serde_json::{Map, Value, json};

/// A slot at which nobody has ever played.
const STRANGER: &str = "slot-98";

/// An act that is offered or common, with fields that were not: slots and words beyond the list, values of another
/// type, fields that are missing, and some that nobody knows.
#[track_caller]
pub(super) fn act(table: &mut Table, chance: &mut Chance) {
    let offers = table.offers();
    let offers: Vec<&Offer> = offers.iter().filter(|offer| offer.name != "abort").collect();
    let (name, mut args) = match chance.pick(&offers) {
        Some(offer) if chance.below(3) > 0 => {
            let fields = offer.fields.iter();
            let filled = fields
                .filter_map(|field| Some((field.name.to_owned(), value(table, field, chance)?)));
            (offer.name, filled.collect::<Map<_, _>>())
        }
        Some(_) | None => {
            let common: Vec<_> = COMMON_ACTS.into_iter().filter(|name| *name != "abort").collect();
            let args =
                ["slot", "from", "to", "choice"].map(|name| (name.to_owned(), any(table, chance)));
            (chance.pick(&common).copied().unwrap_or("kill"), Map::from_iter(args))
        }
    };
    if chance.below(4) == 0 {
        args.insert("nobody-knows-this".to_owned(), any(table, chance));
    }
    said(table, name, args);
}

/// Acts, and looks whether a refusal left everything as it was.
#[track_caller]
pub(super) fn said(table: &mut Table, name: &str, args: Map<String, Value>) {
    let _said = Said(name, &args);
    let before = table.picture();
    table.operator_because(name, Args::from(Value::Object(args.clone())), "a test");
    if table.refusal().is_some() {
        let same = table.picture() == before;
        assert!(same, "G5: {name} was refused and changed what is seen");
    }
}

/// Value of a field: one time in three as a form has it; none when it is left out.
fn value(table: &Table, field: &Field, chance: &mut Chance) -> Option<Value> {
    match (chance.below(6), &field.kind) {
        (0, _) => None,
        (1 | 2, FieldKind::OneOf(all)) => chance.pick(all).map(|one| json!(one)),
        (1 | 2, FieldKind::Text | FieldKind::Lines | FieldKind::Number | FieldKind::Tick) => {
            Some(json!(field.value))
        }
        _ => Some(any(table, chance)),
    }
}

/// Anything: a player's slot, a stranger's, or what nobody would write.
fn any(table: &Table, chance: &mut Chance) -> Value {
    let seats: Vec<_> = table.roster().seats.iter().map(|seat| seat.slot.to_string()).collect();
    match chance.below(14) {
        0..=4 => chance.pick(&seats).map_or(Value::Null, |slot| json!(slot)),
        5 => json!(STRANGER),
        6 => json!("No Slot Is Called So"),
        7 => json!(""),
        8 => Value::Null,
        9 => json!(-1),
        10 => json!(u64::MAX),
        11 => json!(1.5),
        12 => json!([STRANGER, 7]),
        _ => json!({ "slot": true }),
    }
}

/// A change of the roster: any of them, to anybody, at any time.
#[track_caller]
pub(super) fn roster(table: &mut Table, chance: &mut Chance) {
    let seats: Vec<_> = table.roster().seats.iter().map(|seat| seat.slot.to_string()).collect();
    let Some(slot) = chance.pick(&seats).cloned() else { return };
    let choosing = table.offers().into_iter().find(|offer| offer.name == "proxy");
    let (name, args) = match chance.below(8) {
        0 => ("kill", json!({ "slot": slot })),
        1 | 2 => ("revive", json!({ "slot": slot })),
        3 => ("excuse", json!({ "slot": slot })),
        4 | 5 => ("readmit", json!({ "slot": slot })),
        6 => {
            let choices =
                choosing.and_then(|offer| offer.fields.into_iter().nth(1)).map(|it| it.kind);
            let Some(FieldKind::OneOf(choices)) = choices else { return };
            let choice = chance.pick(&choices).cloned();
            ("proxy", json!({ "slot": slot, "choice": choice }))
        }
        _ => {
            let to = match chance.below(2) {
                0 => format!("slot-{}", 20 + chance.one_to(60)),
                _ => chance.pick(&seats).cloned().unwrap_or_default(),
            };
            ("reseat", json!({ "from": slot, "to": to }))
        }
    };
    let Value::Object(args) = args else { return };
    said(table, name, args);
}

/// Tells what was said, should it be the last thing.
struct Said<'a>(&'a str, &'a Map<String, Value>);

impl Drop for Said<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the operator had said {} {}", self.0, Value::Object(self.1.clone()));
        }
    }
}

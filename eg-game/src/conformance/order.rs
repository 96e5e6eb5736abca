//! Presses of different slots, in two orders of arrival.

use super::subject::Subject;
use crate::testkit::{Table, millis, slots};
use crate::{Chance, Input};

const PLAYERS: usize = 4;

#[track_caller]
pub(super) fn check(this: &Subject, mut chance: Chance) {
    let mut slots: Vec<_> = slots(PLAYERS).collect();
    let presses: Vec<(u64, String)> = slots
        .iter()
        .map(|_| (chance.below(900), chance.pick(&this.inputs).cloned().unwrap_or_default()))
        .collect();
    let mut first = begun(this);
    let mut second = begun(this);

    let order: Vec<_> = slots.clone();
    chance.shuffle(&mut slots);
    for (table, slots) in [(&mut first, &order), (&mut second, &slots)] {
        for slot in slots {
            let place = order.iter().position(|other| other == slot).unwrap_or(0);
            let Some((ago, input)) = presses.get(place) else { continue };
            let press = table.a_press(slot.as_str(), input);
            table.deliver(Input { at: table.now() - millis(*ago), unc_us: 100, ..press });
        }
        table.pass(millis(5_000));
    }

    let same = first.public() == second.public() && first.explain() == second.explain();
    assert!(same, "G4: another order of arrival, another game: {:#?}", second.public());
    let (first, second) = (first.operator_sees(true), second.operator_sees(true));
    assert!(first == second, "G4: another order of arrival, another game: {second:#?}");
}

/// A table at which everybody has waited for a second since it began, so that presses of that second count.
fn begun(this: &Subject) -> Table {
    let mut table = this.table(PLAYERS);
    (this.begin)(&mut table);
    table.pass(millis(1_000));
    table
}

//! The journal held against the truth.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::finding::{Fault, Finding};
use super::slots;
use super::truth::{Life, SentPress, Touched};

/// Press as the journal has it, in the journal's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Number of the entry.
    pub(super) entry: i64,
    pub(super) slot: usize,
    /// Start of the agent, and the number within it.
    pub(super) boot: String,
    pub(super) seq: u64,
    /// Tag; none of a button.
    pub(super) uid: Option<String>,
}

/// Truth of one slot.
#[derive(Clone, Debug, Default)]
pub(super) struct Slot {
    pub(super) presses: Vec<SentPress>,
    pub(super) lives: Vec<Arc<Life>>,
}

impl Slot {
    fn surely_took(&self, press: &SentPress) -> bool {
        // Only the last lives at that time can have taken it.
        self.lives.iter().rev().any(|life| life.surely_took(press))
    }
}

/// Presses by what is known of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    /// Asked of a page.
    pub(super) made: usize,
    /// Answered with 204.
    pub(super) taken: usize,
    /// Surely accepted.
    pub(super) sure: usize,
    /// Found in the journal.
    pub(super) stored: usize,
}

/// Compares, and returns every press that is not as it should be, slot by slot.
pub(super) fn compare(slots: &[Slot], rows: &[Row]) -> (Sums, Vec<Finding>) {
    let mut sums = Sums { stored: rows.len(), ..Sums::default() };
    let mut found = Vec::new();
    for (number, slot) in slots.iter().enumerate() {
        let rows: Vec<&Row> = rows.iter().filter(|row| row.slot == number).collect();
        let name = slots::name(number);
        let mut tell = |fault, what: String| {
            found.push(Finding { fault, what: format!("{name} {what}") });
        };
        tags(slot, &rows, &mut sums, &mut tell);
        buttons(slot, &rows, &mut sums, &mut tell);
        numbers(&rows, &mut tell);
    }
    (sums, found)
}

/// Tags, each of which is pressed once, and those of one reader one after the other.
fn tags(slot: &Slot, rows: &[&Row], sums: &mut Sums, tell: &mut impl FnMut(Fault, String)) {
    let mut asked = BTreeMap::new();
    for (place, press) in slot.presses.iter().enumerate() {
        if let Touched::Tag { device, uid } = &press.touched {
            asked.insert(uid.as_str(), (place, *device, press));
        }
    }
    let mut seen = BTreeSet::new();
    let mut last: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for row in rows {
        let Some(uid) = row.uid.as_deref() else { continue };
        let Some((place, device, _)) = asked.get(uid) else {
            tell(Fault::Ghost, format!("tag {uid}, entry {}: nobody pressed it", row.entry));
            continue;
        };
        if !seen.insert(uid) {
            tell(Fault::Doubled, format!("tag {uid}, entry {}", row.entry));
            continue;
        }
        let (before, boot) = last.get(device).copied().unwrap_or((0, ""));
        // Within one start the numbers tell it already.
        if *place < before && boot != row.boot {
            tell(Fault::Reordered, format!("tag {uid}, entry {}: pressed earlier", row.entry));
        }
        last.insert(device, (before.max(*place), &row.boot));
    }
    for (uid, (_, _, press)) in asked {
        sums.made += 1;
        sums.taken += usize::from(press.taken.is_some());
        if slot.surely_took(press) {
            sums.sure += 1;
            if !seen.contains(uid) {
                let at = press.taken.unwrap_or_default().as_secs_f64();
                tell(Fault::Lost, format!("tag {uid}, taken at {at:.3} s"));
            }
        }
    }
}

/// Buttons, whose presses have no name and are counted.
fn buttons(slot: &Slot, rows: &[&Row], sums: &mut Sums, tell: &mut impl FnMut(Fault, String)) {
    let presses: Vec<_> =
        slot.presses.iter().filter(|press| press.touched == Touched::Button).collect();
    let sure = presses.iter().filter(|press| slot.surely_took(press)).count();
    let stored = rows.iter().filter(|row| row.uid.is_none()).count();
    sums.made += presses.len();
    sums.taken += presses.iter().filter(|press| press.taken.is_some()).count();
    sums.sure += sure;
    for _ in stored..sure {
        tell(Fault::Lost, format!("button: {stored} stored, {sure} surely pressed"));
    }
    for _ in presses.len()..stored {
        tell(Fault::Ghost, format!("button: {stored} stored, {} pressed", presses.len()));
    }
}

/// Numbers of each start of an agent, which only go up.
fn numbers(rows: &[&Row], tell: &mut impl FnMut(Fault, String)) {
    let mut highest: BTreeMap<&str, u64> = BTreeMap::new();
    for row in rows {
        let high = highest.entry(&row.boot).or_default();
        if row.seq < *high {
            let Row { boot, seq, entry, .. } = row;
            tell(Fault::Reordered, format!("{boot} {seq} after {high}, entry {entry}"));
        }
        *high = (*high).max(row.seq);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// A slot that lived all the time, with so many tags.
    fn slot(tags: u64) -> Slot {
        let life = Life::new(1);
        life.told("{\"device\":\"reader-1\",\"kind\":\"snapshot\"}");
        let asked = eg_clock::monotonic() + Duration::from_secs(1);
        let press = |number: u64| SentPress {
            touched: Touched::Tag { device: "reader-1", uid: format!("A{number}") },
            asked,
            taken: Some(asked),
        };
        Slot { presses: (0..tags).map(press).collect(), lives: vec![Arc::new(life)] }
    }

    fn row(entry: i64, boot: &str, seq: u64, uid: &str) -> Row {
        let uid = Some(uid.to_owned());
        Row { entry, slot: 0, boot: boot.to_owned(), seq, uid }
    }

    fn faults(slot: Slot, rows: &[Row]) -> Vec<Fault> {
        compare(&[slot], rows).1.into_iter().map(|finding| finding.fault).collect()
    }

    #[test]
    fn what_was_pressed_and_stored_in_its_order_is_clean() {
        let rows = [row(1, "a", 1, "A0"), row(2, "a", 2, "A1"), row(5, "b", 1, "A2")];

        let (sums, found) = compare(&[slot(3)], &rows);

        assert_eq!(sums, Sums { made: 3, taken: 3, sure: 3, stored: 3 });
        assert_eq!(found, []);
    }

    #[test]
    fn a_press_that_is_missing_or_twice_or_nobodys_is_told() {
        assert_eq!(faults(slot(1), &[]), [Fault::Lost]);
        assert_eq!(
            faults(slot(1), &[row(1, "a", 1, "A0"), row(2, "b", 1, "A0")]),
            [Fault::Doubled]
        );
        assert_eq!(faults(slot(0), &[row(1, "a", 1, "A0")]), [Fault::Ghost]);
    }

    #[test]
    fn an_order_that_is_not_kept_is_told_within_a_start_and_over_starts() {
        let within = [row(1, "a", 2, "A1"), row(2, "a", 1, "A0")];
        let over = [row(1, "b", 1, "A1"), row(2, "a", 1, "A0")];

        assert_eq!(faults(slot(2), &within), [Fault::Reordered]);
        assert_eq!(faults(slot(2), &over), [Fault::Reordered]);
    }

    #[test]
    fn a_button_is_counted() {
        let asked = eg_clock::monotonic() + Duration::from_secs(1);
        let press = SentPress { touched: Touched::Button, asked, taken: Some(asked) };
        let pressed = || Slot { presses: vec![press.clone()], ..slot(0) };
        let stored = |seq| Row { uid: None, ..row(1, "a", seq, "") };

        assert_eq!(faults(pressed(), &[]), [Fault::Lost]);
        assert_eq!(faults(pressed(), &[stored(1)]), []);
        assert_eq!(faults(pressed(), &[stored(1), stored(2)]), [Fault::Ghost]);
    }
}

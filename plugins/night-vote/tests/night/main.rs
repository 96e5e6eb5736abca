//! The rules of the night vote, each by its number.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod ballots;
mod beside;
mod candidates;
mod clock;
mod closing;
mod conformance;
mod eligible;
mod hands;
mod keys;
mod late;
mod leaving;
mod majorities;
mod old_contract;
mod random_nights;
mod restart;
mod secrecy;
mod settings;
mod silence;
mod targets;
mod ties;
mod timing;
mod undo;

use eg_game::testkit::{Table, json};
use eg_game::{StepResult, Widget};
use night_vote::NightVote;

/// A night of this many players, with step 1 open: "Who?", A, B or C.
fn night(players: usize, config: &str) -> Table {
    let mut table = Table::seat(players).play::<NightVote>(config);
    ask(&mut table);
    table
}

/// Opens the next step: "Who?", A, B or C.
fn ask(table: &mut Table) {
    table.operator("open", json!({ "question": "Who?", "options": ["A", "B", "C"] }));
}

/// Players press one after the other: `a` at `slot-01`, and so on through the letters.
fn press_each(table: &mut Table, keys: &str) {
    for (place, key) in keys.chars().enumerate() {
        table.press(&slot(place + 1), &key.to_string());
    }
}

fn slot(number: usize) -> String {
    format!("slot-{number:02}")
}

fn votes(result: &StepResult, option: &str) -> u32 {
    result.tally.get(option).copied().unwrap()
}

/// The bars of every tally that is shown, as option and votes.
fn bars(parts: &[Widget]) -> Vec<(String, u32)> {
    let tallies = parts
        .iter()
        .filter_map(|part| if let Widget::Tally { bars, .. } = part { Some(bars) } else { None });
    tallies.flatten().map(|bar| (bar.label.en.clone(), bar.votes)).collect()
}

/// Turnout as it is shown: votes, expected, and the number of players named as missing.
fn turnout(parts: &[Widget]) -> Option<(u32, u32, usize)> {
    parts.iter().find_map(|part| match part {
        Widget::Turnout { votes, expected, missing } => Some((*votes, *expected, missing.len())),
        Widget::Question { .. }
        | Widget::Tally { .. }
        | Widget::Timer { .. }
        | Widget::List { .. }
        | Widget::Text { .. }
        | Widget::Matrix { .. } => None,
    })
}

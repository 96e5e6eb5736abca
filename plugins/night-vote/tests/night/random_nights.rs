//! Random nights: whatever players, operator, network and power do, the promises hold.

use eg_game::testkit::{Cause, Table, json, millis, secs};
use eg_game::{Effect, Input, StepResult};
use night_vote::NightVote;
use proptest::prelude::*;
use std::collections::BTreeMap;

const PLAYERS: usize = 4;
const KEYS: [&str; 5] = ["a", "b", "c", "abstain", "bell"];
const ACTS: [&str; 19] = [
    "open",
    "close",
    "next",
    "reopen",
    "void",
    "decide",
    "no-decision",
    "extend",
    "finish",
    "replace",
    "kill",
    "revive",
    "excuse",
    "readmit",
    "proxy",
    "reseat",
    "pause",
    "resume",
    "accept-late",
];
const CONFIGS: [&str; 10] = [
    "{}",
    "{ grace: 0s, tie: all }",
    "{ timeout: 10s, missing: extend, change: first }",
    "{ timeout: 10s, tie: operator, secrecy: live }",
    "{ timeout: 5s, missing: fail, tie: { random: 7 }, rule: majority }",
    "{ expected: 2, tie: { chair: slot-01 }, timeout: 3s, missing: abstain }",
    "{ change: confirm, tie: { revote-tied: 3 }, rule: unanimous, secrecy: who_voted }",
    "{ late: ask, illegal: [dead, self], timeout: 40s, soft_close: 3s }",
    "{ late: accept, steps: [{ question: P?, options: [A, B], keys: { a: A, b: B }, abstain: f }, { question: Q?, options: [C, D], keys: { c: C, bell: D } }] }",
    "{ steps: [{ question: P?, options: [A, B] }, { question: Q?, options: [C, A] }], late: drop }",
];

#[derive(Clone, Debug)]
enum Move {
    Press { player: usize, key: usize, ago: u64, unc: u64, late: bool },
    Choose { player: usize, step: u32, key: usize },
    Repeat,
    Act(usize),
    Pass(u64),
    Crash,
    CrashFor(u64),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let player = 1..=PLAYERS;
    let key = 0..KEYS.len();
    let one = prop_oneof![
        8 => (player.clone(), key.clone()).prop_map(|(player, key)| {
            Move::Press { player, key, ago: 0, unc: 0, late: false }
        }),
        3 => (player.clone(), key.clone(), 0..8_000_u64, 0..50_u64, any::<bool>()).prop_map(
            |(player, key, ago, unc, late)| Move::Press { player, key, ago, unc, late }
        ),
        2 => (player, 0..4_u32, key).prop_map(|(player, step, key)| Move::Choose { player, step, key }),
        1 => Just(Move::Repeat),
        5 => (0..ACTS.len()).prop_map(Move::Act),
        4 => (1..5_000_u64).prop_map(Move::Pass),
        1 => Just(Move::Crash),
        1 => (1..60_u64).prop_map(Move::CrashFor),
    ];
    prop::collection::vec(one, 1..60)
}

fn play(table: &mut Table, a_move: &Move, confirmed: bool) {
    match *a_move {
        Move::Press { player, key, ago, unc, late } => {
            let slot = crate::slot(player);
            if ago % 3 > 0 {
                table.release(&slot);
            }
            if !late && ago == 0 {
                table.press_too(&slot, KEYS[key]);
                return;
            }
            let press = table.a_press(&slot, KEYS[key]);
            let at = table.now() - millis(ago);
            table.deliver(Input { at, unc_us: unc * 1_000, late, ..press });
        }
        Move::Choose { player, step, key } => {
            table.choose(&crate::slot(player), step, KEYS[key]);
        }
        Move::Repeat if confirmed || !last_was_an_input(table) => {}
        Move::Repeat => table.repeat(),
        Move::Act(act) => {
            let (name, args) = match ACTS[act] {
                "open" => ("open", json!({ "question": "Who?", "options": ["A", "B", "C"] })),
                "replace" => {
                    let (question, options) = ("Who?", ["B", "A"]);
                    (
                        "open",
                        json!({ "question": question, "options": options, "step": 1, "replace": true }),
                    )
                }
                "decide" => ("decide", json!({ "choice": "A" })),
                "proxy" => ("proxy", json!({ "slot": "slot-02", "choice": "A" })),
                "reseat" => ("reseat", json!({ "from": "slot-03", "to": "slot-04" })),
                act @ ("kill" | "revive" | "excuse" | "readmit" | "accept-late") => {
                    (act, json!({ "slot": "slot-02" }))
                }
                other => (other, json!({})),
            };
            table.operator(name, args);
        }
        Move::Pass(span) => table.pass(millis(span)),
        Move::Crash => table.crash(),
        Move::CrashFor(span) => table.crash_for(secs(span)),
    }
}

/// Only an input that nothing has followed promises to change nothing when it comes again.
fn last_was_an_input(table: &Table) -> bool {
    table.journal().last().is_some_and(|entry| matches!(entry.cause, Cause::Input(_)))
}

/// Panics when a step has a second result that no act asked for.
fn check_one_result_a_step(table: &Table) {
    let mut decided: BTreeMap<u32, bool> = BTreeMap::new();
    for entry in table.journal() {
        for effect in &entry.effects {
            match effect {
                Effect::Open(question) => {
                    let by_act = matches!(&entry.cause, Cause::Act(_));
                    let was_decided = decided.insert(question.step, false);
                    assert!(by_act || was_decided == Some(false), "{question:?} opened by itself");
                }
                Effect::Result(result) => {
                    let before = decided.insert(result.step, true);
                    assert_eq!(
                        before,
                        Some(false),
                        "a result that no open step asked for: {result:?}"
                    );
                    check_sums(result);
                }
                Effect::Set { .. }
                | Effect::Cue { .. }
                | Effect::After { .. }
                | Effect::Cancel { .. }
                | Effect::Deadline { .. }
                | Effect::Refuse { .. }
                | Effect::RefuseAct { .. }
                | Effect::Note { .. }
                | Effect::Send { .. }
                | Effect::Retain { .. }
                | Effect::Out { .. }
                | Effect::Back { .. }
                | Effect::Retell(_)
                | Effect::Finish(_) => {}
            }
        }
    }
}

fn check_sums(result: &StepResult) {
    let players = u32::try_from(PLAYERS).unwrap();
    assert!(result.votes <= result.expected && result.votes <= players, "{result:?}");
    assert!(result.tally.values().sum::<u32>() <= result.votes, "{result:?}");
    if let Some(outcome) = &result.outcome {
        assert!(result.tally[outcome] > 0, "{result:?}");
        assert_eq!(result.carried, [outcome.as_str()], "{result:?}");
    }
}

/// Whatever happened, the operator can bring the night to its end with what is offered.
fn check_no_dead_end(table: &mut Table) {
    for _ in 0..8 {
        if table.finished().is_some() {
            return;
        }
        let offers = table.offers();
        let wanted = ["finish", "no-decision", "close"];
        let offer = |name: &&str| offers.iter().find(|offer| offer.name == *name);
        let way = wanted.iter().find_map(offer).unwrap();
        let step = way.fields.iter().find(|field| field.name == "step");
        let args = step.map_or(json!({}), |step| json!({ "step": step.value }));
        table.operator(way.name, args);
        assert_eq!(table.refusal(), None);
    }
    assert!(table.finished().is_some(), "a dead end: {:?}", table.offered());
}

proptest! {
    #[test]
    fn every_promise_holds_in_every_night(config in 0..CONFIGS.len(), moves in moves()) {
        let confirmed = CONFIGS[config].contains("confirm");
        let mut table = Table::seat(PLAYERS).play::<NightVote>(CONFIGS[config]);

        for a_move in &moves {
            play(&mut table, a_move, confirmed);
        }
        table.crash();
        check_no_dead_end(&mut table);

        table.crash();
        check_one_result_a_step(&table);
    }
}

//! Steps of a round: messages of every kind, and requests.

use eg_core::engine::command::ShowAct;
use eg_proto::{CommandResult, DeviceState, Mode, Presence};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Step of a round.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Press(usize, u64, &'static str),
    Presence(usize, Presence),
    Hello(usize, bool),
    Board(usize, DeviceState),
    Clock(usize, u64),
    Vote(usize, &'static str),
    Unreadable,
    Broker(bool),
    Start,
    Act(&'static str, Value),
    Mode(Mode),
    RollCall(bool),
    Show(ShowAct),
    Output(usize),
    Answer(usize, CommandResult),
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let slots = || 1..4_usize;
    let presence = prop_oneof![Just(Presence::Online), Just(Presence::Offline)];
    let board = prop_oneof![Just(DeviceState::Ready), Just(DeviceState::Lost)];
    let result = prop_oneof![Just(CommandResult::Done), Just(CommandResult::Refused)];
    let opened = json!({ "question": "Who?", "options": ["A", "B"], "replace": true });
    let acts = prop_oneof![
        3 => Just(("open", opened)),
        1 => Just(("close", json!({}))),
        1 => Just(("kill", json!({ "slot": "slot-02" }))),
        1 => Just(("proxy", json!({ "slot": "slot-03", "choice": "A" }))),
        1 => Just(("hint", json!({ "slot": "slot-01", "text": "look up" }))),
        1 => Just(("reveal", json!({}))),
        1 => Just(("pause", json!({}))),
        1 => Just(("resume", json!({}))),
        1 => Just(("abort", json!({}))),
        1 => Just(("undo", json!({ "entry": 5 }))),
    ];
    let keys = prop_oneof![Just("a"), Just("b"), Just("zz")];
    let show = prop_oneof![Just(ShowAct::Start), Just(ShowAct::Next), Just(ShowAct::Stop)];
    prop_oneof![
        6 => (slots(), 1..3_u64, keys).prop_map(|(slot, skip, key)| Step::Press(slot, skip, key)),
        4 => (slots(), presence).prop_map(|(slot, presence)| Step::Presence(slot, presence)),
        3 => (slots(), any::<bool>()).prop_map(|(slot, more)| Step::Hello(slot, more)),
        4 => (slots(), board).prop_map(|(slot, state)| Step::Board(slot, state)),
        2 => (slots(), 100..9_000_u64).prop_map(|(slot, bound)| Step::Clock(slot, bound)),
        1 => slots().prop_map(|slot| Step::Vote(slot, "A")),
        1 => Just(Step::Unreadable),
        1 => any::<bool>().prop_map(Step::Broker),
        3 => Just(Step::Start),
        5 => acts.prop_map(|(name, args)| Step::Act(name, args)),
        1 => Just(Step::Mode(Mode::Night)),
        1 => any::<bool>().prop_map(Step::RollCall),
        1 => show.prop_map(Step::Show),
        3 => slots().prop_map(Step::Output),
        3 => (slots(), result).prop_map(|(slot, result)| Step::Answer(slot, result)),
    ]
}

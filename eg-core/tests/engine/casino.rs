//! Bank of a casino behind the journal: every request of a table is applied once, and no cent is lost on the way.

use crate::room::{Room, operator, slot};
use eg_core::engine::Committed;
use eg_core::engine::command::Command;
use eg_core::ingest::{Arrival, DeviceRequest};
use eg_proto::{RoomId, Topic};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Settings of a night and a day in one core, as existing installations have them.
const HOUSE: &str = "compat: true
rooms:
  main: { slots: [slot-01], game: night-vote }
  day: { slots: [], game: casino }
";

fn ask(body: Value) -> Arrival {
    let Value::Object(body) = body else { panic!("{body}") };
    let slot = body.get("device_id").and_then(Value::as_str).map(|id| id.parse().unwrap());
    Arrival::Request(DeviceRequest { slot, body })
}

fn credit(req_id: &str, cents: i64) -> Value {
    json!({ "op": "wallet_credit", "req_id": req_id, "device_id": "slot-01", "tag_uid": "04A3",
        "amount_cents": cents, "reason": "cash" })
}

fn get() -> Value {
    json!({ "op": "wallet_get", "req_id": "g", "device_id": "slot-01", "tag_uid": "04A3" })
}

fn payout(id: &str, cents: i64) -> Value {
    json!({ "op": "payout_new", "payout_id": id, "source": "roulette", "amount_cents": cents })
}

/// Returns the answers to tables in a round, on `res`.
fn answers(round: &Committed) -> Vec<Value> {
    let of_res =
        |topic: &Topic| matches!(topic, Topic::Told(_, subject) if subject.as_str() == "res");
    let messages = round.messages.iter().filter(|post| of_res(&post.topic));
    messages.map(|post| serde_json::from_slice(&post.payload).unwrap()).collect()
}

fn answer(room: &mut Room, body: Value) -> Value {
    answers(&room.arrive([ask(body)])).remove(0)
}

fn act(room: &mut Room, name: &str, args: Value) {
    let args: Map<String, Value> = serde_json::from_value(args).unwrap();
    let (place, name, by) = (RoomId::new("day").unwrap(), name.to_owned(), operator());
    let reason = Some("a test".to_owned());
    room.ask(by, Command::Act { room: place, name, args, reason }).0.unwrap();
}

fn start(room: &mut Room) -> i64 {
    let (place, by) = (RoomId::new("day").unwrap(), operator());
    room.ask(by, Command::Start { room: place, game: None, config: None, reason: None }).0.unwrap()
}

fn day(room: &mut Room) -> eg_core::engine::read_model::Session {
    room.state().rooms[&RoomId::new("day").unwrap()].session.clone().unwrap()
}

#[test]
fn the_first_request_opens_the_bank_and_is_answered() {
    let mut room = Room::open(HOUSE);

    let told = answer(&mut room, credit("1", 500));

    let wanted =
        json!({ "req_id": "1", "type": "wallet_credit", "status": "ok", "new_balance_cents": 500 });
    assert_eq!(told, wanted);
    assert_eq!(day(&mut room).game, "casino");
    let request = &room.entries_of("request")[0];
    assert_eq!((request.slot.as_ref(), &request.body["by"]), (Some(&slot(1)), &json!("slot-01")));
}

#[test]
fn a_request_is_applied_once_though_it_comes_again_after_a_kill() {
    let mut room = Room::open(HOUSE);
    let first = answer(&mut room, credit("1", 500));

    room.crash();
    let again = answer(&mut room, credit("1", 500));

    assert_eq!(again, first);
    assert_eq!(answer(&mut room, get())["balance_cents"], 500);
}

#[test]
fn an_answer_that_was_stored_and_not_sent_is_sent_after_the_restart() {
    let mut room = Room::open(HOUSE);
    room.arrive([ask(credit("1", 500))]);

    room.crash();
    let round = room.connect();

    assert_eq!(answers(&round).len(), 1);
}

#[test]
fn the_cashier_knows_what_waits_after_every_reconnect() {
    let mut room = Room::open(HOUSE);
    room.arrive([ask(payout("p1", 700))]);

    room.crash();
    let round = room.connect();

    let post = round.messages.iter().find(|post| matches!(&post.topic, Topic::Told(..))).unwrap();
    let item = json!({ "payout_id": "p1", "source": "roulette", "amount_cents": 700 });
    assert_eq!(serde_json::from_slice::<Value>(&post.payload).unwrap(), json!({ "items": [item] }));
    assert!(post.retained);
    assert_eq!(day(&mut room).told["payouts"]["items"].as_array().unwrap().len(), 1);
}

#[test]
fn a_bank_that_the_operator_has_closed_stays_closed_and_says_so() {
    let mut room = Room::open(HOUSE);
    answer(&mut room, credit("1", 500));
    act(&mut room, "finish", json!({}));

    let told = answer(&mut room, credit("2", 500));

    assert_eq!(told, json!({ "req_id": "2", "type": "wallet_credit", "status": "closed" }));
    let refused = &room.entries_of("refused")[0];
    assert_eq!(refused.body["why"]["en"], "no bank is open");
}

#[test]
fn wallets_payouts_and_request_numbers_are_there_the_day_after() {
    let mut room = Room::open(HOUSE);
    let first = answer(&mut room, credit("1", 500));
    room.arrive([ask(payout("p1", 700))]);
    act(&mut room, "finish", json!({}));

    start(&mut room);
    room.crash();

    assert_eq!(answer(&mut room, credit("1", 500)), first);
    assert_eq!(answer(&mut room, get())["balance_cents"], 500);
    assert_eq!(day(&mut room).told["payouts"]["items"][0]["payout_id"], "p1");
}

#[test]
fn a_simulated_slot_moves_no_real_money() {
    let mut room = Room::open(HOUSE);
    // The presses of these rooms are simulated.
    room.press(1, 1, "a");

    let told = answer(&mut room, credit("1", 500));

    assert_eq!(told["status"], "invalid");
    assert_eq!(room.entries_of("request")[0].body["args"]["sim"], true);
    assert!(
        room.entries_of("refused")[0].body["why"]["en"].as_str().unwrap().contains("simulated")
    );
}

#[test]
fn what_tables_were_answered_cannot_be_undone() {
    let mut room = Room::open(HOUSE);
    answer(&mut room, credit("1", 500));
    let place = || RoomId::new("day").unwrap();
    let args: Map<String, Value> =
        serde_json::from_value(json!({ "tag": "04A3", "amount_cents": 100 })).unwrap();
    let (name, reason, by) = ("credit".to_owned(), Some("welcome".to_owned()), operator());
    let credited = room.ask(by, Command::Act { room: place(), name, args, reason }).0.unwrap();

    let deeds = day(&mut room).acts;
    let args: Map<String, Value> = serde_json::from_value(json!({ "entry": credited })).unwrap();
    let (name, reason, by) = ("undo".to_owned(), Some("a test".to_owned()), operator());
    let undone = room.ask(by, Command::Act { room: place(), name, args, reason }).0;

    assert!(deeds.iter().all(|deed| deed.name != "request" && !deed.can_undo), "{deeds:?}");
    assert!(undone.is_err());
    assert_eq!(answer(&mut room, get())["balance_cents"], 600);
}

/// Generates one request of a table.
fn deed() -> impl Strategy<Value = Value> {
    (0..5_u8, 0..9_u8, 0..3_u8, -20..300_i64, 0..4_u8).prop_map(
        |(kind, number, tag, cents, payout_id)| {
            let op = ["wallet_get", "wallet_debit", "wallet_credit", "payout_new", "payout_claim"];
            let mut body = json!({ "op": op[usize::from(kind)], "req_id": number.to_string(),
            "device_id": "slot-01", "tag_uid": format!("T{tag}"), "amount_cents": cents,
            "payout_id": payout_id.to_string(), "source": "roulette" });
            if kind == 3 {
                body.as_object_mut().unwrap().remove("device_id");
            }
            body
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Sends the same requests to one core that is never killed and to one that dies at random moments and gets each
    /// request twice: every answer is the same, and so is every wallet.
    #[test]
    fn not_a_cent_is_lost_or_made_by_kills_and_repeats(
        deeds in prop::collection::vec((deed(), any::<bool>(), any::<bool>()), 1..24),
    ) {
        let (mut whole, mut broken) = (Room::open(HOUSE), Room::open(HOUSE));
        let mut tags = BTreeSet::new();
        for (body, kill, repeat) in deeds {
            let one = answers(&whole.arrive([ask(body.clone())]));
            if kill {
                broken.crash();
            }
            let other = answers(&broken.arrive([ask(body.clone())]));
            prop_assert_eq!(&one, &other);
            // A repeat of one that moves money is answered as before; what a wallet holds is told as it is now.
            if repeat {
                broken.crash();
                prop_assert_eq!(&answers(&broken.arrive([ask(body.clone())])), &other);
            }
            tags.insert(body["tag_uid"].as_str().unwrap().to_owned());
        }
        broken.crash();
        prop_assert_eq!(day(&mut whole).explain, day(&mut broken).explain);
        prop_assert_eq!(day(&mut whole).operator, day(&mut broken).operator);
        let mut total = 0;
        for tag in tags {
            let mut get = get();
            get["tag_uid"] = json!(tag);
            let balance = answer(&mut broken, get)["balance_cents"].as_i64().unwrap();
            prop_assert!(balance >= 0);
            total += balance;
        }
        let said = day(&mut broken).explain.en;
        let words = format!(", {}.{:02} in all,", total / 100, total % 100);
        prop_assert!(said.contains(&words), "{} has no {}", said, words);
    }
}

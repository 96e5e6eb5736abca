//! The rules of the money, each by its name.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use casino::{Bank, Casino, Cents, Request, Status, Tag};
use eg_game::conformance::Conformance;
use eg_game::testkit::{Table, json};
use eg_game::{Effect, serde_json::Value};
use proptest::prelude::*;

fn day() -> Table {
    Table::seat(2).play::<Casino>("{}")
}

/// A table's request; what it was answered.
fn ask(table: &mut Table, request: Value) -> Option<Value> {
    let effects = table.operator("request", request);
    effects.iter().find_map(|effect| {
        let Effect::Send { subject, body, .. } = effect else { return None };
        (subject == "res").then(|| body.clone())
    })
}

fn credit(req_id: &str, cents: i64) -> Value {
    json!({ "op": "wallet_credit", "req_id": req_id, "device_id": "slot-01", "tag_uid": "04A37C91",
        "amount_cents": cents, "reason": "cash" })
}

fn debit(req_id: &str, cents: i64) -> Value {
    json!({ "op": "wallet_debit", "req_id": req_id, "device_id": "slot-01", "tag_uid": "04A37C91",
        "amount_cents": cents, "reason": "bet" })
}

fn get(tag: &str) -> Value {
    json!({ "op": "wallet_get", "req_id": "g", "device_id": "slot-01", "tag_uid": tag })
}

fn payout(id: &str, cents: i64) -> Value {
    json!({ "op": "payout_new", "payout_id": id, "source": "roulette", "amount_cents": cents,
        "meta": { "number": 17 } })
}

fn claim(req_id: &str, payout: &str) -> Value {
    json!({ "op": "payout_claim", "req_id": req_id, "device_id": "slot-01", "payout_id": payout,
        "tag_uid": "04A37C91" })
}

#[test]
fn keeps_every_promise() {
    let begin: fn(&mut Table) = |table| {
        ask(table, credit("1", 500));
        ask(table, payout("p1", 300));
    };
    Conformance::of::<Casino>("{}").begin(begin).any_order().check();
}

#[test]
fn an_unknown_tag_has_nothing() {
    let answer = ask(&mut day(), get("FFFF"));

    let wanted = json!({ "req_id": "g", "type": "wallet_get", "status": "ok", "balance_cents": 0 });
    assert_eq!(answer, Some(wanted));
}

#[test]
fn a_credit_and_a_debit_are_answered_with_the_new_balance() {
    let mut table = day();

    let credited = ask(&mut table, credit("1", 500));
    let debited = ask(&mut table, debit("2", 120));

    let wanted =
        json!({ "req_id": "1", "type": "wallet_credit", "status": "ok", "new_balance_cents": 500 });
    assert_eq!(credited, Some(wanted));
    let wanted =
        json!({ "req_id": "2", "type": "wallet_debit", "status": "ok", "new_balance_cents": 380 });
    assert_eq!(debited, Some(wanted));
}

#[test]
fn a_balance_is_never_negative() {
    let mut table = day();
    ask(&mut table, credit("1", 500));

    let answer = ask(&mut table, debit("2", 501)).unwrap();

    assert_eq!(
        (&answer["status"], &answer["new_balance_cents"]),
        (&json!("insufficient"), &json!(500))
    );
}

#[test]
fn the_same_request_is_answered_twice_and_applied_once() {
    let mut table = day();
    let first = ask(&mut table, credit("1", 500));
    ask(&mut table, debit("2", 100));

    table.crash();
    let again = ask(&mut table, credit("1", 500));

    assert_eq!(again, first);
    assert_eq!(ask(&mut table, get("04A37C91")).unwrap()["balance_cents"], json!(400));
}

#[test]
fn a_number_used_for_something_else_moves_nothing() {
    let mut table = day();
    ask(&mut table, credit("1", 500));

    let answer = ask(&mut table, debit("1", 100)).unwrap();

    assert_eq!((&answer["status"], &answer["new_balance_cents"]), (&json!("invalid"), &json!(500)));
}

#[test]
fn two_tables_may_use_the_same_number() {
    let mut table = day();
    ask(&mut table, credit("1", 500));
    let mut other = credit("1", 500);
    other["device_id"] = json!("slot-02");

    let answer = ask(&mut table, other).unwrap();

    assert_eq!(answer["new_balance_cents"], json!(1_000));
}

#[test]
fn a_tag_is_the_same_however_a_reader_writes_it() {
    let mut table = day();
    ask(&mut table, credit("1", 500));

    let answer = ask(&mut table, get("04:a3:7c:91")).unwrap();

    assert_eq!(answer["balance_cents"], json!(500));
}

#[test]
fn amounts_below_one_cent_and_missing_tags_move_nothing() {
    let mut table = day();
    let mut nobody = credit("3", 5);
    nobody["tag_uid"] = json!(" ");

    for request in [credit("1", 0), credit("2", -5), nobody, debit("4", -5)] {
        assert_eq!(ask(&mut table, request).unwrap()["status"], json!("invalid"));
    }

    assert_eq!(table.explain().en, "0 wallets, 0.00 in all, 0 movements");
}

#[test]
fn no_wallet_overflows() {
    let mut table = day();
    ask(&mut table, credit("1", i64::MAX));

    let answer = ask(&mut table, credit("2", 1)).unwrap();

    assert_eq!(
        (&answer["status"], &answer["new_balance_cents"]),
        (&json!("invalid"), &json!(i64::MAX))
    );
}

#[test]
fn a_payout_is_told_to_the_cashier_and_claimed_once() {
    let mut table = day();
    table.operator("request", payout("p1", 700));
    let Some(Effect::Retain { slot, subject, body }) = table.last_effects().first() else {
        panic!()
    };
    assert_eq!((slot.as_str(), &**subject), ("change-01", "payouts"));
    let item = json!({ "payout_id": "p1", "source": "roulette", "amount_cents": 700 });
    assert_eq!(*body, json!({ "items": [item] }));

    let first = ask(&mut table, claim("1", "p1"));
    let repeated = ask(&mut table, claim("1", "p1"));
    let second = ask(&mut table, claim("2", "p1")).unwrap();

    let wanted = json!({ "req_id": "1", "type": "payout_claim", "status": "ok",
        "credited_cents": 700, "new_balance_cents": 700 });
    assert_eq!((&first, &repeated), (&Some(wanted.clone()), &Some(wanted)));
    assert_eq!(
        (&second["status"], &second["credited_cents"]),
        (&json!("already_claimed"), &json!(0))
    );
    assert_eq!(ask(&mut table, claim("3", "p2")).unwrap()["status"], json!("not_found"));
}

#[test]
fn the_same_payout_is_made_once() {
    let mut table = day();
    ask(&mut table, payout("p1", 700));
    ask(&mut table, claim("1", "p1"));

    ask(&mut table, payout("p1", 700));

    assert_eq!(table.last_effects(), []);
    assert_eq!(ask(&mut table, claim("2", "p1")).unwrap()["status"], json!("already_claimed"));
}

#[test]
fn a_voided_payout_cannot_be_claimed() {
    let mut table = day();
    ask(&mut table, payout("p1", 700));

    table.operator_because("void-payout", json!({ "payout_id": "p1" }), "a wrong bet");

    assert_eq!(ask(&mut table, claim("1", "p1")).unwrap()["status"], json!("not_found"));
}

#[test]
fn the_operator_moves_money_and_takes_it_back_by_another_movement() {
    let mut table = day();
    let args = json!({ "tag": "04A37C91", "amount_cents": 900 });
    table.operator_because("credit", args.clone(), "welcome");

    table.operator_because("take-back", json!({ "movement": 1 }), "twice by mistake");
    assert_eq!(table.refusal(), None);
    assert_eq!(table.explain().en, "1 wallets, 0.00 in all, 2 movements");
    table.operator("take-back", json!({ "movement": 1 }));
    table.expect_refusal("none of it that still holds");
    table.operator("debit", args);

    table.expect_refusal("not so much");
    assert!(format!("{:?}", table.operator_sees(false)).contains("operator: welcome"));
    assert!(!format!("{:?}", table.public()).contains("04A37C91"));
}

#[test]
fn a_request_that_nobody_can_read_is_refused() {
    let mut table = day();

    table.operator("request", json!({ "op": "wallet_steal" }));

    table.expect_refusal("wallet_steal");
}

fn requests() -> impl Strategy<Value = Vec<Request>> {
    let one = (0..5_usize, 0..12_u8, 0..3_u8, -50..500_i64, 0..4_u8).prop_map(
        |(kind, number, tag, amount_cents, payout)| {
            let device_id = eg_game::SlotId::new("slot-01").unwrap();
            let (req_id, payout_id) = (number.to_string(), payout.to_string());
            let (tag_uid, reason) = (format!("T{tag}"), String::new());
            match kind {
                0 => Request::WalletGet { req_id, device_id, tag_uid },
                1 => Request::WalletDebit { req_id, device_id, tag_uid, amount_cents, reason },
                2 => Request::WalletCredit { req_id, device_id, tag_uid, amount_cents, reason },
                3 => Request::PayoutNew { payout_id, source: "roulette".into(), amount_cents },
                _ => Request::PayoutClaim { req_id, device_id, payout_id, tag_uid },
            }
        },
    );
    prop::collection::vec(one, 0..80)
}

proptest! {
    #[test]
    fn the_sum_of_wallets_is_the_sum_of_movements_at_every_moment(requests in requests()) {
        let mut bank = Bank::default();
        for (place, request) in requests.iter().enumerate() {
            bank.ask(request);
            if place % 7 == 3 {
                let _ = bank.undo(place / 2, "a test");
            }
            prop_assert!(bank.is_balanced());
            let moved: i64 = bank.movements().iter().map(|movement| movement.cents).sum();
            prop_assert_eq!(i64::try_from(bank.total().0).unwrap(), moved);
        }
    }

    #[test]
    fn every_request_told_again_at_any_time_moves_nothing(
        requests in requests(), again in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
    ) {
        prop_assume!(!requests.is_empty());
        let mut bank = Bank::default();
        for request in &requests {
            bank.ask(request);
        }
        let before = (bank.movements().len(), bank.total(), bank.waiting().count());

        for index in again {
            let repeated = index.get(&requests);
            // A payout that was never valid, or a number of another kind, was refused and is again.
            let _ = bank.ask(repeated);
        }

        prop_assert_eq!((bank.movements().len(), bank.total(), bank.waiting().count()), before);
    }

    #[test]
    fn a_debit_is_taken_exactly_when_it_is_there(have in 0..1_000_u64, want in 1..1_000_u64) {
        let (mut bank, tag) = (Bank::default(), Tag::new("T").unwrap());
        bank.put(&tag, Cents(have), "start").unwrap();

        let taken = bank.take(&tag, Cents(want), "bet");

        prop_assert_eq!(taken, if want <= have { Ok(()) } else { Err(Status::Insufficient) });
        let left = if want <= have { have - want } else { have };
        prop_assert_eq!(bank.balance(&tag), Cents(left));
    }
}

//! Money that comes from the day before, from another installation, and from devices that do not exist.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use casino::{Bank, Casino, Cents, Import, OldPayout, OldWallet, Request, Tag};
use eg_game::serde_json::{Value, from_value, to_value};
use eg_game::testkit::{Table, json};
use eg_game::{Effect, SlotId};
use proptest::prelude::*;

fn tag(uid: &str) -> Tag {
    Tag::new(uid).unwrap()
}

fn credit(req_id: &str, tag_uid: &str, amount_cents: i64) -> Request {
    let device_id = SlotId::new("table-1").unwrap();
    let (req_id, tag_uid, reason) = (req_id.to_owned(), tag_uid.to_owned(), String::new());
    Request::WalletCredit { req_id, device_id, tag_uid, amount_cents, reason }
}

fn payout(id: &str) -> Request {
    let (payout_id, source) = (id.to_owned(), "roulette".to_owned());
    Request::PayoutNew { payout_id, source, amount_cents: 700 }
}

/// The bank of the day after, by way of the journal's JSON.
fn day_after(bank: &Bank) -> Bank {
    Bank::open(from_value(to_value(bank.carry()).unwrap()).unwrap())
}

fn old() -> Import {
    let wallet = |tag: &str, balance_cents| OldWallet { tag_uid: tag.to_owned(), balance_cents };
    let payout = |id: &str, claimed| OldPayout {
        payout_id: id.to_owned(),
        source: "blackjack".to_owned(),
        amount_cents: 250,
        claimed,
    };
    let wallets = vec![wallet("04a3", 500), wallet("04B7", 0)];
    Import { wallets, payouts: vec![payout("p1", false), payout("p2", true)] }
}

#[test]
fn a_wallet_is_not_empty_the_day_after() {
    let mut bank = Bank::default();
    bank.ask(&credit("1", "04A3", 500));
    bank.ask(&payout("p1"));

    let after = day_after(&bank);

    assert_eq!(after.balance(&tag("04A3")), Cents(500));
    assert_eq!(after.waiting().count(), 1);
    assert_eq!(after.movements().len(), 1, "the balance is a movement of the new day");
    assert!(after.is_balanced());
}

#[test]
fn a_request_that_is_told_again_the_day_after_moves_nothing() {
    let mut bank = Bank::default();
    let first = bank.ask(&credit("1", "04A3", 500));

    let mut after = day_after(&bank);

    assert_eq!(after.ask(&credit("1", "04A3", 500)), first);
    assert_eq!(after.total(), Cents(500));
}

#[test]
fn what_a_day_remembers_of_the_ones_before_is_bounded() {
    let mut bank = Bank::default();
    for number in 0..1_500 {
        bank.ask(&credit(&number.to_string(), "04A3", 1));
        bank.ask(&payout(&format!("p{number}")));
        bank.void(&format!("p{number}"));
    }

    let carried = to_value(bank.carry()).unwrap();

    assert_eq!(carried["answered"].as_array().unwrap().len(), 1_000);
    assert_eq!(carried["payouts"].as_object().unwrap().len(), 1_000);
    assert_eq!(carried["answered"][999][1]["req_id"], "1499", "the latest are kept");
}

#[test]
fn an_import_moves_everything_once() {
    let mut bank = Bank::default();

    let first = bank.import(&old(), "old").unwrap();
    let again = day_after(&bank).import(&old(), "old").unwrap();

    assert_eq!((first.wallets, first.cents, first.payouts, first.known), (2, 500, 2, 0));
    assert_eq!((again.wallets, again.cents, again.payouts, again.known), (0, 0, 0, 4));
    assert_eq!(first.left_behind(), None);
    assert_eq!(bank.waiting().map(|(id, _)| id).collect::<Vec<_>>(), ["p1"]);
    assert!(bank.is_balanced());
}

#[test]
fn a_wallet_of_a_second_installation_that_is_here_already_is_named() {
    let (mut bank, mut second) = (Bank::default(), old());
    bank.import(&old(), "old").unwrap();
    second.wallets = ["04:a3", "04B7", "04C1"]
        .map(|tag| OldWallet { tag_uid: tag.to_owned(), balance_cents: 1_300 })
        .into();

    let done = bank.import(&second, "second").unwrap();

    let left = done.left_behind().unwrap().en;
    assert_eq!(left, "imported before, nothing is added to them: 04A3 (13.00), 04B7 (13.00)");
    assert_eq!((done.wallets, bank.balance(&tag("04C1"))), (1, Cents(1_300)));
}

#[test]
fn an_import_with_a_negative_balance_names_the_row_and_moves_nothing() {
    let (mut bank, mut wrong) = (Bank::default(), old());
    wrong.wallets[1].balance_cents = -7;

    let why = bank.import(&wrong, "old").unwrap_err().en;

    assert_eq!(why, r#"wallets, row 2 ("04B7", -7 cents) cannot be; nothing is imported"#);
    assert_eq!(bank, Bank::default());
}

#[test]
fn a_wallet_that_the_old_installation_holds_twice_is_summed() {
    let (mut bank, mut twice) = (Bank::default(), old());
    twice.wallets[1] = OldWallet { tag_uid: "04:A3".to_owned(), balance_cents: 20 };

    bank.import(&twice, "old").unwrap();

    assert_eq!(bank.balance(&tag("04A3")), Cents(520));
}

fn simulated(table: &mut Table) -> Vec<Effect> {
    let request = json!({ "op": "wallet_credit", "req_id": "1", "device_id": "slot-01",
        "tag_uid": "04A3", "amount_cents": 500, "sim": true });
    table.operator("request", request).to_vec()
}

#[test]
fn a_simulated_device_moves_no_real_money() {
    let mut table = Table::seat(1).play::<Casino>("{}");

    let effects = simulated(&mut table);

    let told = effects.iter().find_map(|effect| {
        let Effect::Send { body, .. } = effect else { return None };
        Some(body.clone())
    });
    let wanted = json!({ "req_id": "1", "type": "wallet_credit", "status": "invalid" });
    assert_eq!(told, Some(wanted));
    table.expect_refusal("simulated");
    assert_eq!(table.explain().en, "0 wallets, 0.00 in all, 0 movements");
}

#[test]
fn a_rehearsal_takes_simulated_money_and_leaves_none() {
    let mut table = Table::seat(1).play::<Casino>("{ rehearsal: true }");

    simulated(&mut table);

    assert_eq!(table.explain().en, "1 wallets, 5.00 in all, 1 movements");
    assert!(format!("{:?}", table.public()).contains("rehearsal"));
}

proptest! {
    #[test]
    fn no_cent_is_lost_from_day_to_day(
        days in prop::collection::vec(prop::collection::vec((0..4_u8, 1..500_i64), 0..12), 1..6),
    ) {
        let (mut bank, mut put, mut number) = (Bank::default(), 0_i64, 0);
        for day in days {
            for (tag, cents) in day {
                number += 1;
                bank.ask(&credit(&number.to_string(), &format!("T{tag}"), cents));
                put += cents;
            }
            bank = day_after(&bank);
            prop_assert!(bank.is_balanced());
            prop_assert_eq!(i64::try_from(bank.total().0).unwrap(), put);
        }
        let none: Value = to_value(Bank::default().carry()).unwrap();
        prop_assert_eq!(&none["wallets"], &json!({}));
    }
}

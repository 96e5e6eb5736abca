//! A core and the agents of its slots: refused, adopted, revoked, replaced.

#![cfg(feature = "demo")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod commands;
#[path = "../core/held_port.rs"]
mod held_port;
mod room;
mod under_tls;

use eg_agent::pairing::{Admission, Refused};
use eg_proto::Set;
use room::{Room, Seat, slot};

fn refused(why: Refused) -> impl Fn(&eg_agent::slot::SlotState) -> bool {
    move |state| matches!(&state.admission, Admission::Refused { why: told, .. } if *told == why)
}

#[tokio::test]
async fn a_slot_that_is_adopted_by_its_code_brings_what_was_pressed_before() {
    let room = Room::open();
    let seat = Seat::take(&room, "first").await;
    seat.press().await;

    let code = seat.code().await;
    let waiting = room.waiting().await;
    room.access().adopt(&slot(), &code, "operator").unwrap();
    seat.see(|state| state.admission == Admission::Admitted).await;

    assert_eq!((waiting.code, waiting.boards), (code, vec!["panel (button-row)".to_owned()]));
    room.stored_press().await;
    seat.see(|state| state.outbox.waiting == 0).await;
}

#[tokio::test]
async fn another_code_than_the_one_that_waits_adopts_nobody() {
    let room = Room::open();
    let seat = Seat::take(&room, "first").await;
    seat.code().await;
    room.waiting().await;

    room.access().adopt(&slot(), "AAA-AAA", "operator").unwrap_err();

    assert!(room.access().adopted().is_empty());
}

#[tokio::test]
async fn a_revoked_slot_is_cut_off_and_its_outputs_take_their_safe_state() {
    let room = Room::open();
    let seat = Seat::adopted(&room, "first").await;
    seat.set(Set::On).await;
    seat.see(Seat::is_lit).await;

    room.access().revoke(&slot(), "operator").unwrap();

    seat.see(refused(Refused::Revoked)).await;
    seat.see(|state| !Seat::is_lit(state)).await;
}

#[tokio::test]
async fn a_new_card_takes_the_place_of_an_old_one_which_is_let_in_no_more() {
    let room = Room::open();
    let old = Seat::adopted(&room, "old").await;
    old.leave().await;
    let new = Seat::take(&room, "new").await;
    new.see(refused(Refused::OtherSecret)).await;

    let code = new.code().await;
    room.access().adopt(&slot(), &code, "operator").unwrap();
    new.see(|state| state.admission == Admission::Admitted).await;
    new.leave().await;
    let old = Seat::take(&room, "old").await;

    old.see(refused(Refused::Revoked)).await;
}

#[tokio::test]
async fn an_adopted_slot_is_known_after_restarts_of_agent_and_core() {
    let mut room = Room::open();
    let seat = Seat::adopted(&room, "first").await;

    room.restart();
    seat.see(|state| state.admission != Admission::Admitted).await;
    seat.see(|state| state.admission == Admission::Admitted).await;
    seat.leave().await;
    let seat = Seat::take(&room, "first").await;
    seat.see(|state| state.admission == Admission::Admitted).await;

    assert!(room.access().waiting().is_empty());
}

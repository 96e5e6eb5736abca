//! A slot that speaks under TLS alone.

use crate::room::{Room, Seat, slot};
use eg_agent::pairing::Admission;

#[tokio::test]
async fn a_slot_pins_the_authority_of_the_core_that_adopts_it_and_goes_by_it_from_then_on() {
    let mut room = Room::under_tls();
    let seat = Seat::under_tls(&room, "first").await;

    let code = seat.code().await;
    let waiting = room.waiting().await;
    assert_eq!(waiting.code, code, "both pages show one code");
    assert!(!room.card("first").join("outbox.ca.crt").exists());
    room.access().adopt(&slot(), &code, "operator").unwrap();
    seat.see(|state| state.admission == Admission::Admitted).await;
    seat.press().await;
    room.stored_press().await;
    seat.leave().await;

    let pinned = std::fs::read_to_string(room.card("first").join("outbox.ca.crt")).unwrap();
    assert_eq!(pinned, std::fs::read_to_string(room.card("tls").join("ca.crt")).unwrap());
    room.restart();
    let seat = Seat::under_tls(&room, "first").await;
    seat.see(|state| state.admission == Admission::Admitted).await;
}

#[tokio::test]
async fn a_slot_under_tls_sends_no_secret_to_a_core_of_another_authority() {
    let (room, other) = (Room::under_tls(), Room::under_tls());
    let seat = Seat::under_tls(&room, "first").await;
    let code = seat.code().await;
    room.waiting().await;
    room.access().adopt(&slot(), &code, "operator").unwrap();
    seat.see(|state| state.admission == Admission::Admitted).await;
    seat.leave().await;
    for name in ["outbox.secret", "outbox.ca.crt"] {
        let (from, to) = (room.card("first").join(name), other.card("first").join(name));
        std::fs::create_dir_all(other.card("first")).unwrap();
        std::fs::copy(from, to).unwrap();
    }

    let seat = Seat::under_tls(&other, "first").await;

    let says_why = |why: &String| why.contains("not of the authority that is pinned");
    seat.see(|state| state.disconnected.as_ref().is_some_and(says_why)).await;
    assert!(other.access().waiting().is_empty());
}

//! Twins: two machines of one id are reported, and forgotten when they are gone.

use crate::room::{Room, night, secs, slot};
use eg_core::ingest::{Arrival, Speaker, decode_message};
use eg_proto::{Boot, Topics};
use std::net::IpAddr;

fn speaks(room: &mut Room, who: Speaker) {
    room.arrive([Arrival::Speaks(slot(1), who)]);
}

fn start(number: u128) -> Speaker {
    Speaker::Start(Some(Boot(number.into())))
}

fn address(last: u8) -> Speaker {
    Speaker::Address(IpAddr::from([192, 168, 1, last]))
}

/// Returns the alerts that the operator reads.
fn told(room: &mut Room) -> Vec<String> {
    room.state().troubles.iter().map(|trouble| trouble.en.clone()).collect()
}

fn room() -> Room {
    let mut room = Room::open(&night(1, "{}"));
    room.greet(1);
    room
}

#[test]
fn a_start_that_comes_back_after_another_is_a_second_machine() {
    let mut room = room();
    speaks(&mut room, start(7));
    speaks(&mut room, start(8));
    assert!(told(&mut room).is_empty(), "an agent was started again");

    speaks(&mut room, start(7));

    let twin = room.state().slots[&slot(1)].twin.clone().unwrap();
    assert_eq!(twin.boots, [Boot(8.into()), Boot(7.into())]);
    assert!(told(&mut room)[0].starts_with("Two machines call themselves slot-01 (boot 0000"));
}

#[test]
fn an_address_that_comes_back_after_another_is_told_with_both() {
    let mut room = room();
    [30, 31, 30].iter().for_each(|last| speaks(&mut room, address(*last)));

    let said = &told(&mut room)[0];

    assert!(said.contains("slot-01 (192.168.1.31, 192.168.1.30)"), "{said}");
    let json = serde_json::to_value(&*room.state().slots[&slot(1)]).unwrap();
    assert_eq!(json["twin"]["addresses"][1], "192.168.1.30");
}

#[test]
fn an_old_agent_without_a_boot_counts_as_another_than_ours() {
    let mut room = room();
    [start(7), Speaker::Start(None), start(7)].iter().for_each(|who| speaks(&mut room, *who));

    assert_eq!(told(&mut room).len(), 1);
}

#[test]
fn it_is_forgotten_once_one_of_them_is_gone() {
    let mut room = room();
    [start(7), start(8), start(7)].iter().for_each(|who| speaks(&mut room, *who));

    room.pass(secs(299));
    assert_eq!(told(&mut room).len(), 1);
    room.pass(secs(2));

    assert!(told(&mut room).is_empty());
    assert_eq!(room.state().slots[&slot(1)].twin, None);
}

#[test]
fn a_hello_that_the_broker_kept_tells_nothing_of_who_speaks() {
    let hello = br#"{"type":"slot","boot":"01KA000000000000000000000A"}"#;
    let (topics, topic) = (Topics::default(), "eg/dev/slot-01/hello");

    let kept = decode_message(&topics, false, topic, hello, true);
    let live = decode_message(&topics, false, topic, hello, false);

    assert!(matches!(&kept[..], [Arrival::Hello(..)]), "{kept:?}");
    assert!(matches!(&live[..], [Arrival::Hello(..), Arrival::Speaks(_, Speaker::Start(Some(_)))]));
}

//! Agents: what they tell of themselves, and their restart.

use crate::room::{Room, operator, slot};
use eg_core::engine::command::{Command, RefusedKind, SlotOrder};
use eg_core::ingest::Arrival;
use eg_proto::{AgentCommand, AgentHello, AgentOrder, DeviceHello, Hello, PROTOCOL, Topic};

fn hello(restarts: bool) -> Arrival {
    let agent = Some(AgentHello { protocol: PROTOCOL, restarts, page: Some(5173) });
    let device = DeviceHello {
        name: "panel".parse().unwrap(),
        driver: "button-row".to_owned(),
        inputs: Vec::new(),
        outputs: Vec::new(),
        kinds: None,
        version: Some("0.1.0".to_owned()),
    };
    let (kind, version, devices) = ("slot".to_owned(), "0.2.0".to_owned(), vec![device]);
    let hello = Hello { kind, version, ts: None, boot: None, devices, agent };
    Arrival::Hello(slot(1), Box::new(hello))
}

#[test]
fn an_agent_that_would_come_back_is_restarted_once_and_that_is_written_down() {
    let mut room = Room::open("{}");
    room.greet(1);
    room.arrive([hello(true)]);

    let restart = Command::Slot { slot: slot(1), order: SlotOrder::Restart };
    let (answer, round) = room.ask(operator(), restart);
    let sent = round.messages.iter().find(|post| post.topic == Topic::AgentCommand(slot(1)));
    let order: AgentCommand = eg_proto::decode(&sent.unwrap().payload).unwrap();

    assert!(answer.is_ok());
    assert_eq!((order.v, order.order), (PROTOCOL, AgentOrder::Restart));
    assert!(!sent.unwrap().retained && sent.unwrap().expires == Some(order.expires_us));
    let acts = room.entries_of("act");
    assert_eq!(
        (&acts[0].body["name"], &acts[0].body["by"]),
        (&"restart".into(), &"operator".into())
    );
    let again = room.connect().messages;
    assert!(again.iter().all(|post| post.topic != Topic::AgentCommand(slot(1))), "sent once");
}

#[test]
fn an_agent_that_is_old_or_says_no_is_not_restarted() {
    let mut room = Room::open("{}");
    room.greet(1);
    for arrival in [None, Some(hello(false))] {
        room.arrive(arrival);

        let restart = Command::Slot { slot: slot(1), order: SlotOrder::Restart };
        let (answer, round) = room.ask(operator(), restart);

        assert_eq!(answer.unwrap_err().kind, RefusedKind::Conflict);
        assert!(round.messages.is_empty());
    }
    assert!(room.entries_of("act").is_empty());
}

#[test]
fn what_an_agent_tells_of_itself_is_told_again_after_a_crash() {
    let mut room = Room::open("{}");
    room.greet(1);
    room.arrive([hello(true)]);

    room.crash();

    let known = room.state().slots[&slot(1)].clone();
    assert_eq!(known.agent.unwrap().page, Some(5173));
    assert_eq!(known.devices[0].version.as_deref(), Some("0.1.0"));
}

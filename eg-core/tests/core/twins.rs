//! Tests of two machines of one name at the built-in broker, both without a secret.

use crate::Server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// Connects as `slot-01` from this address.
async fn slot_at(house: &Server, address: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{address}:0").parse().unwrap()).unwrap();
    let broker = format!("127.0.0.1:{}", house.config.ports.mqtt).parse().unwrap();
    let mut stream = socket.connect(broker).await.unwrap();
    stream.write_all(b"\x10\x13\0\x04MQTT\x04\x02\0\x3c\0\x07slot-01").await.unwrap();
    stream.read_exact(&mut [0; 4]).await.unwrap();
    stream
}

#[tokio::test]
async fn machines_that_throw_each_other_off_are_named_by_their_addresses() {
    let house = Server::open("compat: true\nrooms: { main: { slots: [slot-01] } }");
    let mut state = house.core().handle().changed();
    let mut there = Vec::new();
    for address in ["127.0.0.2", "127.0.0.3", "127.0.0.2"] {
        there.push(slot_at(&house, address).await);
    }

    let state = state.wait_for(|state| state.slots.values().any(|slot| slot.twin.is_some()));
    let state = state.await.unwrap().clone();

    let twin = state.slots.values().find_map(|slot| slot.twin.clone()).unwrap();
    let addresses: Vec<_> = twin.addresses.iter().map(ToString::to_string).collect();
    assert_eq!(addresses, ["127.0.0.3", "127.0.0.2"]);
    let told = state.troubles.iter().find(|told| told.en.contains("slot-01")).unwrap();
    assert!(told.en.starts_with("Two machines call themselves slot-01 (127.0.0.3, 127.0.0.2)"));
    assert!(told.fr.starts_with("Deux machines s'appellent slot-01 (127.0.0.3, 127.0.0.2)"));
}

#[tokio::test]
async fn a_machine_that_comes_back_before_it_was_missed_is_one() {
    let house = Server::open("compat: true\nrooms: { main: { slots: [slot-01] } }");
    for _ in 0..5 {
        slot_at(&house, "127.0.0.2").await;
    }

    let other = house.player(2).await;
    other.greet().await;
    let mut state = house.core().handle().changed();
    let heard =
        |state: &std::sync::Arc<eg_core::engine::read_model::ReadModel>| state.slots.len() == 2;
    let state = state.wait_for(heard).await.unwrap().clone();

    assert!(state.slots.values().all(|slot| slot.twin.is_none()));
    assert_eq!(state.troubles.len(), 1, "compat itself");
}

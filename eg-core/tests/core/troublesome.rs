//! Tests of a client of the built-in broker that takes too much: the operator reads its name.

use crate::Server;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// PUBLISH (3.1.1) of `x` with QoS 0, retained.
fn retained(topic: &str) -> Vec<u8> {
    let length = u8::try_from(topic.len()).unwrap();
    let mut bytes = vec![0x31, length + 3, 0, length];
    bytes.extend(topic.as_bytes());
    bytes.push(b'x');
    bytes
}

#[tokio::test]
async fn a_client_that_wants_too_much_kept_is_named_to_the_operator() {
    let house = Server::open("compat: true\nrooms: { main: { slots: [slot-01] } }");
    let mut state = house.core().handle().changed();
    let mut mad = TcpStream::connect(("127.0.0.1", house.config.ports.mqtt)).await.unwrap();
    mad.write_all(b"\x10\x0f\0\x04MQTT\x04\x02\0\x3c\0\x03mad").await.unwrap();
    mad.read_exact(&mut [0; 4]).await.unwrap();

    // Beyond what is kept for one owner, which the first three levels name.
    let much: Vec<u8> = (0..300).flat_map(|n| retained(&format!("prop/mad/kept/{n}"))).collect();
    mad.write_all(&much).await.unwrap();

    let wanted = "\"mad\" asks to retain too many messages: passed on, and not retained";
    let is_told = |state: &Arc<eg_core::engine::read_model::ReadModel>| {
        state.troubles.iter().any(|told| told.en == wanted)
    };
    let state = state.wait_for(is_told).await.unwrap().clone();
    let told = state.troubles.iter().find(|told| told.en == wanted).unwrap();
    assert!(told.fr.starts_with("« mad » demande de retenir trop de messages"), "{}", told.fr);
}

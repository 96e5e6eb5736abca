//! Tests of the adoption of a slot: by one press of a key, and its end by a few more.

use crate::browser::ENTER;
use crate::players::secret;
use crate::venue::Venue;
use eg_mqtt::{Client, Credentials, Incoming, Notice, Options, Qos, connect};
use eg_proto::{PairRequest, SlotId, pairing_client, pairing_code};

/// Lets a slot ask to be adopted, as its agent does.
async fn ask(port: u16, slot: &SlotId) -> (Client, Incoming) {
    let mut options = Options::new("127.0.0.1", port, pairing_client(slot));
    let user = "pairing".to_owned();
    options.credentials = Some(Credentials { password: user.clone(), user });
    let (client, mut incoming) = connect(options, []).unwrap();
    while !matches!(incoming.next().await, Some(Notice::Connected { .. })) {}
    let request = PairRequest {
        v: 1,
        slot: slot.clone(),
        version: "0.2.0".to_owned(),
        machine: "pi-left".to_owned(),
        secret_sha256: secret(slot.as_str()).digest(),
        authority_sha256: None,
        mosquitto: None,
        boards: vec!["panel (button-row)".to_owned()],
    };
    let (topic, request) = (format!("eg/pair/{slot}"), eg_proto::encode(&request));
    client.publish(topic, request, Qos::AtLeastOnce, false).await.unwrap();
    (client, incoming)
}

#[tokio::test]
async fn a_slot_that_waits_is_adopted_by_one_press_and_revoked_after_a_question() {
    let venue = Venue::open();
    let slot: SlotId = "slot-07".parse().unwrap();
    let browser = venue.operator("fr").await;
    let _asker = ask(venue.mqtt(), &slot).await;

    browser.reads(&pairing_code(&secret("slot-07").digest(), None)).await;
    browser.reads("pi-left").await;
    browser.tab_to("at.form?.id === 'adopt-slot-07'").await;
    browser.keys([ENTER]).await;
    browser.until("!document.querySelector('#waiting-slot-07')").await;
    browser.until("document.querySelector('#adopted-slot-07')").await;
    let adopted = venue.access().adopted().contains_key(&slot);
    for place in [
        "at.parentElement?.id === 'identity-slot-07'",
        "at.id === 'revoke-slot-07-ask-open'",
        "at.form?.id === 'revoke-slot-07'",
    ] {
        browser.tab_to(place).await;
        browser.keys([ENTER]).await;
    }
    browser.until("!document.querySelector('#adopted-slot-07')").await;

    assert!(adopted && !venue.access().adopted().contains_key(&slot));
    browser.close().await;
}

//! Silence of a core that was stopped where it stood: for the clients of its broker, and for another core that uses it.

use crate::held_port::HeldPort;
use crate::signals::Running;
use eg_mqtt::{DisconnectError, Notice, Options, connect};
use rustix::process::Signal;

#[tokio::test]
async fn a_core_that_is_stopped_is_missed_by_its_slots_and_a_broker_by_its_core() {
    let (folder, held) = (tempfile::tempdir().unwrap(), HeldPort::take());
    let port = held.number;
    let (near, far) = (folder.path().join("near"), folder.path().join("far"));
    for (folder, mqtt) in [(&near, port), (&far, 0)] {
        std::fs::create_dir(folder).unwrap();
        let ports = format!("ports: {{ mqtt: {mqtt}, websocket: 0, api: 0, page: 0 }}\n");
        std::fs::write(folder.join("core.yaml"), format!("compat: true\n{ports}")).unwrap();
    }
    let core = Running::start_with(&near.join("core.yaml"), &[]);
    let broker = [
        ("MQTT_HOST", "127.0.0.1"),
        ("MQTT_PORT", &port.to_string()),
        ("CORE_DEVICE_ID", "core-02"),
    ];
    let mut other = Running::start_with(&far.join("core.yaml"), &broker);
    let (_client, mut slot) = connect(Options::new("127.0.0.1", port, "slot-09"), []).unwrap();
    assert!(matches!(slot.next().await, Some(Notice::Connected { .. })));

    core.signal(Signal::STOP);
    let told = tokio::task::spawn_blocking(move || other.says("the broker is silent"));
    let lost = slot.next().await;
    let told = told.await.unwrap();
    core.signal(Signal::CONT);
    let back = slot.next().await;

    assert!(matches!(lost, Some(Notice::Lost { error: DisconnectError::Silent, .. })), "{lost:?}");
    assert!(told);
    assert!(matches!(back, Some(Notice::Connected { .. })), "{back:?}");
}

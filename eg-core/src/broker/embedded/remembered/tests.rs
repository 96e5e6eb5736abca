use super::*;
use crate::broker::embedded::wire::Level;
use crate::clock::StoppedClock;
use bytes::BytesMut;
use eg_proto::Timestamp;
use tempfile::TempDir;

/// Builds a SUBSCRIBE to these filters with QoS 1; returns it with the length of its fixed header.
fn subscribe(filters: &[&str]) -> (BytesMut, usize) {
    let mut body = vec![0, 1];
    for filter in filters {
        body.extend(u16::try_from(filter.len()).unwrap().to_be_bytes());
        body.extend(filter.as_bytes());
        body.push(1);
    }
    (crate::broker::embedded::wire::packet(0x82, &body), 2)
}

struct Room {
    clock: Arc<StoppedClock>,
    folder: TempDir,
}

impl Room {
    fn new() -> Self {
        let clock = Arc::new(StoppedClock::at(Timestamp(1_764_000_000_000_000)));
        Self { clock, folder: tempfile::tempdir().unwrap() }
    }

    fn memory(&self) -> Remembered {
        let file = self.folder.path().join("eg.clients.json");
        Remembered::open(Remember { file, clock: Arc::clone(&self.clock) as Arc<dyn Clock> })
    }
}

fn talk(memory: &Remembered, id: &str) -> Talk {
    Talk::new(memory.clone(), id.to_owned(), Some("eg/dev/slot-01/status".to_owned()))
}

/// Returns the packets that are made for a client that connects again.
fn resumed(memory: &Remembered, id: &str) -> String {
    String::from_utf8_lossy(&talk(memory, id).resume(Level::V4)).into_owned()
}

fn says(talk: &mut Talk, (packet, header): (BytesMut, usize)) -> String {
    String::from_utf8_lossy(&talk.said(&packet, header, Level::V4)).into_owned()
}

#[tokio::test]
async fn a_client_that_only_connects_again_has_its_subscriptions_after_a_restart() {
    let room = Room::new();
    let memory = room.memory();
    let mut before = talk(&memory, "slot-01");
    says(&mut before, subscribe(&["eg/state/mode", "eg/night/#"]));
    let online = b"\x31\x1d\x00\x15eg/dev/slot-01/statusonline";
    before.said(online, 2, Level::V4);
    memory.write().await;

    let said = resumed(&room.memory(), "slot-01");

    assert!(said.contains("eg/state/mode") && said.contains("eg/night/#"), "{said:?}");
    assert!(said.starts_with("1\u{1d}\0\u{15}eg/dev/slot-01/statusonline"), "{said:?}");
    assert_eq!(resumed(&room.memory(), "slot-02"), "");
}

#[test]
fn a_client_that_speaks_for_itself_is_served_as_it_asks() {
    let memory = Room::new().memory();
    says(&mut talk(&memory, "page"), subscribe(&["a", "b"]));
    let mut again = talk(&memory, "page");
    again.resume(Level::V4);

    let before = says(&mut again, subscribe(&["b", "c"]));
    let after = says(&mut again, subscribe(&["d"]));

    assert_eq!(before, String::from_utf8_lossy(b"\xa2\x05\xff\xf1\x00\x01a"));
    assert_eq!(after, "");
    assert!(again.is_answer_to_us(&[0xb0, 2, 0xff, 0xf1], 2));
    assert!(!again.is_answer_to_us(&[0xb0, 2, 0xff, 0xf1], 2));
    let kept: Vec<String> = memory.clients()["page"].filters.keys().cloned().collect();
    assert_eq!(kept, ["b", "c", "d"]);
}

#[test]
fn a_client_that_said_goodbye_or_stays_away_is_forgotten() {
    let room = Room::new();
    let memory = room.memory();
    for id in ["leaves", "cut", "late"] {
        says(&mut talk(&memory, id), subscribe(&["a"]));
    }

    talk(&memory, "leaves").said(&[0xe0, 0], 2, Level::V4);
    talk(&memory, "cut").said(&[0xe0, 1, 4], 2, Level::V5);
    let soon = [resumed(&memory, "leaves"), resumed(&memory, "cut")];
    room.clock.pass(KEPT);

    assert!(soon[0].is_empty() && !soon[1].is_empty(), "{soon:?}");
    assert_eq!(resumed(&memory, "late"), "");
}

#[test]
fn what_is_remembered_is_bounded() {
    let room = Room::new();
    let memory = room.memory();
    let many: Vec<String> = (0..2 * FILTERS).map(|n| format!("t/{n:03}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();

    for n in 0..CLIENTS + 5 {
        room.clock.pass(Duration::from_secs(1));
        says(&mut talk(&memory, &format!("client-{n}")), subscribe(&["a"]));
    }
    let (packet, _) = subscribe(&many);
    talk(&memory, "greedy").said(&packet, packet.len() - 2 - many.len() * 8, Level::V4);

    assert_eq!(memory.clients().len(), CLIENTS);
    assert!(!memory.clients().contains_key("client-0"));
    assert_eq!(memory.clients()["greedy"].filters.len(), FILTERS);
}

#[test]
fn a_file_that_makes_no_sense_is_begun_anew() {
    let room = Room::new();
    std::fs::write(room.folder.path().join("eg.clients.json"), "{\"v\":1,").unwrap();

    assert!(room.memory().clients().is_empty());
}

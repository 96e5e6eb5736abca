use super::*;
use crate::broker::trouble::ClientTrouble;
use mqtt5::QoS;
use mqtt5::broker::storage::{MemoryBackend, QueueLimits, QueuedMessage, StorageBackend};
use mqtt5::packet::publish::PublishPacket;
use tokio::sync::mpsc;

const LIMIT: usize = 1_000_000;

struct Room {
    budget: Budget,
    storage: MemoryBackend,
    told: mpsc::Receiver<ClientTrouble>,
}

impl Room {
    fn new() -> Self {
        let (sender, told) = mpsc::channel(99);
        let budget = Budget::new(LIMIT, Alarms::new(Some(sender)));
        let queues = QueueLimits { max_messages: 100_000, max_bytes: 64 << 20 };
        Self { budget, storage: MemoryBackend::with_queue_limits(queues), told }
    }

    fn connect(&self, id: &str, filter: &str) -> oneshot::Receiver<()> {
        let dismissed = self.budget.enter(id, self.storage.queue_handle(id));
        self.budget.subscribe(id, filter);
        dismissed
    }

    /// Publishes so many messages, which wait for each of these clients.
    fn publish(&self, count: usize, payload: usize, waits_for: &[&str]) -> Vec<String> {
        let mut away = Vec::new();
        for _ in 0..count {
            away.extend(self.budget.published("eg/dev/a/input/event", payload));
            for id in waits_for {
                let message =
                    PublishPacket::new("eg/dev/a/input/event", vec![0; payload], QoS::AtLeastOnce);
                let queued = QueuedMessage::new(message, (*id).to_owned(), QoS::AtLeastOnce, None);
                self.storage.queue_handle(id).push(queued);
            }
        }
        away
    }

    fn told(&mut self) -> Vec<String> {
        let mut told = Vec::new();
        while let Ok(trouble) = self.told.try_recv() {
            told.push(trouble.client_id);
        }
        told
    }
}

#[tokio::test]
async fn the_client_for_whom_most_waits_is_let_go_and_named_and_the_others_stay() {
    let mut room = Room::new();
    let mut greedy = room.connect("greedy", "#");
    let mut modest = room.connect("modest", "eg/dev/+/input/event");
    room.publish(100, 400, &["greedy", "modest"]);

    room.publish(3_000, 400, &["greedy"]);

    assert_eq!(greedy.try_recv(), Ok(()));
    assert!(modest.try_recv().is_err());
    assert_eq!(room.told(), ["greedy"]);
    assert_eq!(room.storage.queue_handle("modest").count(), 100);
}

#[tokio::test]
async fn twenty_that_never_read_stay_within_the_sum() {
    let room = Room::new();
    let ids: Vec<String> = (0..20).map(|n| format!("silent-{n}")).collect();
    let mut alive: Vec<_> = ids.iter().map(|id| (id.as_str(), room.connect(id, "#"))).collect();

    for _ in 0..3_000 {
        let waits_for: Vec<&str> = alive.iter().map(|(id, _)| *id).collect();
        room.publish(1, 4_000, &waits_for);
        assert!(room.budget.waiting() <= LIMIT + 20 * 5_000, "{}", room.budget.waiting());
        alive.retain_mut(|(_, dismissed)| dismissed.try_recv() != Ok(()));
    }

    assert!(alive.is_empty());
}

#[tokio::test]
async fn the_greediest_of_thousands_is_let_go() {
    let mut room = Room::new();
    let mut quiet: Vec<_> = (0..1_000).map(|n| room.connect(&format!("c{n}"), "x/#")).collect();
    let mut greedy = room.connect("greedy", "#");

    for _ in 0..40 {
        room.publish(100, 1_000, &["greedy"]);
    }

    assert_eq!(greedy.try_recv(), Ok(()));
    assert_eq!(room.told(), ["greedy"]);
    assert!(quiet.iter_mut().all(|dismissed| dismissed.try_recv().is_err()));
}

#[tokio::test]
async fn the_session_of_a_client_that_is_away_ends_when_it_is_the_greediest() {
    let room = Room::new();
    let gone = room.connect("gone", "#");
    assert_eq!(room.budget.leave("gone", true, 10), None);
    drop(gone);

    let away = room.publish(3_000, 400, &["gone"]);

    assert_eq!(away, ["gone"]);
}

#[tokio::test]
async fn what_is_sent_and_never_acknowledged_counts() {
    let room = Room::new();
    let mut reader = room.connect("reader", "#");

    for packet in 1..=4 {
        room.budget.sent("reader", packet, 240_000);
    }
    room.budget.acknowledged("reader", 1);
    room.publish(1, 10, &[]);
    assert!(reader.try_recv().is_err());
    room.budget.sent("reader", 5, 240_000);
    room.budget.sent("reader", 6, 240_000);
    room.publish(1, 10, &[]);

    assert_eq!(reader.try_recv(), Ok(()));
}

#[tokio::test]
async fn sessions_are_bounded_and_the_one_away_longest_goes() {
    let room = Room::new();
    let ended: Vec<_> = ["a", "b", "c", "d"]
        .iter()
        .map(|id| {
            drop(room.connect(id, "#"));
            room.budget.leave(id, true, 2)
        })
        .collect();

    assert_eq!(ended, [None, None, Some("a".to_owned()), Some("b".to_owned())]);
}

#[tokio::test]
async fn a_connection_that_was_taken_over_leaves_the_account_to_the_new_one() {
    let room = Room::new();
    let _before = room.connect("a", "#");
    let mut after = room.connect("a", "#");

    room.budget.leave("a", false, 10);
    room.publish(3_000, 400, &["a"]);

    assert_eq!(after.try_recv(), Ok(()));
}

#[test]
fn a_shared_subscription_counts_by_its_filter() {
    assert_eq!(
        [plain("$share/g/eg/#"), plain("eg/#"), plain("$share")],
        ["eg/#", "eg/#", "$share"]
    );
}

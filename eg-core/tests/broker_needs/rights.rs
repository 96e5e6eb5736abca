//! The matrix of rights, tried on both brokers by what is delivered: a broker of MQTT 3.1.1 acknowledges what it drops.

use std::collections::BTreeSet;
use std::sync::Arc;

use eg_core::access::matrix::{Row, Who, matrix};
use eg_core::access::mosquitto::{CORE_SECRET, MosquittoFiles};
use eg_core::access::{Access, AccessOptions, Acl};
use eg_core::clock::SteadyClock;
use eg_proto::{Secret, SlotId, Topics};
use rumqttc::QoS;
use tempfile::TempDir;

use crate::clients::{Plain, Wish};
use crate::under_test::Target;

/// Topic of the core that everybody may read: the last word of a round.
const LAST: &str = "eg/core/hello";

struct Guarded {
    target: Target,
    is_mosquitto: bool,
    core: (String, String),
    rows: Vec<Row>,
    _folder: TempDir,
}

fn secret(who: Who) -> Secret {
    Secret::from_random([who as u8; 26])
}

impl Guarded {
    fn new(is_mosquitto: bool, compat: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options =
            AccessOptions { topics: Topics::default(), core: "core-01".to_owned(), compat };
        let clock = Arc::new(SteadyClock::default());
        let access = Access::open(&folder.path().join("account.db"), options, clock).unwrap();
        for (slot, who) in
            [("slot-01", Who::Slot), ("slot-02", Who::Other), ("slot-03", Who::Revoked)]
        {
            let (slot, secret) = (SlotId::new(slot).unwrap(), secret(who));
            let hash = Some(secret.mosquitto([9; 12]));
            access.enlist(&slot, secret.digest(), hash, "", "test").unwrap();
        }
        access.revoke(&SlotId::new("slot-03").unwrap(), "test").unwrap();
        let rows = matrix(&Acl::new(Topics::default()));
        let (target, core) = if is_mosquitto {
            let files = MosquittoFiles::new(folder.path(), "core-01", compat);
            files.write_settings().unwrap();
            files.write(access.acl(), &access.adopted()).unwrap();
            let password = std::fs::read_to_string(files.path(CORE_SECRET)).unwrap();
            (
                Target::guarded_mosquitto(folder.path()),
                ("core-01".to_owned(), password.trim().to_owned()),
            )
        } else {
            let own = access.own_credentials();
            (Target::guarded_embedded(Arc::new(access)), (own.user, own.password))
        };
        Self { target, is_mosquitto, core, rows, _folder: folder }
    }

    async fn core(&self) -> Plain {
        let (user, password) = &self.core;
        let credentials = Some((user.as_str(), password.as_str()));
        let wish = Wish { credentials, ..Wish::new("core-01") };
        let core = Plain::try_connect(self.target.port(), wish).await.expect("the core is let in");
        core.subscribe("#", QoS::AtLeastOnce).await;
        core
    }

    async fn connect(&self, who: Who, will: Option<&str>) -> Option<Plain> {
        let secret = secret(who);
        let (id, credentials) = match who {
            Who::Nobody => ("stranger", None),
            Who::Guest => ("page", None),
            Who::Pairing => ("pair-slot-09", Some(("pairing", "pairing"))),
            Who::Slot => ("slot-01", Some(("slot-01", secret.expose()))),
            Who::Other => ("slot-02", Some(("slot-02", secret.expose()))),
            Who::Revoked => ("slot-03", Some(("slot-03", secret.expose()))),
            Who::Core => panic!("the core looks on"),
        };
        let will = will.map(|topic| (topic, false));
        Plain::try_connect(self.target.port(), Wish { will, credentials, ..Wish::new(id) }).await
    }

    /// Topics of the matrix, with what `who` may do there.
    fn topics(&self, who: Who) -> impl Iterator<Item = (&str, bool, bool)> {
        let rows = self.rows.iter().filter(|row| !row.filter && row.topic != LAST);
        rows.map(move |row| {
            let right = row.rights.iter().find(|right| right.who == who).unwrap();
            // Mosquitto denies both ways, and has no word for "everything else".
            let adopted = ["eg/dev/slot-01/", "eg/dev/slot-02/"];
            let own = adopted.iter().any(|start| row.topic.starts_with(start));
            let cannot = self.is_mosquitto && who == Who::Guest;
            let publish = right.publish && !(cannot && row.topic == "prop/door");
            (row.topic.as_str(), publish, right.subscribe && !(cannot && own))
        })
    }

    fn may_publish(&self, who: Who) -> BTreeSet<String> {
        self.topics(who)
            .filter(|(_, publish, _)| *publish)
            .map(|(topic, ..)| topic.to_owned())
            .collect()
    }
}

/// Reads until the core's own last word. Returns the topics of what came with this payload, and of what was retained.
async fn heard(core: &mut Plain, payload: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    core.publish(LAST, "last", QoS::AtLeastOnce, false).await;
    let (mut live, mut kept) = (BTreeSet::new(), BTreeSet::new());
    loop {
        let came = core.next().await;
        if came.topic == LAST && came.payload == "last" {
            return (live, kept);
        }
        if came.payload == payload {
            if came.retained {
                kept.insert(came.topic)
            } else {
                live.insert(came.topic)
            };
        }
    }
}

fn matches(filter: &str, topic: &str) -> bool {
    let filter = filter.strip_prefix("$share/g/").unwrap_or(filter);
    let (mut levels, mut found) = (filter.split('/'), topic.split('/'));
    loop {
        match (levels.next(), found.next()) {
            (Some("#"), _) | (None, None) => return true,
            (Some("+"), Some(_)) => {}
            (Some(level), Some(text)) if level == text => {}
            _ => return false,
        }
    }
}

async fn publications(guarded: &Guarded, who: Who) {
    let mut core = guarded.core().await;
    for (topic, ..) in guarded.topics(who) {
        // Mosquitto ends the connection after what it denies.
        let client = guarded.connect(who, None).await.unwrap();
        client.try_publish(topic, "probe", QoS::AtLeastOnce, true).await;
        client.cut().await;
    }
    let (live, _) = heard(&mut core, "probe").await;
    core.subscribe("#", QoS::AtLeastOnce).await;
    let (_, kept) = heard(&mut core, "probe").await;

    let wanted = guarded.may_publish(who);
    assert_eq!(live, wanted, "{who:?} publishes");
    assert_eq!(kept, wanted, "{who:?} leaves something behind");
    for topic in &wanted {
        core.publish(topic, "", QoS::AtLeastOnce, true).await;
    }
    core.leave().await;
}

async fn wills(guarded: &Guarded, who: Who) {
    let mut core = guarded.core().await;
    let wanted = guarded.may_publish(who);
    let mut seen = BTreeSet::new();
    for (topic, may, _) in guarded.topics(who) {
        let client = guarded.connect(who, Some(topic)).await;
        if !guarded.is_mosquitto {
            assert_eq!(client.is_some(), may, "{who:?} with a will on {topic}");
        }
        if let Some(client) = client {
            client.cut().await;
        }
        if may {
            let came = core.next().await;
            assert_eq!(came.payload, "gone");
            seen.insert(came.topic);
        }
    }
    // Whoever comes under the same name ends what was left of the one before.
    guarded.connect(who, None).await.unwrap().leave().await;
    let (more, _) = heard(&mut core, "gone").await;

    assert_eq!(seen, wanted, "{who:?}");
    assert_eq!(more, BTreeSet::new(), "{who:?}");
    core.leave().await;
}

async fn subscriptions(guarded: &Guarded, who: Who) {
    let core = guarded.core().await;
    for row in guarded.rows.iter().filter(|row| row.topic != LAST) {
        let filter = &row.topic;
        let mut client = guarded.connect(who, None).await.unwrap();
        client.subscribe(LAST, QoS::AtLeastOnce).await;
        let granted = client.try_subscribe(filter, QoS::AtLeastOnce).await;
        let right = row.rights.iter().find(|right| right.who == who).unwrap().subscribe;
        let matched: Vec<_> =
            guarded.topics(who).filter(|(topic, ..)| matches(filter, topic)).collect();
        let wanted: BTreeSet<String> = matched
            .iter()
            .filter(|(_, _, subscribe)| if guarded.is_mosquitto { *subscribe } else { right })
            .map(|(topic, ..)| (*topic).to_owned())
            .collect();
        if !guarded.is_mosquitto {
            assert_eq!(granted, right, "{who:?} {filter}");
        }

        for (topic, ..) in matched {
            core.publish(topic, "probe", QoS::AtLeastOnce, false).await;
        }
        core.publish(LAST, "last", QoS::AtLeastOnce, false).await;
        let mut found = BTreeSet::new();
        loop {
            let came = client.next().await;
            match came.payload.as_str() {
                "last" if came.topic == LAST => break,
                "probe" => drop(found.insert(came.topic)),
                _ => {}
            }
        }

        assert_eq!(found, wanted, "{who:?} {filter}");
        client.leave().await;
    }
    core.leave().await;
}

async fn holds(guarded: &Guarded, all: &[Who]) {
    for who in all {
        publications(guarded, *who).await;
        wills(guarded, *who).await;
        subscriptions(guarded, *who).await;
    }
}

async fn holds_in_a_paired_room(is_mosquitto: bool) {
    let guarded = Guarded::new(is_mosquitto, false);

    for who in [Who::Nobody, Who::Revoked] {
        assert!(guarded.connect(who, None).await.is_none(), "{who:?} gets in");
    }
    holds(&guarded, &[Who::Pairing, Who::Slot, Who::Other]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_matrix_of_rights_holds_at_the_built_in_broker() {
    holds_in_a_paired_room(false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_matrix_of_rights_holds_at_mosquitto() {
    holds_in_a_paired_room(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_matrix_of_rights_holds_for_guests_of_the_old_contract_at_the_built_in_broker() {
    holds(&Guarded::new(false, true), &[Who::Guest]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_matrix_of_rights_holds_for_guests_of_the_old_contract_at_mosquitto() {
    holds(&Guarded::new(true, true), &[Who::Guest]).await;
}

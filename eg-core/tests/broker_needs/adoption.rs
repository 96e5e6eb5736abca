//! Adoption of a slot over a Mosquitto whose files the core keeps.

use std::io::Write;
use std::sync::{Arc, mpsc};

use eg_core::access::mosquitto::{CORE_SECRET, MosquittoFiles, PASSWORDS};
use eg_core::access::{Access, AccessOptions};
use eg_core::clock::SteadyClock;
use eg_core::config::{BrokerConfig, CoreConfig, Environment};
use eg_core::journal::Kind;
use eg_core::server::Core;
use eg_mqtt::Credentials;
use eg_proto::{
    NotAdopted, PairAnswer, PairRequest, Presence, Secret, SlotId, Topics, decode, encode,
};
use rumqttc::QoS;
use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::clients::{Plain, Wish};
use crate::held_port::HeldPort;
use crate::under_test::Target;
use crate::{GUARD, guarded};

/// Connects as a slot, as soon as Mosquitto lets it in.
async fn let_in(port: u16, wish: Wish<'_>) -> Plain {
    let until = tokio::time::Instant::now() + GUARD;
    while tokio::time::Instant::now() < until {
        let wish =
            Wish { id: wish.id, clean: wish.clean, will: wish.will, credentials: wish.credentials };
        if let Some(client) = Plain::try_connect(port, wish).await {
            return client;
        }
    }
    panic!("Mosquitto does not let {} in", wish.id);
}

/// Puts a pipe in the place of the core's secret, so that who writes the files for Mosquitto waits for it. The first
/// time, it is told through the receiver, and lasts until the sender goes.
fn piped_secret(files: &MosquittoFiles) -> (mpsc::Receiver<()>, mpsc::Sender<()>) {
    let path = files.path(CORE_SECRET);
    let secret = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let ((tell, asked), (go, goes)) = (mpsc::channel(), mpsc::channel::<()>());
    std::thread::spawn(move || {
        loop {
            // Opens once somebody reads.
            let mut pipe = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
            // The test may have heard enough.
            let _ = tell.send(());
            let _ = goes.recv();
            pipe.write_all(&secret).unwrap();
        }
    });
    (asked, go)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mosquitto_can_know_of_an_adoption_before_the_journal_tells_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = CoreConfig::without_file(&Environment::default()).unwrap();
    config.db = folder.path().join("eg.db");
    let files = MosquittoFiles::new(folder.path().join("mosquitto"), "core-01", false);
    files.write_settings().unwrap();
    let (asked, go) = piped_secret(&files);
    let nobody = HeldPort::take();
    config.broker = BrokerConfig::External {
        host: "127.0.0.1".to_owned(),
        port: nobody.number,
        credentials: None,
        authority: None,
        mosquitto: Some(folder.path().join("mosquitto")),
    };
    let clock = Arc::new(SteadyClock::default());
    let core = tokio::task::block_in_place(|| Core::start(&config, clock).unwrap());
    let mut live = core.handle().live();

    // The files are being written, for those who were adopted until now.
    tokio::task::block_in_place(|| asked.recv().unwrap());
    let (slot, secret) = ("slot-05".parse().unwrap(), Secret::from_random([5; 26]));
    let hash = Some(secret.mosquitto([5; 12]));
    core.access().enlist(&slot, secret.digest(), hash, "pi", "operator").unwrap();
    drop(go);
    while guarded("the act", live.recv()).await.unwrap().kind != Kind::Act {}

    let passwords = std::fs::read_to_string(files.path(PASSWORDS)).unwrap();
    assert!(passwords.contains("slot-05:"), "{passwords}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slot_is_adopted_and_revoked_over_mosquitto() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = CoreConfig::without_file(&Environment::default()).unwrap();
    config.db = folder.path().join("eg.db");
    let clock = Arc::new(SteadyClock::default());
    let files = MosquittoFiles::new(folder.path().join("mosquitto"), "core-01", false);
    {
        let options =
            AccessOptions { topics: Topics::default(), core: "core-01".to_owned(), compat: false };
        let account = folder.path().join("eg.account.db");
        let access = Access::open(&account, options, clock.clone()).unwrap();
        files.write_settings().unwrap();
        files.write(access.acl(), &access.adopted()).unwrap();
    }
    let target = Target::guarded_mosquitto(&folder.path().join("mosquitto"));
    let password = std::fs::read_to_string(files.path(CORE_SECRET)).unwrap().trim().to_owned();
    config.broker = BrokerConfig::External {
        host: "127.0.0.1".to_owned(),
        port: target.port(),
        credentials: Some(Credentials { user: "core-01".to_owned(), password }),
        authority: None,
        mosquitto: Some(folder.path().join("mosquitto")),
    };
    let core = tokio::task::block_in_place(|| Core::start(&config, clock).unwrap());
    let (handle, access) = (core.handle(), core.access());
    let slot: SlotId = "slot-05".parse().unwrap();
    let secret = Secret::from_random([5; 26]);
    let request = PairRequest {
        v: 1,
        slot: slot.clone(),
        version: String::new(),
        machine: String::new(),
        secret_sha256: secret.digest(),
        authority_sha256: None,
        mosquitto: Some(secret.mosquitto([5; 12])),
        boards: Vec::new(),
    };

    let pairing = Wish { credentials: Some(("pairing", "pairing")), ..Wish::new("pair-slot-05") };
    let mut waiting = Plain::try_connect(target.port(), pairing).await.expect("anybody may ask");
    waiting.subscribe("eg/pair/slot-05/answer", QoS::AtLeastOnce).await;
    waiting.subscribe("eg/core/hello", QoS::AtLeastOnce).await;
    let asked = String::from_utf8(encode(&request)).unwrap();
    // As an agent does, again when the core has come: it may not have listened yet.
    waiting.publish("eg/pair/slot-05", &asked, QoS::AtLeastOnce, false).await;
    let mut answer = waiting.next_text().await;
    while answer.0 != "eg/pair/slot-05/answer" {
        waiting.publish("eg/pair/slot-05", &asked, QoS::AtLeastOnce, false).await;
        answer = waiting.next_text().await;
    }
    let told: PairAnswer = decode(answer.1.as_bytes()).unwrap();
    assert_eq!((told.adopted, told.why), (false, Some(NotAdopted::Unknown)));
    let mut live = handle.live();
    let code = access.waiting()[&slot].code.clone();
    tokio::task::block_in_place(|| access.adopt(&slot, &code, "operator").unwrap());
    // The files are written before the journal is told.
    while guarded("the act", live.recv()).await.unwrap().kind != Kind::Act {}
    target.reload();

    let mine = Wish { credentials: Some(("slot-05", secret.expose())), ..Wish::new("slot-05") };
    let agent = let_in(target.port(), mine).await;
    agent.publish("eg/dev/slot-05/status", "online", QoS::AtLeastOnce, true).await;
    let mut state = handle.changed();
    let online = state.wait_for(|state| {
        state.slots.get(&slot).is_some_and(|slot| slot.presence == Presence::Online)
    });
    guarded("the slot", online).await.unwrap();

    tokio::task::block_in_place(|| access.revoke(&slot, "operator").unwrap());
    while guarded("the act", live.recv()).await.unwrap().kind != Kind::Act {}
    target.reload();
    agent.closed().await;
}

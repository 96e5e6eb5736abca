use super::*;
use crate::audit::Author;
use crate::clock::StoppedClock;
use eg_proto::{NotAdopted, PairRequest};
use std::time::Duration;
use tempfile::TempDir;

struct Room {
    folder: TempDir,
    clock: Arc<StoppedClock>,
    access: Access,
}

fn open(folder: &TempDir, clock: &Arc<StoppedClock>, compat: bool) -> Access {
    let (topics, core) = (Topics::default(), "core-01".to_owned());
    let options = AccessOptions { topics, core, compat };
    Access::open(&folder.path().join("account.db"), options, clock.clone()).unwrap()
}

impl Room {
    fn new(compat: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(StoppedClock::at(Timestamp(1_764_000_000_000_000)));
        let access = open(&folder, &clock, compat);
        Self { folder, clock, access }
    }

    fn adopt(&self, slot: &str, secret: &Secret) {
        let slot: SlotId = slot.parse().unwrap();
        assert!(!self.access.pair(&slot, request(&slot, secret)).adopted);
        let code = self.access.waiting()[&slot].code.clone();
        self.access.adopt(&slot, &code, "operator").unwrap();
    }

    fn admit(
        &self,
        client: &str,
        user: &str,
        password: &str,
    ) -> Result<ClientIdentity, RefusalKind> {
        let (user, password) = (Some(user), Some(password.as_bytes()));
        let claim = Claim { client, user, password, will: None, address: HERE };
        self.access.admit(&claim).map(|admitted| admitted.identity)
    }
}

const HERE: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn secret(number: u8) -> Secret {
    Secret::from_random([number; 26])
}

fn slot(id: &str) -> SlotId {
    id.parse().unwrap()
}

fn request(slot: &SlotId, secret: &Secret) -> PairRequest {
    PairRequest {
        v: 1,
        slot: slot.clone(),
        version: "0.2.0".to_owned(),
        machine: "pi-01".to_owned(),
        secret_sha256: secret.digest(),
        authority_sha256: None,
        mosquitto: Some(secret.mosquitto([1; 12])),
        boards: Vec::new(),
    }
}

#[test]
fn an_adopted_slot_is_let_in_with_its_secret_and_nobody_else_as_it() {
    let room = Room::new(false);
    room.adopt("slot-01", &secret(1));
    room.adopt("slot-02", &secret(2));
    let (one, two) = (secret(1), secret(2));

    assert_eq!(
        room.admit("slot-01", "slot-01", one.expose()),
        Ok(ClientIdentity::Slot(slot("slot-01")))
    );
    for (client, user, password, why) in [
        ("slot-01", "slot-01", two.expose(), RefusalKind::OtherSecret),
        ("slot-01", "slot-01", "", RefusalKind::OtherSecret),
        ("slot-01", "slot-02", two.expose(), RefusalKind::TakenId),
        ("slot-02", "slot-01", one.expose(), RefusalKind::TakenId),
        ("other", "slot-01", one.expose(), RefusalKind::Unknown),
        ("", "slot-01", one.expose(), RefusalKind::Unknown),
        ("slot-03", "slot-03", one.expose(), RefusalKind::Unknown),
        ("core-01", "slot-01", one.expose(), RefusalKind::TakenId),
        ("core-01", "core-01", one.expose(), RefusalKind::TakenId),
        ("core-01", "pairing", "pairing", RefusalKind::TakenId),
        ("slot-01", "pairing", "pairing", RefusalKind::TakenId),
        ("pair-", "pairing", "pairing", RefusalKind::Unknown),
        ("pair-slot-01", "pairing", "other", RefusalKind::Unknown),
        ("pair-slot-01", "pair-slot-01", "pairing", RefusalKind::Unknown),
        ("SLOT-01", "SLOT-01", one.expose(), RefusalKind::Unknown),
    ] {
        assert_eq!(room.admit(client, user, password), Err(why), "{client} {user}");
    }
    let own = room.access.own_credentials();
    assert_eq!(room.admit("core-01", &own.user, &own.password), Ok(ClientIdentity::Core));
    let waits = room.admit("pair-slot-09", "pairing", "pairing");
    assert_eq!(waits, Ok(ClientIdentity::Pairing(slot("slot-09"))));
}

#[test]
fn without_a_secret_nobody_is_let_in_but_under_compat_and_never_as_somebody() {
    let (room, old) = (Room::new(false), Room::new(true));
    old.adopt("slot-01", &secret(1));
    let bare = |room: &Room, client: &str| {
        let claim = Claim { client, user: None, password: None, will: None, address: HERE };
        room.access.admit(&claim).map(|admitted| admitted.identity)
    };

    assert_eq!(bare(&room, "slot-02"), Err(RefusalKind::NoSecret));
    assert_eq!(bare(&old, "slot-02"), Ok(ClientIdentity::Guest));
    assert_eq!(bare(&old, ""), Ok(ClientIdentity::Guest));
    assert_eq!(bare(&old, "slot-01"), Err(RefusalKind::TakenId));
    assert_eq!(bare(&old, "core-01"), Err(RefusalKind::TakenId));
    assert_eq!(bare(&old, "pair-slot-01"), Err(RefusalKind::Unknown));
    assert_eq!(room.access.refusals()[0].client, "slot-02");
}

#[test]
fn a_will_on_somebody_elses_topic_is_no_way_in() {
    let room = Room::new(false);
    room.adopt("slot-01", &secret(1));
    let secret = secret(1);
    let claim = |will| Claim {
        client: "slot-01",
        user: Some("slot-01"),
        password: Some(secret.expose().as_bytes()),
        will: Some(will),
        address: HERE,
    };

    assert!(room.access.admit(&claim("eg/dev/slot-01/status")).is_ok());
    for will in ["eg/dev/slot-02/status", "eg/dev/slot-01/cmd", "eg/core/hello", ""] {
        assert_eq!(room.access.admit(&claim(will)), Err(RefusalKind::Will), "{will}");
    }
    assert_eq!(room.access.alerts().len(), 1);
}

#[test]
fn only_the_secret_that_the_operator_saw_is_adopted() {
    let room = Room::new(false);
    let one = slot("slot-01");
    room.access.pair(&one, request(&one, &secret(1)));
    let seen = room.access.waiting()[&one].code.clone();

    room.access.pair(&one, request(&one, &secret(2)));
    let error = room.access.adopt(&one, &seen, "operator").unwrap_err();

    assert!(matches!(error, AccessError::OtherCode { .. }), "{error}");
    assert!(room.access.adopted().is_empty());
    let now = room.access.waiting()[&one].code.to_lowercase().replace('-', " ");
    room.access.adopt(&one, &now, "operator").unwrap();
    assert_eq!(room.access.take_answers(), [(one.clone(), PairAnswer::adopted("core-01"))]);
    assert!(room.access.waiting().is_empty());
    assert!(room.access.pair(&one, request(&one, &secret(2))).adopted);
    let core = slot("core-01");
    assert!(!room.access.pair(&core, request(&core, &secret(3))).adopted);
    assert!(room.access.waiting().is_empty());
    let strange = room.access.pair(&slot("slot-05"), request(&slot("slot-06"), &secret(3)));
    assert_eq!(strange.why, Some(NotAdopted::Unknown));
}

#[test]
fn a_new_card_in_an_old_place_ends_the_old_one() {
    let room = Room::new(false);
    room.adopt("slot-01", &secret(1));
    room.access.label(&slot("slot-01"), "left table", "operator").unwrap();
    let old = secret(1);
    let claim = Claim {
        client: "slot-01",
        user: Some("slot-01"),
        password: Some(old.expose().as_bytes()),
        will: None,
        address: HERE,
    };
    let before = room.access.admit(&claim).unwrap();

    let answer = room.access.pair(&slot("slot-01"), request(&slot("slot-01"), &secret(2)));
    room.adopt("slot-01", &secret(2));

    assert_eq!(answer.why, Some(NotAdopted::OtherSecret));
    assert!(!room.access.still_admits("slot-01", &before), "its connection is cut");
    assert_eq!(room.admit("slot-01", "slot-01", secret(1).expose()), Err(RefusalKind::Revoked));
    assert!(room.admit("slot-01", "slot-01", secret(2).expose()).is_ok());
    assert_eq!(room.access.adopted()[&slot("slot-01")].label, "left table");
    let again = room.access.pair(&slot("slot-01"), request(&slot("slot-01"), &secret(1)));
    assert_eq!(again.why, Some(NotAdopted::Revoked));
}

#[test]
fn what_was_decided_outlives_the_core_and_waits_for_the_journal() {
    let room = Room::new(false);
    room.adopt("slot-01", &secret(1));
    room.adopt("slot-02", &secret(2));
    room.access.revoke(&slot("slot-02"), "command (pi)").unwrap();
    let acts = room.access.acts().unwrap();
    room.access.forget_acts(acts[0].0).unwrap();

    let Room { folder, clock, access } = room;
    drop(access);
    let access = open(&folder, &clock, false);

    assert_eq!(access.adopted().keys().collect::<Vec<_>>(), [&slot("slot-01")]);
    let revoked = access.pair(&slot("slot-02"), request(&slot("slot-02"), &secret(2)));
    assert_eq!(revoked.why, Some(NotAdopted::Revoked));
    let left: Vec<_> =
        access.acts().unwrap().into_iter().map(|(_, act)| (act.name, act.by.name)).collect();
    let wanted = [("adopt", "operator"), ("revoke", "command (pi)")];
    assert_eq!(left, wanted.map(|(name, by)| (name.to_owned(), by.to_owned())));
    assert!(matches!(access.revoke(&slot("slot-02"), "x"), Err(AccessError::NotAdopted(_))));
}

#[test]
fn every_decision_about_a_slot_stands_in_the_audit_trail_with_the_address_it_came_from() {
    let room = Room::new(false);
    room.adopt("slot-01", &secret(1));
    room.adopt("slot-01", &secret(2));
    let anna = Author::at("anna", [192, 168, 1, 9].into());
    room.access.label(&slot("slot-01"), "left table", anna.clone()).unwrap();
    room.access.revoke(&slot("slot-01"), anna).unwrap();

    let file = rusqlite::Connection::open(room.folder.path().join("account.db")).unwrap();
    let trail = crate::audit::read(&file, i64::MAX, 10).unwrap();
    let told: Vec<_> = trail
        .iter()
        .map(|one| format!("{} {} {} {}", one.by, one.address, one.act, one.about))
        .collect();
    let wanted = [
        "anna 192.168.1.9 slot-revoke slot-01",
        "anna 192.168.1.9 slot-label slot-01",
        "operator  slot-replace slot-01",
        "operator  slot-adopt slot-01",
    ];
    assert_eq!(told, wanted);
    assert_eq!(trail[1].detail, "left table");
}

#[test]
fn no_secret_stands_in_the_file_and_nobody_else_may_read_it() {
    let room = Room::new(false);
    let secret = secret(1);
    room.adopt("slot-01", &secret);
    let Room { folder, access, .. } = room;
    drop(access);

    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let bytes = std::fs::read(entry.path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(secret.expose()), "{:?}", entry.path());
        #[cfg(unix)]
        {
            let mode =
                std::os::unix::fs::PermissionsExt::mode(&entry.metadata().unwrap().permissions());
            assert_eq!(mode & 0o077, 0, "{:?}", entry.path());
        }
    }
}

#[test]
fn who_waits_in_vain_is_forgotten() {
    let room = Room::new(false);
    room.access.pair(&slot("slot-01"), request(&slot("slot-01"), &secret(1)));

    let deadline = room.access.expire().unwrap();
    room.clock.pass(Duration::from_secs(60));

    assert_eq!(deadline, room.clock.now());
    assert_eq!(room.access.expire(), None);
    assert!(room.access.waiting().is_empty());
}

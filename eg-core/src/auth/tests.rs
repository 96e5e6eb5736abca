//! Tests of the accounts over their file: what older cores stored, and who is left when something changes.

use super::{AccountError, Auth, Denied, FIRST, LoginToken, NewToken, Proof, Role, Visit};
use crate::clock::{Clock, StoppedClock};
use argon2::{Argon2, PasswordHasher};
use eg_proto::Timestamp;
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// Salt of a hash, and its beginning, as a core before users stored it.
const OLD_SALT: &str = "bm9ib2R5IGtub3dzIGl0";
const OLD_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGtub3dzIGl0$";

const DAY: Duration = Duration::from_secs(24 * 3600);

struct House {
    clock: Arc<StoppedClock>,
    file: PathBuf,
    _folder: TempDir,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(StoppedClock::at(Timestamp(1_764_000_000_000_000)));
        Self { clock, file: folder.path().join("eg.account.db"), _folder: folder }
    }

    fn open(&self, given: Option<&str>) -> Auth {
        Auth::open(&self.file, given, self.clock.clone()).unwrap().0
    }

    /// Opens the accounts as another process does.
    fn shell(&self) -> Auth {
        Auth::open_existing(&self.file, self.clock.clone()).unwrap()
    }
}

fn visit() -> Visit {
    Visit::new([192, 168, 1, 9].into(), "test/1.0")
}

fn text(token: &str) -> LoginToken {
    serde_json::from_value(token.into()).unwrap()
}

/// Makes a user by an invitation, and returns the key of a session.
fn join(auth: &Auth, name: &str, role: Role) -> String {
    let token = auth.invite(name, role, DAY, FIRST).unwrap();
    auth.accept(&text(&token), "long-enough", &visit()).unwrap().text().to_owned()
}

#[test]
fn the_password_and_sessions_of_a_core_before_users_become_those_of_operator() {
    let house = House::new();
    let old = Connection::open(&house.file).unwrap();
    old.execute_batch(
        "CREATE TABLE password (one INTEGER PRIMARY KEY CHECK (one = 1), hash TEXT NOT NULL);
         CREATE TABLE session (digest BLOB PRIMARY KEY, ends_us INTEGER NOT NULL);
         CREATE TABLE link (digest BLOB PRIMARY KEY, ends_us INTEGER NOT NULL);
         CREATE TABLE page (one INTEGER PRIMARY KEY CHECK (one = 1), address TEXT NOT NULL);",
    )
    .unwrap();
    let salt = argon2::password_hash::SaltString::from_b64(OLD_SALT).unwrap();
    let hash = Argon2::default().hash_password(b"correct-horse", &salt).unwrap().to_string();
    assert!(hash.starts_with(OLD_HASH));
    old.execute("INSERT INTO password VALUES (1, ?1)", [hash]).unwrap();
    let digest: [u8; 32] = Sha256::digest(b"an-old-session").into();
    let ends = (house.clock.now() + DAY).0;
    old.execute("INSERT INTO session VALUES (?1, ?2)", (digest.as_slice(), ends)).unwrap();
    drop(old);

    let auth = house.open(None);

    assert!(auth.login(&visit(), FIRST, "correct-horse").is_ok());
    let known = auth.identify(Some("an-old-session"), None).unwrap();
    assert_eq!((known.name.as_str(), known.role), (FIRST, Role::Operator));
    assert_eq!(auth.users().len(), 1);
    assert_eq!(auth.users()[0].made, None);
}

#[test]
fn the_environment_sets_the_password_of_operator_and_of_nobody_else() {
    let house = House::new();
    let auth = house.open(Some("first-password"));
    let anna = join(&auth, "anna", Role::Operator);
    auth.set_role(FIRST, Role::Viewer, FIRST).unwrap();
    drop(auth);

    let auth = house.open(Some("second-password"));

    assert!(auth.login(&visit(), FIRST, "second-password").is_ok());
    assert_eq!(auth.login(&visit(), FIRST, "first-password"), Err(Denied::Wrong));
    assert!(auth.login(&visit(), "anna", "long-enough").is_ok());
    assert!(auth.identify(Some(&anna), None).is_some(), "her session goes on");
    let first = auth.users().into_iter().find(|user| user.name == FIRST).unwrap();
    assert_eq!(first.role, Role::Operator, "the way back in for who owns the machine");
}

#[test]
fn an_invitation_works_once_and_within_its_life() {
    let house = House::new();
    let auth = house.open(Some("first-password"));
    let token = auth.invite("anna", Role::GameMaster, DAY, FIRST).unwrap();
    let late = auth.invite("ben", Role::Viewer, DAY, FIRST).unwrap();

    assert_eq!(auth.invitation(&text(&token)).unwrap().name, "anna");
    let short = auth.accept(&text(&token), "short", &visit());
    let key = auth.accept(&text(&token), "long-enough", &visit()).unwrap();
    let again = auth.accept(&text(&token), "long-enough", &visit());
    house.clock.pass(DAY + Duration::from_secs(1));
    let late = auth.accept(&text(&late), "long-enough", &visit());

    assert!(matches!(short, Err(AccountError::Invalid(_))));
    assert_eq!(auth.identify(Some(key.text()), None).unwrap().role, Role::GameMaster);
    assert!(matches!(again, Err(AccountError::Unknown(_))));
    assert!(matches!(late, Err(AccountError::Unknown(_))));
    assert!(auth.invite("anna", Role::Viewer, DAY, FIRST).is_err(), "the name is taken");
}

#[test]
fn the_last_operator_stays() {
    let house = House::new();
    let auth = house.open(Some("first-password"));

    assert!(matches!(auth.remove(FIRST, FIRST), Err(AccountError::Conflict(_))));
    assert!(matches!(auth.set_role(FIRST, Role::Viewer, FIRST), Err(AccountError::Conflict(_))));
    join(&auth, "anna", Role::Operator);
    auth.remove(FIRST, FIRST).unwrap();
    assert!(auth.remove("anna", FIRST).is_err());
}

#[test]
fn who_is_removed_or_gets_another_password_is_signed_out() {
    let house = House::new();
    let auth = house.open(Some("first-password"));
    let (anna, ben) = (join(&auth, "anna", Role::Viewer), join(&auth, "ben", Role::Viewer));
    let mine = auth.login(&visit(), "anna", "long-enough").unwrap();
    let who = auth.identify(Some(mine.text()), None).unwrap();
    let knows = |key: &str| auth.identify(Some(key), None).is_some();

    auth.change_password(&who, &visit(), "long-enough", "another-one").unwrap();
    assert!(knows(mine.text()) && !knows(&anna), "her other session ends");
    auth.reset_password("anna", None, None, FIRST).unwrap();
    assert!(!knows(mine.text()) && !auth.is_current(&who));
    auth.remove("ben", FIRST).unwrap();
    assert!(!knows(&ben));
    assert_eq!(auth.login(&visit(), "ben", "long-enough"), Err(Denied::Wrong));
}

#[test]
fn a_role_that_changes_holds_at_once() {
    let house = House::new();
    let auth = house.open(Some("first-password"));
    let anna = join(&auth, "anna", Role::GameMaster);
    let before = auth.identify(Some(&anna), None).unwrap();

    auth.set_role("anna", Role::Viewer, FIRST).unwrap();

    assert!(!auth.is_current(&before));
    assert_eq!(auth.identify(Some(&anna), None).unwrap().role, Role::Viewer);
}

#[test]
fn a_running_core_takes_over_what_another_process_has_changed() {
    let house = House::new();
    let auth = house.open(Some("first-password"));
    let anna = join(&auth, "anna", Role::Viewer);

    house.shell().remove("anna", FIRST).unwrap();
    house.clock.pass(Duration::from_secs(1));
    assert!(auth.is_due());
    auth.refresh().unwrap();

    assert_eq!(auth.identify(Some(&anna), None), None);
}

#[test]
fn a_user_has_so_many_sessions_and_the_one_unused_for_longest_goes() {
    let house = House::new();
    let auth = house.open(Some("first-password"));
    let first = join(&auth, "anna", Role::Viewer);
    let user = auth.user("anna").unwrap();
    for _ in 0..32 {
        house.clock.pass(Duration::from_secs(1));
        auth.begin(&user, &visit(), "password").unwrap();
    }

    assert_eq!(auth.sessions("anna", None).len(), 32);
    assert_eq!(auth.identify(Some(&first), None), None);
}

#[test]
fn a_token_is_kept_as_a_digest_and_its_last_use_outlives_a_restart() {
    let house = House::new();
    let auth = house.open(Some("first-password"));
    let room = Some("main".parse().unwrap());
    let new = NewToken { name: "lights".to_owned(), role: Role::Viewer, room, life: Some(DAY) };
    let token = auth.make_token(new.clone(), FIRST).unwrap();
    assert!(auth.make_token(new, FIRST).is_err(), "the name is taken");

    house.clock.pass(Duration::from_secs(60));
    let known = auth.identify(None, Some(&token)).unwrap();
    assert!(matches!(known.proof, Proof::Token { room: Some(_) }));
    assert_eq!(known.told(), "token lights");
    auth.refresh().unwrap();
    drop(auth);
    let auth = house.open(Some("first-password"));

    assert_eq!(auth.tokens()[0].used, Some(house.clock.now()));
    let kept = std::fs::read(&house.file).unwrap();
    let wal = std::fs::read(house.file.with_extension("db-wal")).unwrap_or_default();
    let bytes = [kept, wal].concat();
    assert!(!bytes.windows(token.len()).any(|bytes| bytes == token.as_bytes()));
    house.clock.pass(DAY);
    assert_eq!(auth.identify(None, Some(&token)), None, "it has expired");
    assert!(auth.tokens()[0].expired);
    auth.revoke_token("lights", FIRST).unwrap();
    assert_eq!(auth.tokens(), []);
}

#[test]
fn a_name_that_does_not_exist_is_refused_as_a_wrong_password_is() {
    let house = House::new();
    let auth = house.open(Some("first-password"));

    assert_eq!(auth.login(&visit(), "nobody", "first-password"), Err(Denied::Wrong));
    assert_eq!(auth.login(&visit(), FIRST, "wrong-password"), Err(Denied::Wrong));
}

#[test]
fn many_who_sign_in_at_once_are_told_to_come_again() {
    let house = House::new();
    let auth = house.open(Some("first-password"));
    let _waiting: Vec<_> = std::iter::from_fn(|| auth.hasher.turn()).collect();

    assert_eq!(auth.login(&visit(), FIRST, "first-password"), Err(Denied::Busy));
}

/// Returns the trail as `who act about detail ×count`, the oldest first.
fn trail(auth: &Auth) -> Vec<String> {
    let mut all = auth.trail(i64::MAX, 1_000).unwrap();
    all.reverse();
    let told = |one: crate::audit::AuditRecord| {
        format!("{} {} {} {} ×{}", one.by, one.act, one.about, one.detail, one.count)
    };
    all.into_iter().map(told).collect()
}

#[test]
fn every_act_on_an_account_is_recorded_with_who_did_it() {
    let house = House::new();
    let auth = house.open(Some("first-password"));
    let anna = join(&auth, "anna", Role::Operator);
    auth.invite("ben", Role::Viewer, DAY, FIRST).unwrap();
    auth.withdraw("ben", "anna").unwrap();
    auth.set_role("anna", Role::GameMaster, FIRST).unwrap();
    let who = auth.identify(Some(&anna), None).unwrap();
    auth.change_password(&who, &visit(), "long-enough", "another-one").unwrap();
    auth.reset_password("anna", None, None, "command (pi)").unwrap();
    let key = auth.login(&visit(), FIRST, "first-password").unwrap();
    let id = auth.identify(Some(key.text()), None).unwrap().session().unwrap();
    auth.end_session(FIRST, id, FIRST).unwrap();
    let key = auth.login(&visit(), FIRST, "first-password").unwrap();
    auth.logout(key.text(), visit().address);
    let new = NewToken { name: "lights".to_owned(), role: Role::Viewer, room: None, life: None };
    auth.make_token(new, FIRST).unwrap();
    auth.revoke_token("lights", FIRST).unwrap();
    auth.remove("anna", FIRST).unwrap();
    assert!(auth.remove("anna", FIRST).is_err(), "what was not done is not recorded");

    let wanted = [
        "eg-core set-up operator  ×1",
        "operator invite anna operator ×1",
        "anna join anna operator ×1",
        "anna sign-in anna invitation ×1",
        "operator invite ben viewer ×1",
        "anna withdraw ben  ×1",
        "operator role anna game-master ×1",
        "anna password anna  ×1",
        "command (pi) password-reset anna  ×1",
        "operator sign-in operator password ×1",
        "operator session-end operator  ×1",
        "operator sign-in operator password ×1",
        "operator sign-out operator  ×1",
        "operator token-make lights viewer ×1",
        "operator token-revoke lights  ×1",
        "operator remove anna  ×1",
    ];
    assert_eq!(trail(&auth), wanted);
    let join = auth.trail(i64::MAX, 1_000).unwrap().into_iter().find(|one| one.act == "join");
    assert_eq!(join.unwrap().address, "192.168.1.9");
}

#[test]
fn a_stranger_who_tries_without_end_fills_no_disk_and_every_try_is_counted() {
    let house = House::new();
    let auth = house.open(Some("first-password"));
    for _ in 0..5 {
        assert_eq!(auth.login(&visit(), FIRST, "wrong-password"), Err(Denied::Wrong));
    }

    for _ in 0..9_995 {
        assert!(matches!(auth.login(&visit(), FIRST, "wrong"), Err(Denied::Wait(_))));
    }

    let set_up = "eg-core set-up operator  ×1".to_owned();
    assert_eq!(trail(&auth), [set_up, " sign-in-refused operator password ×10000".to_owned()]);
    assert_eq!(auth.trail(i64::MAX, 1).unwrap()[0].address, "192.168.1.9");
}

#[test]
fn strangers_at_many_addresses_are_told_together_from_some_number_on() {
    let house = House::new();
    let auth = house.open(Some("first-password"));
    let link = text("no-such-link");

    for n in 0..2_000_u16 {
        let [high, low] = n.to_be_bytes();
        assert!(auth.enter(&link, &Visit::new([10, 0, high, low].into(), "x")).is_none());
    }

    let all = auth.trail(i64::MAX, 10_000).unwrap();
    assert_eq!(all.len(), 1 + 256 + 1);
    assert_eq!((all[0].address.as_str(), all[0].count), ("", 2_000 - 256));
}

#[test]
fn a_name_that_nobody_has_is_not_kept() {
    let house = House::new();
    let auth = house.open(Some("first-password"));

    assert_eq!(auth.login(&visit(), "my-secret-password", ""), Err(Denied::Wrong));

    assert_eq!(trail(&auth)[1], " sign-in-refused  password ×1");
}

#[test]
fn after_a_quiet_time_refusals_are_a_record_of_their_own() {
    let house = House::new();
    let auth = house.open(Some("first-password"));
    assert!(auth.enter(&text("x"), &visit()).is_none());
    assert!(auth.enter(&text("x"), &visit()).is_none());
    house.clock.pass(Duration::from_secs(601));
    assert!(auth.enter(&text("x"), &visit()).is_none());

    let counts: Vec<i64> = auth.trail(i64::MAX, 2).unwrap().iter().map(|one| one.count).collect();
    assert_eq!(counts, [1, 2]);
}

#[test]
fn an_account_that_was_open_to_others_is_its_owners_alone_again() {
    use std::os::unix::fs::PermissionsExt;
    let house = House::new();
    drop(house.open(None));
    for ending in ["", "-wal", "-shm"] {
        let path = format!("{}{ending}", house.file.display());
        drop(std::fs::OpenOptions::new().create(true).append(true).open(&path));
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    }

    let _auth = house.open(None);

    for file in std::fs::read_dir(house.file.parent().unwrap()).unwrap().map(Result::unwrap) {
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}: {mode:o}", file.file_name());
    }
}

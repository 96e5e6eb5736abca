//! What an older installation holds is taken over once, whole, and by the journal.

use eg_config::Source;
use eg_core::clock::SteadyClock;
use eg_core::config::{CoreConfig, Environment};
use eg_core::engine::Engine;
use eg_core::journal::Journal;
use eg_core::old::{ImportError, import, read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

const WALLETS: &str = "CREATE TABLE wallets (tag_uid TEXT PRIMARY KEY, balance_cents INTEGER);
    INSERT INTO wallets VALUES ('04A3', 500), ('04B7', 0), ('04C1', 1250);";
const PAYOUTS: &str = "CREATE TABLE payouts (payout_id TEXT, source TEXT, amount_cents INTEGER, status TEXT,
        meta TEXT, created TEXT);
    INSERT INTO payouts VALUES ('r-1', 'roulette', 700, 'pending', '{}', ''), ('b-2', 'blackjack', 90, 'claimed', '{}', '');";

struct Installation {
    folder: TempDir,
    config: CoreConfig,
}

impl Installation {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let yaml = "rooms: { main: { game: night-vote }, day: { slots: [], game: casino } }";
        let source = Source::text("core.yaml", yaml);
        let mut config = CoreConfig::from_source(&source, &Environment::default()).unwrap();
        config.db = folder.path().join("eg.db");
        Self { folder, config }
    }

    fn old(&self, sql: &str) -> PathBuf {
        let path = self.folder.path().join("old.db");
        rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        path
    }

    /// What the import says.
    fn import(&self, old: &Path) -> String {
        let clock = Arc::new(SteadyClock::default());
        import(&self.config, None, &read(old).unwrap(), clock).unwrap().said.en
    }

    fn bank(&self) -> String {
        let journal = Journal::open(&self.config.db, self.config.durability).unwrap();
        let clock = Arc::new(SteadyClock::default());
        let (_, handle, _) = Engine::open(&self.config, journal, clock).unwrap();
        let state = handle.state();
        let day = &state.rooms[&"day".parse::<eg_proto::RoomId>().unwrap()];
        day.session.as_ref().unwrap().explain.en.clone()
    }
}

fn refusal(sql: &str) -> String {
    let house = Installation::new();
    read(&house.old(sql)).unwrap_err().to_string()
}

#[test]
fn wallets_and_payouts_are_taken_over_as_movements_of_the_journal() {
    let house = Installation::new();
    let old = house.old(&format!("{WALLETS}{PAYOUTS}"));

    let said = house.import(&old);

    assert_eq!(said, "imported: 3 wallets (17.50), 2 payouts; here before: 0");
    assert_eq!(house.bank(), "2 wallets, 17.50 in all, 2 movements");
}

#[test]
fn a_second_import_moves_nothing_twice() {
    let house = Installation::new();
    let old = house.old(&format!("{WALLETS}{PAYOUTS}"));
    house.import(&old);

    let said = house.import(&old);

    assert_eq!(said, "imported: 0 wallets (0.00), 0 payouts; here before: 5");
    assert_eq!(house.bank(), "2 wallets, 17.50 in all, 2 movements");
}

#[test]
fn a_negative_balance_is_refused_with_its_row() {
    let said = refusal(&format!("{WALLETS} INSERT INTO wallets VALUES ('04FF', -5);"));

    assert_eq!(said, "wallets, row 4 (04FF): balance_cents is -5; a balance is never negative");
}

#[test]
fn a_database_without_wallets_is_told_what_it_has() {
    let said = refusal("CREATE TABLE guests (name TEXT); CREATE TABLE visits (day TEXT);");

    assert!(
        said.ends_with("old.db has no table called wallets or wallet; it has guests, visits"),
        "{said}"
    );
}

#[test]
fn a_missing_column_is_named_with_those_that_are_there() {
    let said = refusal("CREATE TABLE wallets (tag_uid TEXT, euros REAL);");

    let wanted = "wallets has no column called balance_cents or balance; it has tag_uid, euros";
    assert_eq!(said, wanted);
}

#[test]
fn other_spellings_of_the_same_thing_are_understood() {
    let house = Installation::new();
    let old = house.old(
        "CREATE TABLE Wallet (uid INTEGER, Balance REAL); INSERT INTO Wallet VALUES (1234, 500.0);
         CREATE TABLE payouts (id INTEGER, game TEXT, amount TEXT, claimed_at TEXT);
         INSERT INTO payouts VALUES (7, 'roulette', '700', NULL), (8, 'roulette', '90', '2025-01-01');",
    );

    let found = read(&old).unwrap();

    assert_eq!((found.wallets[0].tag_uid.as_str(), found.wallets[0].balance_cents), ("1234", 500));
    let claimed: Vec<_> = found.payouts.iter().map(|payout| payout.claimed).collect();
    assert_eq!(claimed, [false, true]);
}

#[test]
fn a_status_that_nobody_knows_is_refused_with_those_that_are_known() {
    let said = refusal(&format!(
        "{WALLETS}{PAYOUTS} INSERT INTO payouts VALUES ('x', 'r', 5, 'maybe', '', '');"
    ));

    assert!(
        said.starts_with(r#"payouts, row 3 (x): status is "maybe"; wanted one of pending"#),
        "{said}"
    );
}

#[test]
fn a_core_without_a_bank_says_how_to_have_one() {
    let mut house = Installation::new();
    let old = read(&house.old(WALLETS)).unwrap();
    house.config.rooms.retain(|_, room| room.game != "casino");

    let error = import(&house.config, None, &old, Arc::new(SteadyClock::default())).unwrap_err();

    assert!(matches!(error, ImportError::NoBank { said: None }));
    assert!(error.to_string().contains("day: { slots: [], game: casino }"), "{error}");
    assert!(!house.config.db.exists(), "nothing was begun");
}

#[test]
fn a_core_that_runs_holds_its_journal() {
    let house = Installation::new();
    let old = read(&house.old(WALLETS)).unwrap();
    let _held = Journal::open(&house.config.db, house.config.durability).unwrap();

    let error = import(&house.config, None, &old, Arc::new(SteadyClock::default())).unwrap_err();

    assert!(error.to_string().contains("in use by another core"), "{error}");
}

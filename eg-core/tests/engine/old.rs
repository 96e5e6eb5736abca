//! Import from an older installation: its data are taken over once, whole, and by the journal.

use eg_config::Source;
use eg_core::clock::SteadyClock;
use eg_core::config::{CoreConfig, Environment};
use eg_core::engine::Engine;
use eg_core::journal::Journal;
use eg_core::legacy_import::{ImportError, import, read};
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

    /// Runs the import and returns its report.
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

/// Schema of the old core's database, as that core writes it.
const OF_THE_OLD_CORE: &str = "
    CREATE TABLE wallets (tag_uid TEXT PRIMARY KEY, balance_cents INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE payouts (payout_id TEXT PRIMARY KEY, source TEXT NOT NULL, amount_cents INTEGER NOT NULL,
        status TEXT NOT NULL DEFAULT 'ready', meta TEXT, created_at TEXT, claimed_by TEXT, claimed_at TEXT);
    CREATE TABLE tx_log (id INTEGER PRIMARY KEY AUTOINCREMENT, ts TEXT, tag_uid TEXT, amount_cents INTEGER, reason TEXT);
    INSERT INTO wallets VALUES ('04A37C91', 1400), ('04B7', 500);
    INSERT INTO tx_log (ts, tag_uid, amount_cents, reason) VALUES ('t1', '04A37C91', 900, 'bet'), ('t2', '04B7', 500, 'payout:z2');
    INSERT INTO payouts VALUES ('z1', 'roulette', 700, 'claimed', '{}', 't0', '04A37C91', 't3'),
        ('z2', 'roulette', 500, 'claimed', '{}', 't0', '04B7', 't2'), ('z22', 'blackjack', 90, 'ready', '{}', 't0', NULL, NULL),
        ('z23', 'blackjack', 10, 'claimed', '{}', 't0', NULL, NULL);";

#[test]
fn payouts_that_are_ready_wait_here_too() {
    let house = Installation::new();
    let old = house.old(OF_THE_OLD_CORE);

    let found = read(&old).unwrap();
    let said = house.import(&old);

    let waiting: Vec<_> = found.payouts.iter().filter(|payout| !payout.claimed).collect();
    assert_eq!(waiting.iter().map(|payout| payout.payout_id.as_str()).collect::<Vec<_>>(), ["z22"]);
    assert_eq!(said, "imported: 2 wallets (19.00), 4 payouts; here before: 0");
}

#[test]
fn a_payout_that_was_claimed_and_never_credited_is_named() {
    let house = Installation::new();

    let doubts = read(&house.old(OF_THE_OLD_CORE)).unwrap().doubts;

    assert_eq!(doubts.len(), 2, "{doubts:?}");
    assert!(doubts[0].starts_with(
        "payout z1 (roulette, 7.00) was claimed by 04A37C91 and never credited: tx_log"
    ));
    assert!(doubts[1].starts_with("payout z23 (blackjack, 0.10) was claimed and never credited"));
}

#[test]
fn a_claim_without_a_log_of_credits_is_not_doubted() {
    let house = Installation::new();

    assert!(read(&house.old(&format!("{WALLETS}{PAYOUTS}"))).unwrap().doubts.is_empty());
}

#[test]
fn a_database_that_lacks_its_log_is_told_with_the_remedy() {
    let house = Installation::new();
    let path = house.folder.path().join("live.db");
    let running = rusqlite::Connection::open(&path).unwrap();
    running.execute_batch(&format!("PRAGMA journal_mode = WAL; {WALLETS}")).unwrap();
    running
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE); UPDATE wallets SET balance_cents = 9900")
        .unwrap();
    let copy = house.folder.path().join("copy.db");
    std::fs::copy(&path, &copy).unwrap();

    let (whole, lacking) = (read(&path).unwrap(), read(&copy).unwrap());
    let looked_into = read(&copy).unwrap();

    assert_eq!((whole.wallets[0].balance_cents, whole.doubts.len()), (9900, 0));
    assert_eq!(lacking.wallets[0].balance_cents, 500);
    assert_eq!(looked_into.doubts, lacking.doubts, "as after a dry run");
    assert!(lacking.doubts[0].contains("copy.db-wal"), "{:?}", lacking.doubts);
    assert!(
        lacking.doubts[0].contains("sqlite3 OLD.db \".backup copy.db\""),
        "{:?}",
        lacking.doubts
    );
}

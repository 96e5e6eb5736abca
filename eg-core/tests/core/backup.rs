//! Tests of `eg-core backup` and `eg-core restore`, as the timer and somebody at the machine use them.

use super::Server;
use eg_core::auth::{Auth, Visit};
use eg_core::clock::SteadyClock;
use eg_core::journal::Reader;
use eg_core::server::Core;
use eg_proto::SlotId;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

/// Runs a command of the core on this journal.
fn eg_core(words: &[&str], db: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_eg-core"));
    command.args(words).arg("--db").arg(db).env_clear().env("NO_COLOR", "1");
    command.output().unwrap()
}

fn done(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn complaint(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn journal_users_and_slots_of_a_running_core_are_all_there_on_another_machine() {
    let server = Server::open("");
    let db = server.config.db.clone();
    let clock = Arc::new(SteadyClock::default());
    let account = db.with_file_name("eg.account.db");
    let (accounts, _) = Auth::open(&account, Some("first-password"), clock.clone()).unwrap();
    drop(accounts);
    let machine = tempfile::tempdir().unwrap();
    let backup = machine.path().join("stick/night.db");
    std::fs::create_dir(machine.path().join("stick")).unwrap();

    let told = done(&eg_core(&["backup", backup.to_str().unwrap()], &db));
    let restored = machine.path().join("eg.db");
    done(&eg_core(&["restore", backup.to_str().unwrap()], &restored));

    assert!(told.contains("night.account.db"), "{told}");
    let entries = |file: &Path| Reader::open(file).unwrap().entries(0, 10_000).unwrap();
    assert_eq!(entries(&restored), entries(&backup));
    assert!(!entries(&restored).is_empty());
    let (accounts, _) =
        Auth::open(&machine.path().join("eg.account.db"), None, clock.clone()).unwrap();
    let visit = Visit::new([127, 0, 0, 1].into(), "");
    assert!(accounts.login(&visit, "operator", "first-password").is_ok());
    drop(accounts);
    let mut config = server.config.clone();
    (config.db, config.ports.mqtt) = (restored, 0);
    let core = Core::start(&config, clock).unwrap();
    let adopted: Vec<SlotId> = core.access().adopted().into_keys().collect();
    assert_eq!(adopted, ["slot-01", "slot-02"].map(|id| SlotId::new(id).unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_core_is_not_overwritten_and_what_was_there_stays_aside() {
    let mut server = Server::open("");
    let db = server.config.db.clone();
    let folder = db.parent().unwrap().to_owned();
    let backup = folder.join("night.db");
    done(&eg_core(&["backup", backup.to_str().unwrap()], &db));

    let refused = complaint(&eg_core(&["restore", backup.to_str().unwrap()], &db));
    server.dark();
    let told = done(&eg_core(&["restore", backup.to_str().unwrap()], &db));

    assert!(refused.contains("cannot restore"), "{refused}");
    let aside = names(&folder).into_iter().find(|name| name.starts_with("before-restore-"));
    let aside = folder.join(aside.unwrap());
    assert!(told.contains(aside.to_str().unwrap()), "{told}");
    let kept = names(&aside);
    assert!(kept.contains(&"eg.db".to_owned()), "{kept:?}");
    assert!(kept.contains(&"eg.account.db".to_owned()), "{kept:?}");
    server.light();
}

#[test]
fn what_is_no_journal_is_not_restored_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (file, db) = (folder.path().join("photo.db"), folder.path().join("eg.db"));
    std::fs::write(&file, "not a database").unwrap();
    std::fs::write(&db, "mine").unwrap();

    let missing = folder.path().join("none.db");
    complaint(&eg_core(&["restore", missing.to_str().unwrap()], &db));
    complaint(&eg_core(&["restore", file.to_str().unwrap()], &db));

    assert_eq!(std::fs::read(&db).unwrap(), b"mine");
    assert_eq!(names(folder.path()), ["eg.db", "photo.db"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_keeps_the_latest_copies_and_leaves_other_files_alone() {
    let server = Server::open("");
    let backups = tempfile::tempdir().unwrap();
    let old: Vec<PathBuf> = ["eg-20200101T053000Z.db", "eg-20200102T053000Z.db", "holiday.db"]
        .map(|name| backups.path().join(name))
        .into();
    for file in &old {
        std::fs::write(file, "old").unwrap();
    }
    std::fs::write(backups.path().join("eg-20200101T053000Z.account.db"), "old").unwrap();
    std::fs::write(backups.path().join("unfinished.db"), "broken off").unwrap();

    let folder = backups.path().to_str().unwrap();
    let words = ["backup", "--folder", folder, "--keep", "2"];
    done(&eg_core(&words, &server.config.db));

    let kept = names(backups.path());
    assert_eq!(kept.len(), 4, "{kept:?}");
    assert_eq!(kept[0], "eg-20200102T053000Z.db");
    assert!(kept[1].ends_with("Z.account.db") && kept[2].ends_with("Z.db"), "{kept:?}");
    assert_eq!(kept[3], "holiday.db");
}

//! The core's doctor on folders of its own.

use super::*;
use eg_page::Soundness::{self, Bad, Doubtful, Good};
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use tempfile::TempDir;

/// The findings for this file in a folder of its own.
fn found(prepare: impl FnOnce(&Path), text: &str) -> BTreeMap<&'static str, Soundness> {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let config = config(&folder, text, &BTreeMap::new()).unwrap();
    look(&config).into_iter().map(|finding| (finding.check, finding.soundness)).collect()
}

fn config(
    folder: &TempDir,
    text: &str,
    own: &BTreeMap<String, String>,
) -> Result<CoreConfig, Problems> {
    let file = folder.path().join("core.yaml");
    let db = folder.path().join("eg.db");
    fs::write(&file, format!("db: {}\n{text}", db.display())).unwrap();
    service_file::settings(Some(&file), own).map(|settings| settings.config)
}

const FREE: &str = "ports: { mqtt: 0, websocket: 0, api: 0, page: 0 }\n";

#[test]
fn a_core_that_never_ran_is_well() {
    let found = found(|_| {}, &format!("{FREE}listen: 0.0.0.0\n"));

    assert!(found.values().all(|soundness| *soundness != Bad), "{found:?}");
    assert_eq!([found["disk"], found["journal-new"], found["ports"]], [Good; 3]);
}

#[test]
fn a_port_that_somebody_else_has_is_told() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port();

    let found =
        found(|_| {}, &format!("ports: {{ mqtt: {port}, websocket: 0, api: 0, page: 0 }}\n"));

    assert_eq!((found["port"], found["loopback"]), (Bad, Doubtful));
}

#[test]
fn a_journal_that_is_none_is_told() {
    let found = found(|folder| fs::write(folder.join("eg.db"), "not a journal").unwrap(), FREE);

    assert_eq!(found["journal"], Bad);
}

#[test]
fn a_broker_that_is_not_there_is_told() {
    let port = {
        let gone = TcpListener::bind("127.0.0.1:0").unwrap();
        gone.local_addr().unwrap().port()
    };

    let found = found(|_| {}, &format!("{FREE}broker: {{ host: 127.0.0.1, port: {port} }}\n"));

    assert_eq!(found["broker"], Bad);
}

#[test]
fn old_topics_are_pointed_out() {
    assert_eq!(found(|_| {}, &format!("{FREE}compat: true\n"))["compat"], Doubtful);
}

#[test]
fn the_variables_of_the_service_win_over_the_file_and_those_of_the_shell_over_both() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("core.env"), "# said\nCORE_DEVICE_ID=\"of-service\"\n").unwrap();
    let shell = [("CORE_DEVICE_ID".to_owned(), "of-shell".to_owned())].into();

    let service = config(&folder, "device_id: of-file\n", &BTreeMap::new()).unwrap();
    let shell = config(&folder, "device_id: of-file\n", &shell).unwrap();

    assert_eq!([service.device_id, shell.device_id], ["of-service", "of-shell"]);
}

#[test]
fn every_finding_has_words_in_both_languages() {
    let words = Words::new(include_str!("fr.ftl"), include_str!("en.ftl")).unwrap();

    let tells =
        ["file", "disk", "writable", "journal", "account", "tls", "port", "broker", "waits"];
    for check in tells {
        let finding = Finding::bad(check);
        for lang in [Lang::Fr, Lang::En] {
            assert!(!finding.found(&words, lang).starts_with("failed-"), "{check}");
            assert!(!finding.advice(&words, lang).unwrap().starts_with("try-"), "{check}");
        }
    }
}

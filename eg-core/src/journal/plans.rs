//! Query plans: everything that pages ask is found by an index, however long the journal is.

use super::{Durability, Journal, Reader, SessionFilter};
use eg_proto::Timestamp;
use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};
use std::cell::RefCell;
use std::collections::BTreeSet;

thread_local! {
    /// Statements that this thread's readers have run.
    static RUN: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// Makes a connection record every statement that it runs.
pub(super) fn watched(mut connection: Connection) -> Connection {
    connection.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(note)).unwrap();
    connection
}

fn note(event: TraceEvent<'_>) {
    if let TraceEvent::Stmt(statement, _) = event {
        RUN.with_borrow_mut(|run| run.insert(statement.sql().into_owned()));
    }
}

/// Returns the steps of all statements' plans that walk through a whole table or index.
fn scans(database: &Connection, statements: &BTreeSet<String>) -> Vec<String> {
    let mut scans = Vec::new();
    for statement in statements.iter().filter(|sql| sql.starts_with("SELECT")) {
        let mut plan = database.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
        let bound = plan.parameter_count();
        (1..=bound).for_each(|place| plan.raw_bind_parameter(place, 1).unwrap());
        let mut rows = plan.raw_query();
        while let Some(row) = rows.next().unwrap() {
            let step: String = row.get(3).unwrap();
            if step.starts_with("SCAN") || step.contains("TEMP B-TREE") {
                scans.push(format!("{step}: {statement}"));
            }
        }
    }
    scans
}

/// Calls every query that pages and the API make of a journal.
fn ask_everything(journal: &Reader) {
    journal.entries(5, 10).unwrap();
    journal.entries_before(5, 10).unwrap();
    journal.entries_of(1, 5, 10).unwrap();
    journal.acts(1, 5, 10).unwrap();
    journal.votes(1, 5, 10).unwrap();
    journal.sessions(10).unwrap();
    journal.sessions_before(5, 10).unwrap();
    let filter = SessionFilter { game: Some("x".to_owned()), ..SessionFilter::default() };
    journal.played(&filter, 5, 10).unwrap();
    journal.totals(&filter).unwrap();
    journal.session_counts(&filter).unwrap();
    journal.rooms_played().unwrap();
    journal.session(1).unwrap();
    journal.time_of(1).unwrap();
    journal.causes(1, 5, 10).unwrap();
    journal.causes_before(1, 5, 10).unwrap();
    journal.followed(1, 1).unwrap();
    journal.line(1, 1).unwrap();
    journal.record(1).unwrap();
}

#[test]
fn no_page_reads_a_journal_from_end_to_end() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path().join("eg.db"), Durability::Normal).unwrap();
    let insert = "INSERT INTO session (id, room, game, config, roster, started_us)
         VALUES (1, 'main', 'x', '{}', '{\"seats\":[]}', 0);
         INSERT INTO entry (id, at_us, kind, session, body) VALUES (1, 0, 'act', 1, '{}');";
    journal.connection.execute_batch(insert).unwrap();

    ask_everything(&journal.reader());

    let run = RUN.with_borrow(BTreeSet::clone);
    assert!(run.len() >= 12, "are they watched? {run:#?}");
    assert_eq!(scans(&journal.connection, &run), Vec::<String>::new());
}

#[test]
fn a_start_reads_the_last_sessions_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(folder.path().join("eg.db"), Durability::Normal).unwrap();
    journal.connection.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(note)).unwrap();

    journal.last_alive().unwrap();
    journal.last_sessions().unwrap();
    journal.replay(1, |_| {}).unwrap();
    journal.unsent(Timestamp(0)).unwrap();
    journal.modes().unwrap();
    journal
        .stream(&eg_proto::SlotId::new("slot-01").unwrap(), eg_proto::Boot(ulid::Ulid::nil()))
        .unwrap();

    let run = RUN.with_borrow(BTreeSet::clone);
    let scans = scans(&journal.connection, &run);
    let of_entries: Vec<_> = scans.iter().filter(|step| step.contains("entry")).collect();
    // Sessions are walked through by the index of their rooms; entries are not.
    assert!(of_entries.iter().all(|step| step.contains("LIMIT 1")), "{of_entries:#?}");
}

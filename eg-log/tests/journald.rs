//! What journald gets, at a socket in its place.

use eg_log::Journald;
use std::os::unix::net::UnixDatagram;
use tracing_subscriber::prelude::*;

#[test]
fn an_event_has_priority_and_fields_and_a_line_with_all_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let journald = UnixDatagram::bind(&path).unwrap();
    let writer = Journald::at(&path, "eg-test").unwrap();
    let log = tracing_subscriber::registry().with(writer);

    tracing::subscriber::with_default(log, || {
        tracing::warn!(slot = %"slot-01", seq = 7, "events are missing");
    });

    let mut told = [0; 4096];
    let length = journald.recv(&mut told).unwrap();
    assert_eq!(
        String::from_utf8_lossy(&told[..length]),
        "PRIORITY=4\nSYSLOG_IDENTIFIER=eg-test\nTARGET=journald\nSLOT=slot-01\nSEQ=7\n\
         MESSAGE=events are missing slot=slot-01 seq=7\n"
    );
}

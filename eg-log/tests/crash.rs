//! Reports of panics, as a program that panicked leaves them and the next start finds them.

use eg_log::{CrashReport, report_panics};
use std::fs;
use std::thread;

#[test]
fn a_panic_leaves_a_report_with_version_thread_place_and_backtrace() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(CrashReport::left_in(folder.path(), "eg-test"), None);

    report_panics(folder.path(), "eg-test", "0.1.0 (31c9e7b)");
    let worker = thread::Builder::new().name("worker".to_owned());
    worker.spawn(|| panic!("the pump is dry\nand hot")).unwrap().join().unwrap_err();

    let report = CrashReport::left_in(folder.path(), "eg-test").unwrap();
    let text = fs::read_to_string(&report.file).unwrap();
    assert!(report.said.starts_with("a panic in thread worker, "), "{}", report.said);
    assert!(report.said.contains("crash.rs:14:"), "{}", report.said);
    assert!(report.said.ends_with(": the pump is dry"), "{}", report.said);
    assert!(text.contains("\nversion 0.1.0 (31c9e7b)\n") && text.contains("and hot"), "{text}");
    assert!(text.contains("crash::"), "no backtrace: {text}");
}

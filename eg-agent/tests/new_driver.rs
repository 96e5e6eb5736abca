//! `eg-agent new-driver`: a crate that builds and keeps its promises as it stands.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn new_driver(dir: &Path, args: &[&str]) -> Output {
    let mut agent = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
    agent.arg("new-driver").args(args).arg("--in").arg(dir).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned()
}

/// Builds a crate, as those of the group of this name do.
mod scaffold {
    use super::*;

    #[test]
    fn a_new_driver_builds_and_keeps_its_promises_untouched() {
        let folder = tempfile::tempdir().unwrap();
        let sdk = root().join("eg-hal");

        let made = new_driver(folder.path(), &["knob-9", "--sdk", sdk.to_str().unwrap()]);
        assert!(made.status.success(), "{}", said(&made));
        let mut cargo = eg_scaffold::cargo();
        cargo.args(["test", "--locked", "--offline", "--manifest-path"]);
        cargo.arg(folder.path().join("knob-9/Cargo.toml"));
        let set = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        cargo.env("CARGO_TARGET_DIR", root().join(set.unwrap_or_else(|| "target".into())));
        let tested = cargo.output().unwrap();

        assert!(said(&made).contains("cargo test --manifest-path"), "{}", said(&made));
        assert!(tested.status.success(), "{}", said(&tested));
        assert!(said(&tested).contains("test conforms ... ok"), "{}", said(&tested));
    }
}

#[test]
fn what_cannot_be_made_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let sdk = root().join("eg-hal");
    let wrong = folder.path().to_str().unwrap();

    let refused = [
        new_driver(folder.path(), &["knob", "--sdk", wrong]),
        new_driver(folder.path(), &["Knob", "--sdk", sdk.to_str().unwrap()]),
        new_driver(folder.path(), &["knob"]),
    ];

    assert!(refused.iter().all(|output| !output.status.success()));
    assert!(said(&refused[0]).contains("wanted the folder eg-hal of a checkout"));
    assert!(said(&refused[1]).contains("e.g. rotary-knob"));
    assert!(said(&refused[2]).contains("--git URL or --sdk DIR"), "{}", said(&refused[2]));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

//! Fresh crates, built and tested as their author's first command would. They share the target folder with everything
//! else here, and need no network.

mod tutorial;

use crate::copy::{Copy, original, target};
use crate::made;
use eg_scaffold::Kind;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs cargo on a manifest and tells what it said; it must end well.
fn cargo(manifest: &Path, args: &[&str]) -> String {
    let mut cargo = eg_scaffold::cargo();
    cargo.args(args).arg("--offline").arg("--manifest-path").arg(manifest);
    cargo.env("CARGO_TARGET_DIR", target());
    let output = cargo.output().unwrap();
    let said =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(output.status.success(), "cargo {args:?}:\n{}\n{}", said[0], said[1]);
    said.concat()
}

/// Kinds of boards that a driver begins as, beside the usual one.
const LIKES: [&str; 6] = ["lines", "keys-irq", "sensor", "display", "spi", "serial"];

/// Games of each kind, with what they are like.
const GAMES: [(&str, &str); 3] = [("abacus", "vote"), ("sprint", "race"), ("vault", "puzzle")];

#[test]
fn a_fresh_driver_and_a_game_of_each_kind_build_in_the_workspace_and_keep_their_promises() {
    let copy = Copy::to_build();
    let manifest = copy.root().join("Cargo.toml");

    made(copy.root(), &["driver", "knob-8"]);
    for like in LIKES {
        made(copy.root(), &["driver", &format!("like-{like}"), "--like", like]);
    }
    for (name, like) in GAMES {
        made(copy.root(), &["game", name, "--like", like]);
    }

    assert!(copy.read("eg-agent/src/drivers.rs").contains("\nuse knob_8 as _;\n"));
    assert!(copy.read("eg-agent/Cargo.toml").contains("\nknob-8.workspace = true\n"));
    assert!(copy.read("eg-core/src/games.rs").contains("\nuse abacus as _;\n"));
    assert!(copy.read("eg-core/Cargo.toml").contains("\nabacus.workspace = true\n"));
    // One cargo for all: each would read and lock the workspace anew.
    let drivers = LIKES.map(|like| format!("like-{like}")).into_iter().chain(["knob-8".to_owned()]);
    let package = |name: String| Kind::Driver.package(&name.parse().unwrap());
    let packages: Vec<_> =
        drivers.map(package).chain(GAMES.map(|(name, _)| name.to_owned())).collect();
    let mut tests = vec!["test", "--locked"];
    tests.extend(packages.iter().flat_map(|name| ["-p", name.as_str()]));
    let said = cargo(&manifest, &tests);
    assert_eq!(
        said.matches("test conforms ... ok").count(),
        1 + LIKES.len() + GAMES.len(),
        "{said}"
    );
    let inside = declaration(&library(&copy.root().join("drivers/knob-8")));

    let folder = tempfile::tempdir().unwrap();
    made(&original(), &["driver", "knob-8", "--outside", folder.path().to_str().unwrap()]);
    let outside = declaration(&library(&folder.path().join("knob-8")));

    assert!(inside == outside, "a library from outside would not fit the agent of the workspace");
    assert!(inside.starts_with(b"EGDRIVER") && inside.ends_with(b"knob-8"));
}

/// Builds a crate as a library and gives the file.
fn library(krate: &Path) -> PathBuf {
    let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
    xtask.args(["build-plugin", "--dev"]).arg(krate).env("CARGO_NET_OFFLINE", "true");
    let output = xtask.env("CARGO_TARGET_DIR", target()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let file = said.lines().find_map(|line| line.strip_prefix("built "));
    file.unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr))).into()
}

/// Returns the declaration of a library, up to the name of its crate.
fn declaration(library: &Path) -> Vec<u8> {
    let bytes = fs::read(library).unwrap();
    let from = bytes.windows(8).position(|bytes| bytes == b"EGDRIVER").unwrap();
    let name = bytes[from..].windows(6).position(|bytes| bytes == b"knob-8").unwrap();
    bytes[from..from + name + 6].to_vec()
}

#[test]
fn a_fresh_driver_outside_the_workspace_builds_and_keeps_its_promises() {
    let folder = tempfile::tempdir().unwrap();

    made(&original(), &["driver", "knob-8", "--outside", folder.path().to_str().unwrap()]);

    let manifest = folder.path().join("knob-8/Cargo.toml");
    let said = cargo(&manifest, &["test", "--locked"]);
    assert!(said.contains("test conforms ... ok"), "{said}");
}

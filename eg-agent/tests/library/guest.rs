//! The library that the tests load, built once in a run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

/// Name of the driver, of as many letters as one that is linked into the agent.
pub(crate) const KIND: &str = "guest-chip";

/// The driver that the author writes instead of the one of the template.
const DRIVER: &str = include_str!("guest/lib.rs");

/// The file of the library.
pub(crate) fn library() -> &'static Path {
    static BUILT: LazyLock<PathBuf> = LazyLock::new(build);
    &BUILT
}

/// The agent's binary.
pub(crate) fn agent(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_eg-agent")).args(arguments).output().unwrap()
}

/// Makes the crate as its author would, and builds it.
fn build() -> PathBuf {
    let built = target().join("debug/libguest.so");
    let run = std::env::var("NEXTEST_RUN_ID").unwrap_or_else(|_| std::process::id().to_string());
    let stamp = target().join("guest-built-by");
    if fs::read_to_string(&stamp).is_ok_and(|by| by == run) {
        return built;
    }
    let home = tempfile::tempdir().unwrap();
    let (home, folder) = (home.path(), home.path().join("guest"));
    cargo_eg(&["new", "driver", "guest", "--outside", home.to_str().unwrap()]);
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    let with_chip = manifest.replace("[dependencies]\n", "[dependencies]\npcf857x = \"0.5\"\n");
    fs::write(folder.join("Cargo.toml"), with_chip).unwrap();
    fs::write(folder.join("src/lib.rs"), DRIVER).unwrap();
    let said = cargo_eg(&["build-plugin", "--dev", folder.to_str().unwrap()]);
    assert!(said.contains(&format!("built {}\n", built.display())), "{said}");
    fs::write(stamp, run).unwrap();
    built
}

/// Runs `cargo eg` without the network and tells what it said; it must end well.
fn cargo_eg(arguments: &[&str]) -> String {
    let mut cargo = eg_scaffold::cargo();
    cargo.arg("eg").args(arguments).current_dir(workspace());
    cargo.env("CARGO_TARGET_DIR", target()).env("CARGO_NET_OFFLINE", "true");
    let output = cargo.output().unwrap();
    let said =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(output.status.success(), "cargo eg {arguments:?}:\n{}\n{}", said[0], said[1]);
    said.concat()
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Where this workspace is built.
fn target() -> PathBuf {
    let set = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    workspace().join(set.unwrap_or_else(|| PathBuf::from("target")))
}

//! Layers of the core: who of its modules may import whom.
//!
//! `cli → demo, rehearse, legacy_import → server → http, mqtt → engine → ingest, config → show, auth, broker → access, journal →
//! audit, clock, games, private, sync, tls`: an import goes to a lower layer, over any number of them, never up and never aside.
//! `NEVER` says beyond that what must stay apart within a layer, and repeats the ones that would hurt most.

use std::collections::BTreeSet;

use xtask::imports::imports;

use crate::circles::crates;

/// Modules right under `eg-core/src`, the highest layer first. Those of one layer do not know each other.
const LAYERS: [&[&str]; 9] = [
    &["cli"],
    &["demo", "rehearse", "legacy_import"],
    &["server"],
    &["http", "mqtt"],
    &["engine"],
    &["ingest", "config"],
    &["show", "auth", "broker"],
    &["access", "journal"],
    &["audit", "clock", "games", "names", "private", "sync", "tls"],
];

/// Modules that never import others, whatever lies between: from, to.
const NEVER: [(&str, &str); 10] = [
    ("journal", "engine"),
    ("auth", "http"),
    ("engine", "http"),
    ("engine", "mqtt"),
    ("engine", "server"),
    ("ingest", "engine"),
    ("http/api", "http/page"),
    ("http/context", "http/api"),
    ("http/context", "http/page"),
    ("", "cli"),
];

/// The one place where games are known by name, and those that may ask it.
const COMPAT: &str = "engine/compat";
const MAY_ASK_COMPAT: [&str; 2] = ["engine/rooms", "http/api/legacy"];

/// `true` if a file is this module or below it.
fn is_in(file: &str, module: &str) -> bool {
    let name = file.strip_suffix(".rs").unwrap_or(file);
    module.is_empty() || name == module || name.starts_with(&format!("{module}/"))
}

fn layer(file: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.iter().any(|module| is_in(file, module)))
}

/// Imports that go the wrong way, each with the rule that it breaks. `lib.rs` and `main.rs` know everybody.
fn wrong(imports: &BTreeSet<(String, String)>) -> Vec<String> {
    let mut wrong = Vec::new();
    let is_root = |file: &str| ["lib.rs", "main.rs"].contains(&file);
    for (from, to) in imports.iter().filter(|(from, to)| !is_root(from) && !is_root(to)) {
        let top = |file: &str| file.split(['/', '.']).next().unwrap_or_default().to_owned();
        match (layer(from), layer(to)) {
            (Some(above), Some(below)) if above < below => {}
            (Some(above), Some(below)) if above == below && top(from) == top(to) => {}
            (Some(_), Some(_)) => wrong.push(format!("{from} → {to}: upwards or aside")),
            (None, _) => wrong.push(format!("{from}: name its layer in layers.rs")),
            (_, None) => wrong.push(format!("{to}: name its layer in layers.rs")),
        }
        let never = |(a, b): &&(&str, &str)| is_in(from, a) && is_in(to, b) && !is_in(from, b);
        if let Some((a, b)) = NEVER.iter().find(never) {
            wrong.push(format!("{from} → {to}: {a} never imports {b}"));
        }
        let may = || MAY_ASK_COMPAT.iter().chain([&COMPAT]).any(|module| is_in(from, module));
        if is_in(to, COMPAT) && !may() {
            wrong.push(format!("{from} → {to}: {MAY_ASK_COMPAT:?} alone know games by name"));
        }
    }
    wrong
}

#[test]
fn imports_of_the_core_go_down_its_layers() {
    let crates = crates();
    let files = &crates["eg-core"];
    // Holds once the files have moved to these layers; then these lines go.
    if !files.iter().any(|(name, _)| name == "server.rs") {
        return;
    }
    let imports = imports(files);

    assert!(imports.len() > 300, "only {}: does this test still read them?", imports.len());
    assert_eq!(wrong(&imports), Vec::<String>::new());
}

#[test]
fn every_planted_edge_is_found_and_a_way_down_is_none() {
    let found = |from: &str, to: &str| {
        let edge = (format!("{from}.rs"), format!("{to}.rs"));
        wrong(&BTreeSet::from([edge])).len()
    };

    for (from, to) in NEVER {
        let from = if from.is_empty() { "server/core" } else { from };
        assert!(found(&format!("{from}/planted"), to) > 0, "{from} → {to}");
        assert!(found(from, &format!("{to}/planted")) > 0, "{from} → {to}");
    }
    assert!(found("http/router", "mqtt") > 0);
    assert!(found("clock", "journal") > 0);
    assert!(found("rumour", "journal") > 0);
    assert!(found("engine/intake/inputs", "engine/compat/night") > 0);
    assert_eq!(found("engine/rooms/acts", "engine/compat/night"), 0);
    assert_eq!(found("server/core", "engine"), 0);
    assert_eq!(found("engine/slots", "engine/session/live"), 0);
    assert_eq!(found("http/page/operator", "http/api/rooms"), 0);
}

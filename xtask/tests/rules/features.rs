//! A crate of the registry is built once, whatever of the workspace is built: with the same features for a driver's
//! tests, for a game's, for agent, core and tools.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use crate::tree;

/// Crates that agent and core build each in a way of their own, with the reason.
const TWICE: [(&str, &str); 6] = [
    ("hyper", "a core's server speaks HTTP/2; an agent has no room for it"),
    ("hyper-util", "as hyper"),
    (
        "regex-automata",
        "games and pages of a core use regular expressions with Unicode; an agent has no room for its tables",
    ),
    ("regex-syntax", "as regex-automata"),
    ("tokio-tungstenite", "the broker's library asks for TLS, which an agent does not link"),
    ("tungstenite", "as tokio-tungstenite"),
];

/// Features of each crate of the registry, by name and version; several where macros have features of their own.
type Features = BTreeMap<String, BTreeSet<String>>;

/// Lines of `cargo tree --format '{p}|{f}' --prefix none`, without the crates of the workspace.
fn read(listed: &str) -> Features {
    let mut features = Features::new();
    for line in listed.lines().filter(|line| !line.contains('/')) {
        let Some((package, with)) = line.split_once('|') else { continue };
        let words = package.split(' ').filter(|word| !word.starts_with('(')).take(2);
        let name = words.collect::<Vec<_>>().join(" ");
        let with = with.trim_end_matches(" (*)").to_owned();
        features.entry(name).or_default().insert(with);
    }
    features
}

/// Features that a build of one package asks for; of its tests too, if they are said.
fn built_for(package: &str, edges: &str) -> Features {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--offline", "--locked", "--prefix", "none", "--format", "{p}|{f}"]);
    cargo.args(["--package", package, "--edges", edges]).current_dir(tree::root());
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let features = read(&String::from_utf8(output.stdout).unwrap());
    assert!(features.len() > 20, "{package}: does this test still read the list? {features:?}");
    features
}

/// Crates that two of the builds want with different features.
fn apart(builds: &[(&str, Features)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (at, (one, features)) in builds.iter().enumerate() {
        for (other, others) in &builds[at + 1..] {
            let differ = |name: &String| others.get(name).is_some_and(|o| *o != features[name]);
            let differing = features.keys().filter(|name| differ(name));
            wrong.extend(differing.map(|name| {
                format!("{name}: {one} {:?}, {other} {:?}", features[name], others[name])
            }));
        }
    }
    wrong
}

#[test]
fn crates_of_the_registry_have_one_set_of_features() {
    let (builds, tests) = ("normal,build", "normal,build,dev");
    let builds = [
        ("eg-driver-button-row", tests),
        ("majority", tests),
        ("eg-agent", builds),
        ("eg-core", builds),
        ("xtask", builds),
    ]
    .map(|(package, edges)| (package, built_for(package, edges)));

    let excused =
        |line: &String| TWICE.iter().any(|(name, _)| line.starts_with(&format!("{name} ")));
    let (excused, wrong): (Vec<_>, Vec<_>) = apart(&builds).into_iter().partition(excused);

    assert!(wrong.is_empty(), "say these in eg-features/Cargo.toml: {wrong:#?}");
    for (name, _) in TWICE {
        let differs = excused.iter().any(|line| line.starts_with(&format!("{name} ")));
        assert!(differs, "{name} has one set of features now; take it off the list");
    }
}

#[test]
fn a_feature_that_one_build_alone_asks_for_is_found() {
    let one =
        read("serde v1.0.0|default,std\nsyn v3.0.0 (proc-macro)|full\neg-hal v0.1.0 (/x)|linux\n");
    let other = read("serde v1.0.0|default,rc,std (*)\nsyn v3.0.0|full\n");

    let wrong = apart(&[("driver", one), ("agent", other)]);

    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(wrong[0].starts_with("serde v1.0.0: driver"), "{wrong:?}");
}

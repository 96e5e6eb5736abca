//! Dependencies that crates may have on each other.
//!
//! `eg-proto ← eg-hal ← drivers/* ← eg-agent` and `eg-proto ← eg-game ← plugins/* ← eg-core`; agent and core never
//! depend on each other, but for the demo, a default feature of eg-core.

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

use crate::tree;

/// The part of the house that a crate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Proto,
    Clock,
    Config,
    Discovery,
    Features,
    Mqtt,
    Page,
    Scaffold,
    Log,
    Hal,
    Driver,
    Game,
    Plugin,
    Agent,
    Core,
    Fuzz,
    Bench,
    Probe,
    Xtask,
}

use Part::{
    Agent, Bench, Clock, Config, Core, Discovery, Driver, Features, Fuzz, Game, Hal, Log, Mqtt,
    Page, Plugin, Probe, Proto, Scaffold, Xtask,
};

/// Parts that each may depend on, in what it builds and in its tests.
fn allowed(part: Part) -> &'static [Part] {
    match part {
        Proto | Clock | Discovery | Features | Log | Scaffold => &[],
        Config | Mqtt | Page => &[Proto],
        Xtask => &[Proto, Clock, Scaffold],
        Hal => &[Proto, Clock, Config],
        Game => &[Proto, Config],
        Bench => &[Proto, Mqtt],
        // Opens real drivers on the linux backend, as the agent does, inside the virtual machine.
        Probe => &[Proto, Config, Hal, Driver],
        // Reads everything that a stranger may send.
        Fuzz => &[Proto, Clock, Config, Hal, Agent, Core],
        Driver => &[Proto, Hal],
        Plugin => &[Proto, Game],
        Agent => &[Proto, Clock, Config, Discovery, Log, Mqtt, Page, Scaffold, Hal, Driver],
        Core => &[Proto, Clock, Config, Discovery, Log, Mqtt, Page, Game, Plugin],
    }
}

/// Edges that tests alone may use beyond that: from, to, reason.
const TESTS_MAY: &[(&str, &str, &str)] = &[];

/// Edges under a default feature alone: from, to, feature, reason.
const UNDER_A_FEATURE: &[(&str, &str, &str, &str)] =
    &[("eg-core", "eg-agent", "demo", "the demo runs its simulated slots in the core's process")];

fn packages() -> Vec<Package> {
    let manifest = tree::root().join("Cargo.toml");
    MetadataCommand::new().manifest_path(manifest).no_deps().exec().unwrap().packages
}

fn part(package: &Package) -> Part {
    let folder = package.manifest_path.parent().unwrap();
    let folder = folder.strip_prefix(tree::root().to_str().unwrap()).unwrap();
    match folder.as_str() {
        "eg-proto" => Proto,
        "eg-clock" => Clock,
        "eg-config" => Config,
        "eg-features" => Features,
        "eg-log" => Log,
        "eg-mqtt" => Mqtt,
        "eg-page" => Page,
        "eg-scaffold" => Scaffold,
        "eg-discovery" => Discovery,
        "eg-hal" => Hal,
        "eg-game" => Game,
        "eg-agent" => Agent,
        "eg-core" => Core,
        "bench" => Bench,
        "fuzz/targets" => Fuzz,
        "vm/probe" => Probe,
        "xtask" => Xtask,
        other if other.starts_with("drivers/") => Driver,
        other if other.starts_with("plugins/") => Plugin,
        other => panic!("{other} is a crate that the rules do not know; name its part in edges.rs"),
    }
}

/// Every edge between crates of the workspace: from, to, kind, whether optional. A crate of the registry may have the name
/// of one of ours, as a chip's has that of its driver; only ours are found by path.
fn edges(packages: &[Package]) -> Vec<(&Package, &Package, DependencyKind, bool)> {
    let mut edges = Vec::new();
    for from in packages {
        for dependency in from.dependencies.iter().filter(|dependency| dependency.path.is_some()) {
            if let Some(to) = packages.iter().find(|to| to.name.as_str() == dependency.name) {
                edges.push((from, to, dependency.kind, dependency.optional));
            }
        }
    }
    edges
}

#[test]
fn every_edge_between_crates_is_allowed() {
    let packages = packages();

    let wrong: Vec<_> = edges(&packages)
        .into_iter()
        .filter(|(from, to, kind, optional)| {
            let (from_name, to_name) = (from.name.as_str(), to.name.as_str());
            let in_tests = *kind == DependencyKind::Development
                && TESTS_MAY.iter().any(|edge| (edge.0, edge.1) == (from_name, to_name));
            let under_a_feature = *optional
                && UNDER_A_FEATURE.iter().any(|edge| (edge.0, edge.1) == (from_name, to_name));
            let wanted = part(to) != Features && !allowed(part(from)).contains(&part(to));
            wanted && !in_tests && !under_a_feature
        })
        .map(|(from, to, kind, _)| format!("{} → {} ({kind})", from.name, to.name))
        .collect();

    assert!(wrong.is_empty(), "these may not depend on each other: {wrong:#?}");
}

#[test]
fn the_way_of_a_press_is_there() {
    let packages = packages();
    let edges = edges(&packages);

    for (from, to) in [(Driver, Hal), (Agent, Driver), (Plugin, Game), (Core, Plugin)] {
        let found = edges.iter().any(|edge| part(edge.0) == from && part(edge.1) == to);
        assert!(found, "no {from:?} depends on a {to:?}: does this test still read the edges?");
    }
}

#[test]
fn a_feature_that_excuses_an_edge_is_a_default_and_switches_it_alone() {
    let packages = packages();

    for (from, to, feature, _) in UNDER_A_FEATURE {
        let package = packages.iter().find(|package| package.name.as_str() == *from).unwrap();
        if !package.dependencies.iter().any(|dependency| dependency.name == *to) {
            continue;
        }
        let names = |list: &[String]| list.iter().any(|item| item == &format!("dep:{to}"));
        let switches: Vec<_> =
            package.features.iter().filter(|(_, list)| names(list)).map(|(name, _)| name).collect();

        assert_eq!(switches, [feature], "{from}: only {feature} may have dep:{to}");
        assert!(package.features["default"].contains(&(*feature).to_owned()));
    }
}

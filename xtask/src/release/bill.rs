//! The bill of materials of agent and core: every crate that is linked into them, in CycloneDX 1.5
//! (cyclonedx.org/docs/1.5/json).

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};
use serde_json::{Value, json};

use super::VERSION;

/// What is shipped.
const PROGRAMS: [&str; 2] = ["eg-agent", "eg-core"];

/// The bill, as text.
///
/// # Errors
/// When cargo cannot tell what the programs are made of.
pub(super) fn of_programs() -> anyhow::Result<String> {
    let mut ask = MetadataCommand::new();
    ask.manifest_path(crate::root().join("Cargo.toml"));
    let linux = ["--locked", "--filter-platform", "aarch64-unknown-linux-gnu"];
    let metadata = ask.other_options(linux.map(str::to_owned)).exec()?;
    Ok(serde_json::to_string_pretty(&bill(&metadata)?)?)
}

fn bill(metadata: &Metadata) -> anyhow::Result<Value> {
    let edges = edges(metadata)?;
    let is_program = |package: &&Package| PROGRAMS.contains(&package.name.as_str());
    let programs = metadata.packages.iter().filter(is_program).map(|package| &package.id);
    let mut waiting: Vec<_> = programs.collect();
    let mut linked = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if linked.insert(id) {
            waiting.extend(edges.get(id).into_iter().flatten());
        }
    }
    let mut components = Vec::new();
    let mut dependencies = Vec::new();
    for id in linked {
        let needs = edges.get(id).into_iter().flatten().map(|id| locator(&metadata[id]));
        let needs: BTreeSet<_> = needs.collect();
        dependencies.push(json!({ "ref": locator(&metadata[id]), "dependsOn": needs }));
        components.push(component(&metadata[id]));
    }
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": { "type": "application", "name": "eg", "version": VERSION } },
        "components": components,
        "dependencies": dependencies,
    }))
}

/// What each package needs to run; what its tests need alone is not shipped.
fn edges(metadata: &Metadata) -> anyhow::Result<BTreeMap<&PackageId, Vec<&PackageId>>> {
    let resolve = metadata.resolve.as_ref().context("cargo resolved nothing")?;
    let nodes = resolve.nodes.iter().map(|node| {
        let runs = node.deps.iter().filter(|dependency| {
            dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal)
        });
        (&node.id, runs.map(|dependency| &dependency.pkg).collect())
    });
    Ok(nodes.collect())
}

fn component(package: &Package) -> Value {
    let mut component = json!({
        "type": if PROGRAMS.contains(&package.name.as_str()) { "application" } else { "library" },
        "bom-ref": locator(package),
        "name": package.name,
        "version": package.version,
        "purl": locator(package),
    });
    if let Some(licence) = &package.license {
        // Old crates write MIT/Apache-2.0, which no longer is an expression.
        let expression = licence.replace('/', " OR ");
        component["licenses"] = json!([{ "expression": expression }]);
    }
    component
}

/// Package URL (github.com/package-url/purl-spec), by which others look a crate up.
fn locator(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bill_has_what_is_linked_with_its_licence_and_nothing_of_the_tests() {
        let bill: Value = serde_json::from_str(&of_programs().unwrap()).unwrap();

        let components = bill["components"].as_array().unwrap();
        let named = |name: &str| components.iter().find(|component| component["name"] == name);
        assert!(named("eg-core").is_some() && named("tokio").is_some() && named("xtask").is_none());
        assert!(named("insta").is_none(), "a test's alone");
        assert!(
            components.iter().all(|component| component["licenses"][0]["expression"].is_string())
        );
    }
}

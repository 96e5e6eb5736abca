//! `cargo eg docs`: the documentation of all crates, with a page that leads to each.

use std::fmt::Write as _;
use std::fs;
use std::process::ExitCode;

use anyhow::{Context, ensure};
use cargo_metadata::{Metadata, MetadataCommand, Package};

use crate::step;

/// Headings of the first page, with the folders of the crates under them.
const PARTS: [(&str, &[&str]); 6] = [
    ("Write a driver", &["eg-hal", "drivers"]),
    ("Write a game", &["eg-game", "plugins"]),
    ("Read the wire", &["eg-proto"]),
    ("The two programs", &["eg-agent", "eg-core"]),
    (
        "Shared by both",
        &["eg-config", "eg-clock", "eg-discovery", "eg-log", "eg-mqtt", "eg-page", "eg-scaffold"],
    ),
    ("Tools", &["xtask", "bench", "vm", "fuzz", "eg-features"]),
];

/// Writes the pages and their first one, and tells where it is.
///
/// # Errors
/// When a page does not build.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let mut cargo = step::cargo();
    cargo.args(["doc", "--workspace", "--no-deps", "--locked"]).env("RUSTDOCFLAGS", "-D warnings");
    ensure!(
        cargo.status().context("cannot start cargo")?.success(),
        "the documentation does not build"
    );
    let manifest = crate::root().join("Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec()?;
    let first = crate::target().join("doc").join("index.html");
    fs::write(&first, page(&metadata)).with_context(|| first.display().to_string())?;
    println!("{}", first.display());
    Ok(ExitCode::SUCCESS)
}

fn page(metadata: &Metadata) -> String {
    let mut html = String::from(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>EG</title>\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <style>body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 sans-serif}</style>\
         <h1>EG</h1><p>A room where people play by pressing things. Each crate has a page; \
         docs/architecture.md in the repository walks a press through them.</p>",
    );
    for (heading, folders) in PARTS {
        let _ = write!(html, "<h2>{heading}</h2><dl>");
        for package in metadata.workspace_packages() {
            if folders.iter().any(|folder| is_in(metadata, package, folder)) {
                let name = package.name.as_str();
                // A crate's pages lie under the name of its library, or of its program.
                let target = package.targets.first().map_or(name, |target| target.name.as_str());
                let about = package.description.as_deref().unwrap_or_default();
                let _ = write!(
                    html,
                    "<dt><a href=\"{}/index.html\">{name}</a></dt><dd>{about}</dd>",
                    target.replace('-', "_")
                );
            }
        }
        html.push_str("</dl>");
    }
    html
}

fn is_in(metadata: &Metadata, package: &Package, folder: &str) -> bool {
    let path = package.manifest_path.strip_prefix(&metadata.workspace_root);
    path.is_ok_and(|path| path.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_page_leads_to_every_crate_once() {
        let manifest = crate::root().join("Cargo.toml");
        let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec().unwrap();

        let page = page(&metadata);

        for package in metadata.workspace_packages() {
            assert_eq!(
                page.matches(&format!(">{}</a>", package.name)).count(),
                1,
                "{}",
                package.name
            );
        }
    }
}

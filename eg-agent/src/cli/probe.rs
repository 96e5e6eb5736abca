//! `probe`: what a driver library is, and why it is refused. The agent tries libraries with it, too.

use super::exit::FAILED;
use crate::library::{Libraries, Part, Report};
use comfy_table::{Table, presets};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(super) fn probe(file: &Path, json: bool, here: bool) -> ExitCode {
    let agent = (!here).then(|| PathBuf::from("/proc/self/exe"));
    let report = Libraries { agent, ..Libraries::default() }.report(file);
    if json {
        anstream::println!("{}", serde_json::to_string_pretty(&report).unwrap_or_default());
    } else {
        explain(&report);
    }
    match report.refused {
        None => ExitCode::SUCCESS,
        Some(_) => ExitCode::from(FAILED),
    }
}

fn explain(report: &Report) {
    anstream::println!("{}", report.file);
    let built = report.krate.as_ref().zip(report.version.as_ref());
    let built = built.map(|(krate, version)| format!("{krate} {version}"));
    let facts = [("crate", &built), ("machine", &report.machine), ("sha256", &report.sha256)];
    for (name, fact) in facts {
        if let Some(fact) = fact {
            anstream::println!("  {name:8} {fact}");
        }
    }
    if report.fingerprint.iter().any(|part| part.library != part.agent) {
        anstream::println!("{}", side_by_side(&report.fingerprint));
    }
    for driver in &report.drivers {
        anstream::println!("\n  driver {}: {}", driver.kind, driver.about);
        let schema = serde_json::to_string_pretty(&driver.schema).unwrap_or_default();
        schema.lines().for_each(|line| anstream::println!("    {line}"));
    }
    match &report.refused {
        None => anstream::println!("\nthis agent loads it"),
        Some(refused) => anstream::eprintln!("\nrefused: {refused}"),
    }
}

/// Compares the parts that library and agent were built with; what differs is marked. Of the many words of the layouts
/// only those are shown.
fn side_by_side(parts: &[Part]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["", "part", "library", "this agent"]);
    for Part { part, library, agent } in parts {
        let [library, agent] = [library, agent].map(|side| side.as_deref().unwrap_or("nothing"));
        let mark = if library == agent { "" } else { "≠" };
        let (library, agent) = match part.as_str() {
            "layout" => (others(library, agent), others(agent, library)),
            _ => (library.to_owned(), agent.to_owned()),
        };
        table.add_row([mark, part.as_str(), library.as_str(), agent.as_str()]);
    }
    table
}

/// The words of `one` that `other` does not have, one a line.
fn others(one: &str, other: &str) -> String {
    let strange = |word: &&str| !other.split(' ').any(|known| known == *word);
    let words: Vec<_> = one.split(' ').filter(strange).collect();
    if words.is_empty() { "alike".to_owned() } else { words.join("\n") }
}

//! `cargo eg sdk`: the SDK as somebody outside depends on it.
//!
//! The crates are packaged as a registry would have them, and a driver and a game in an empty folder are built and tested on
//! what was unpacked. Then their public API is held against the one that is recorded in `docs/api`.

mod api;
mod packed;
mod page;

use std::fs;
use std::process::ExitCode;

use anyhow::Context;

use crate::count::Count;

/// Crates that others may depend on, with those that they are made of; each stands behind those that it needs.
const CRATES: [&str; 5] = ["eg-proto", "eg-clock", "eg-config", "eg-hal", "eg-game"];

/// Number of them, as checks are counted.
const ALL: u64 = CRATES.len() as u64;

/// Arguments of `cargo eg sdk`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Record the public API as it now is, in docs/api
    #[arg(long)]
    bless: bool,
    /// Leave the packages alone, and look at the API only
    #[arg(long)]
    api: bool,
}

/// Runs the checks; the last line counts them.
///
/// # Errors
/// When something does not build, or a package lacks something.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut count = Count::default();
    if !args.api && !args.bless {
        packed::check()?;
        println!("packages: a driver and a game in an empty folder keep their promises on them");
        count.passed += ALL;
    }
    let Some(found) = api::read(&CRATES)? else {
        println!("api: skipped; docs/api is of {}", api::RUSTDOC);
        count.skipped += ALL;
        return Ok(end(count));
    };
    for (krate, api) in found {
        let file = crate::root().join("docs/api").join(format!("{krate}.txt"));
        if args.bless {
            let folder = file.parent().context("a file in no folder")?;
            fs::create_dir_all(folder)?;
            fs::write(&file, api).with_context(|| file.display().to_string())?;
            count.passed += 1;
            continue;
        }
        let recorded = fs::read_to_string(&file).unwrap_or_default();
        let differs = api::differences(&recorded, &api);
        if differs.is_empty() {
            count.passed += 1;
        } else {
            count.failed += 1;
            println!("api: {krate} is not as docs/api has it (- recorded, + now):");
            differs.iter().for_each(|line| println!("  {line}"));
        }
    }
    if count.failed > 0 {
        println!("if this is meant, say it in CHANGELOG.md and record it: cargo eg sdk --bless");
    }
    Ok(end(count))
}

fn end(count: Count) -> ExitCode {
    println!(
        "sdk checks: {} passed, {} failed, {} skipped",
        count.passed, count.failed, count.skipped
    );
    if count.failed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

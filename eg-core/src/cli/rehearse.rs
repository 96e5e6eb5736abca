//! `rehearse`: plays rooms under virtual time, from files or made up.

use super::exit::{FAILED, MISTAKE, complain, finish};
use crate::rehearse::{RehearseError, Report, Script, made_up, rehearse as play};
use anyhow::Result;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Rehearsals to play: YAML files.
    #[arg(required_unless_present = "random")]
    files: Vec<PathBuf>,
    /// Play this many made-up nights, each from a seed of its own.
    #[arg(long, value_name = "COUNT", conflicts_with = "files")]
    random: Option<u64>,
    /// Seed of the rehearsal; of made-up nights, the seed of the first one.
    #[arg(long)]
    seed: Option<u64>,
    /// Print a JSON array, one object for each rehearsal.
    #[arg(long)]
    json: bool,
}

pub(super) fn rehearse(args: &Args) -> ExitCode {
    let mut reports = Vec::new();
    let scripts: Box<dyn Iterator<Item = (String, Result<Script, _>)>> = match args.random {
        Some(count) => {
            let first = args.seed.unwrap_or(1);
            let seeds = first..first.saturating_add(count);
            Box::new(seeds.map(|seed| (format!("seed {seed}"), made_up(seed))))
        }
        None => {
            Box::new(args.files.iter().map(|file| (file.display().to_string(), Script::read(file))))
        }
    };
    let mut wrong = false;
    for (name, script) in scripts {
        let seed = args.seed.filter(|_| args.random.is_none());
        let played = script.map_err(RehearseError::File).and_then(|script| play(&script, seed));
        match played {
            Ok(report) => {
                wrong |= !report.failures.is_empty();
                if !args.json {
                    tell(&name, &report);
                }
                reports.push(report);
            }
            Err(RehearseError::File(problems)) => {
                complain(&problems);
                return ExitCode::from(MISTAKE);
            }
            Err(error) => return finish(Err(error.into())),
        }
    }
    if args.json {
        anstream::println!("{}", serde_json::to_string_pretty(&reports).unwrap_or_default());
    }
    if wrong { ExitCode::from(FAILED) } else { ExitCode::SUCCESS }
}

fn tell(name: &str, report: &Report) {
    let Report { played, events, entries, sessions, seed, .. } = report;
    let (played, speed) = (played.as_secs(), report.speed());
    anstream::println!(
        "{name}: {played} s of {sessions} session(s), {events} events, {entries} entries, {speed:.0} times as fast"
    );
    for failure in &report.failures {
        anstream::println!("  FAILED {failure}");
    }
    if !report.failures.is_empty() {
        anstream::println!("  again: with --seed {seed}");
    }
}

//! `cargo eg test`: what CI runs, and what a contributor runs before CI does.

mod steps;

use std::process::ExitCode;

use anyhow::{bail, ensure};

use crate::count::Count;
use crate::install;
use crate::step::{self, Outcome, Step};
use crate::terminal::{Terminal, Tone, say_duration};
use crate::tools;
pub(crate) use steps::In;
use steps::{STEPS, Tier};

/// Arguments of `cargo eg test`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Run the unit and property tests alone, in minutes
    #[arg(long, conflicts_with_all = ["long", "only"])]
    quick: bool,
    /// Run what searches for hours as well
    #[arg(long, conflicts_with = "only")]
    long: bool,
    /// Run these steps only, of whatever tier, and install only what they need
    #[arg(long, value_name = "STEP", value_delimiter = ',', conflicts_with = "skip")]
    only: Vec<String>,
    /// Run all steps but these
    #[arg(long, value_name = "STEP", value_delimiter = ',')]
    skip: Vec<String>,
    /// Fail when a tool is missing, instead of installing it
    #[arg(long)]
    no_install: bool,
    /// Print the steps and their commands, and run nothing
    #[arg(long)]
    list: bool,
}

/// Runs the chosen steps, all of them whatever fails, and closes with a table and the count of tests.
///
/// # Errors
/// On a step name that does not exist. A step that fails is no error: it is said, and the exit code is 1.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let terminal = Terminal::of_stdout();
    let steps = chosen(args)?;
    if args.list {
        for step in steps {
            println!("{:13} {}", step.name, step.command_line());
        }
        return Ok(ExitCode::SUCCESS);
    }

    let path = tools::path();
    let mut needed: Vec<_> = steps.iter().flat_map(|step| step.needs).copied().collect();
    needed.dedup();
    let mut outcomes = Vec::new();
    if !needed.is_empty() {
        announce(terminal, "tools", "what the steps need");
        let tools = || install::ensure_present(&needed, &path, !args.no_install).map(|()| None);
        outcomes.push(close(terminal, step::timed("tools", tools)));
    }
    for step in steps {
        announce(terminal, step.name, &step.command_line());
        outcomes.push(close(terminal, step.run(&path, terminal, !args.no_install)));
    }
    Ok(summarise(terminal, &outcomes))
}

fn chosen(args: &Args) -> anyhow::Result<Vec<&'static Step>> {
    for name in args.only.iter().chain(&args.skip) {
        if !STEPS.iter().any(|step| step.name == name) {
            let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
            bail!("no step called \"{name}\"; there are {}", names.join(", "));
        }
    }
    let has = |list: &[String], step: &Step| list.iter().any(|name| name == step.name);
    let tier = match (args.quick, args.long) {
        (true, _) => Tier::Quick,
        (_, true) => Tier::Long,
        (false, false) => Tier::Usual,
    };
    let runs =
        |step: &&Step| if args.only.is_empty() { tier.runs(step) } else { has(&args.only, step) };
    let steps: Vec<_> = STEPS.iter().filter(runs).filter(|step| !has(&args.skip, step)).collect();
    ensure!(!steps.is_empty(), "every step is skipped; leave one");
    Ok(steps)
}

fn announce(terminal: Terminal, name: &str, what: &str) {
    println!("\n{} {}", terminal.paint(Tone::Title, &format!("==> {name}")), what);
}

fn close(terminal: Terminal, outcome: Outcome) -> Outcome {
    let took = say_duration(outcome.took);
    let line = match &outcome.failure {
        None if outcome.is_skipped() => {
            terminal.paint(Tone::Bad, &format!("skipped {} in {took}", outcome.name))
        }
        None => terminal.paint(Tone::Good, &format!("ok {} in {took}", outcome.name)),
        Some(why) => {
            terminal.paint(Tone::Bad, &format!("FAILED {} in {took}: {why}", outcome.name))
        }
    };
    println!("{line}");
    outcome
}

/// The table, then the count of all tests as the last line.
fn summarise(terminal: Terminal, outcomes: &[Outcome]) -> ExitCode {
    println!("\n{}", terminal.paint(Tone::Title, "==> summary"));
    let mut sum: Option<Count> = None;
    for outcome in outcomes {
        let end = match &outcome.failure {
            None if outcome.is_skipped() => terminal.paint(Tone::Bad, "skipped"),
            None => terminal.paint(Tone::Good, "ok     "),
            Some(_) => terminal.paint(Tone::Bad, "FAILED "),
        };
        let note = match (&outcome.failure, outcome.count) {
            (Some(_), _) if outcome.name != "tools" => {
                format!("again: cargo eg test --only {}", outcome.name)
            }
            (Some(why), _) => why.clone(),
            (None, Some(count)) => count.to_string(),
            (None, None) => String::new(),
        };
        let line = format!("{:13} {end} {:>12}  ", outcome.name, say_duration(outcome.took));
        println!("{}", format!("{line}{}", terminal.paint(Tone::Quiet, &note)).trim_end());
        if let Some(count) = outcome.count {
            *sum.get_or_insert_default() += count;
        }
    }
    if let Some(sum) = sum {
        println!("\ntests: {sum}");
    }
    if outcomes.iter().any(|outcome| outcome.failure.is_some()) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn args(only: &[&str], skip: &[&str]) -> Args {
        let own = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Args {
            quick: false,
            long: false,
            only: own(only),
            skip: own(skip),
            no_install: true,
            list: false,
        }
    }

    fn outcome(failure: Option<&str>) -> Outcome {
        let failure = failure.map(str::to_owned);
        Outcome { name: "clippy", failure, took: Duration::ZERO, count: None }
    }

    fn names(args: &Args) -> Vec<&'static str> {
        chosen(args).unwrap().into_iter().map(|step| step.name).collect()
    }

    #[test]
    fn a_tier_has_all_that_a_quicker_one_looks_at() {
        let (usual, none) = (names(&args(&[], &[])), || args(&[], &[]));
        let quick = names(&Args { quick: true, ..none() });
        let long = names(&Args { long: true, ..none() });

        assert_eq!(quick, ["format", "unit"]);
        assert!(usual.contains(&"tests") && !usual.contains(&"unit") && !usual.contains(&"soak"));
        assert!(usual.iter().all(|step| long.contains(step)), "{long:?}");
        assert!(long.contains(&"soak") && long.contains(&"fuzz"));
    }

    #[test]
    fn only_keeps_and_skip_drops() {
        assert_eq!(names(&args(&["tests", "clippy"], &[])), ["clippy", "tests"]);
        assert!(!names(&args(&[], &["tests"])).contains(&"tests"));
    }

    #[test]
    fn an_unknown_step_names_those_that_exist() {
        let error = chosen(&args(&["test"], &[])).err().unwrap().to_string();

        assert!(error.starts_with("no step called \"test\"; there are format, "), "{error}");
    }

    #[test]
    fn one_failed_step_fails_the_run() {
        let terminal = Terminal::of_stdout();

        assert_eq!(summarise(terminal, &[outcome(None)]), ExitCode::SUCCESS);
        assert_eq!(summarise(terminal, &[outcome(Some("1")), outcome(None)]), ExitCode::FAILURE);
    }

    #[test]
    fn a_step_that_could_not_run_is_skipped_and_no_success_of_its_tests() {
        let counted = |passed, skipped| Outcome {
            count: Some(Count { passed, failed: 0, skipped }),
            ..outcome(None)
        };

        assert!(counted(0, 56).is_skipped());
        assert!(!counted(55, 1).is_skipped());
        assert!(!counted(0, 0).is_skipped());
        assert!(!outcome(None).is_skipped());
    }

    #[test]
    fn every_step_that_reads_the_lock_file_is_locked() {
        for step in STEPS.iter().filter(|step| step.name != "format") {
            assert!(step.cargo.contains(&"--locked"), "{}", step.name);
        }
    }
}

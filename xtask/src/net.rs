//! `cargo eg net`: a core and its agents as real processes, each in a network namespace of its own, and presses close
//! together on links that are slow, uneven and never twice the same.
//!
//! Everything happens inside namespaces that have no name and die with the process that made them (`unshare(1)`), so
//! nothing is left behind whatever happens. Where the kernel has `sch_netem` it delays the links; a proxy of ours, which
//! delays the bytes between agent and core, stands beside it and needs no module.

mod http;
mod link;
mod proxy;
mod quiz;

use std::process::{Command, ExitCode};

use anyhow::{Context, ensure};

use crate::count::Count;
use crate::step::{self, SKIPPED};
use crate::terminal::{Terminal, Tone};
use quiz::Delays;

/// What `cargo eg net` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many pairs of presses in each check
    #[arg(long, value_name = "NUMBER", default_value_t = 25)]
    pairs: u32,
    /// Where the delays are drawn from
    #[arg(long, value_name = "NUMBER", default_value_t = 2026)]
    seed: u64,
    /// We are in the namespaces already
    #[arg(long, hide = true)]
    inside: bool,
}

/// Runs the checks. The last line counts them; what this kernel cannot do is skipped, and the exit code says so.
///
/// # Errors
/// When core or agent do not build.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if args.inside {
        return inside(args);
    }
    let terminal = Terminal::of_stdout();
    println!("building core and agent");
    let built = step::cargo()
        .args(["build", "--quiet", "--locked", "--package", "eg-core", "--package", "eg-agent"])
        .status()
        .context("cannot start cargo")?;
    ensure!(built.success(), "core and agent do not build");
    let unshare = || {
        let mut command = Command::new("unshare");
        command.args([
            "--map-root-user",
            "--net",
            "--mount-proc",
            "--pid",
            "--fork",
            "--kill-child",
        ]);
        command
    };
    let possible = unshare().arg("true").output();
    if !possible.as_ref().is_ok_and(|ended| ended.status.success()) {
        let why = match possible {
            Ok(ended) => String::from_utf8_lossy(&ended.stderr).trim().to_owned(),
            Err(error) => format!("unshare: {error}"),
        };
        println!("{}", terminal.paint(Tone::Bad, &format!("skipped: no namespaces here: {why}")));
        return Ok(close(Count { skipped: 2, ..Count::default() }));
    }
    let own = std::env::current_exe().context("cannot find myself")?;
    let (pairs, seed) = (args.pairs.to_string(), args.seed.to_string());
    let status = unshare()
        .arg(own)
        .args(["net", "--inside", "--pairs", &pairs, "--seed", &seed])
        .status()
        .context("unshare does not start")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

fn inside(args: &Args) -> anyhow::Result<ExitCode> {
    let terminal = Terminal::of_stdout();
    link::raise("lo")?;
    let mut count = Count::default();
    for (delays, name) in
        [(Delays::Netem, "links with netem"), (Delays::Proxy, "links with a proxy")]
    {
        if delays == Delays::Netem && !link::has_netem() {
            let said = format!("skipped {name}: this kernel has no sch_netem");
            println!("{}", terminal.paint(Tone::Bad, &said));
            count.skipped += 1;
            continue;
        }
        match quiz::play(delays, args.pairs, args.seed) {
            Ok(told) => {
                println!("{}", terminal.paint(Tone::Good, &format!("ok {name}: {told}")));
                count.passed += 1;
            }
            Err(error) => {
                let said = format!("FAILED {name}, seed {}: {error:#}", args.seed);
                println!("{}", terminal.paint(Tone::Bad, &said));
                count.failed += 1;
            }
        }
    }
    Ok(close(count))
}

fn close(count: Count) -> ExitCode {
    println!("network checks: {count}");
    match count {
        Count { failed: 1.., .. } => ExitCode::FAILURE,
        Count { skipped: 1.., .. } => ExitCode::from(SKIPPED),
        Count { .. } => ExitCode::SUCCESS,
    }
}

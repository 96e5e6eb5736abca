//! `cargo eg net`: a core and its agents as real processes, and presses close together: on links that are slow, uneven
//! and never twice the same, each agent in a network namespace of its own; and in worlds of clocks and links that are
//! worse, one after the other, held against the truth.
//!
//! Everything happens inside namespaces that have no name and die with the process that made them (`unshare(1)`), so
//! nothing is left behind whatever happens. Where the kernel has `sch_netem` it delays the links; a proxy of ours, which
//! delays the bytes between agent and core, stands beside it and needs no module.

pub(crate) mod adoption;
mod fair;
pub(crate) mod http;
pub(crate) mod link;
mod proxy;
mod quiz;

use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, bail, ensure};

use crate::count::Count;
use crate::step::{self, SKIPPED};
use crate::terminal::{Terminal, Tone};
use quiz::Delays;

/// Every profile.
const ALL: &str = "all";

/// Arguments of `cargo eg net`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Number of pairs of presses in each check
    #[arg(long, value_name = "NUMBER", default_value_t = 25)]
    pairs: u32,
    /// Seed that the delays are drawn from
    #[arg(long, value_name = "NUMBER", default_value_t = 2026)]
    seed: u64,
    /// Only these worlds of clocks and links, or `all` of them; without it a few short ones, and the pairs
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    profiles: Vec<String>,
    /// Length of each world, in seconds
    #[arg(long, value_name = "NUMBER", default_value_t = 15)]
    seconds: u64,
    /// Take core and agent from `target/release`, as they were built there
    #[arg(long)]
    release: bool,
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
    let unknown =
        args.profiles.iter().find(|name| *name != ALL && !fair::names().contains(&name.as_str()));
    if let Some(unknown) = unknown {
        bail!("no profile called {unknown:?}; there are {ALL}, {}", fair::names().join(", "));
    }
    println!("building core and agent");
    let release: &[&str] = if args.release { &["--release"] } else { &[] };
    let built = step::cargo()
        .args(["build", "--quiet", "--locked", "--package", "eg-core", "--package", "eg-agent"])
        .args(release)
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
    let seconds = args.seconds.to_string();
    let status = unshare()
        .arg(own)
        .args(["net", "--inside", "--pairs", &pairs, "--seed", &seed, "--seconds", &seconds])
        .args(release)
        .args(args.profiles.iter().map(|name| format!("--profiles={name}")))
        .status()
        .context("unshare does not start")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

fn inside(args: &Args) -> anyhow::Result<ExitCode> {
    let terminal = Terminal::of_stdout();
    link::raise("lo")?;
    quiz::take_from(if args.release { "release" } else { "debug" });
    let wanted = match args.profiles.as_slice() {
        [all] if all == ALL => fair::names().into_iter().map(str::to_owned).collect(),
        names => names.to_vec(),
    };
    let mut count = fair::check(&wanted, Duration::from_secs(args.seconds), args.seed, terminal);
    if !wanted.is_empty() {
        return Ok(close(count));
    }
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

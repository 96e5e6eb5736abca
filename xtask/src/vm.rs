//! `cargo eg vm`: EG's real code on a real kernel, in an emulated machine with simulated chips.

mod archive;
mod binary;
mod debian;
mod guest;
mod kernel;
mod verdict;

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::count::Count;
use crate::install;
use crate::step::SKIPPED;
use crate::terminal::{Terminal, Tone, say_duration};
use crate::tools::{self, GCC, MAKE, QEMU, Tool, XZ};
use archive::Archive;
use binary::{Agent, probe};
use debian::Packages;
use guest::Guest;
use kernel::Kernel;
use verdict::{Line, Verdicts};

/// What the machine is built and run with.
const NEEDS: [&Tool; 4] = [&QEMU, &MAKE, &GCC, &XZ];

/// What `cargo eg vm` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Fail where the machine cannot be had, instead of counting its checks as skipped
    #[arg(long)]
    require: bool,
    /// Install and fetch nothing
    #[arg(long, env = "EG_NO_INSTALL")]
    no_install: bool,
    /// After so many seconds the machine is switched off
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    patience: u64,
}

/// Boots the machine and runs every check in it. Its last line counts them.
///
/// # Errors
/// When something of ours does not build. A machine that cannot be had is no error: its checks are skipped, the exit
/// code says so, and `--require` makes it 1.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let terminal = Terminal::of_stdout();
    let start = now();
    let probe = probe()?;
    let names = names_of(&probe)?;
    let cache = binary::target().join("vm");
    fs::create_dir_all(&cache)?;
    let count = match kernel_for(&cache, !args.no_install) {
        Ok(kernel) => {
            let patience = Duration::from_secs(args.patience);
            boot(&kernel, &cache, &probe, names, patience, terminal)?
        }
        Err(why) => {
            let what = if args.require { "FAILED" } else { "skipped" };
            println!("{}", terminal.paint(Tone::Bad, &format!("{what}: no machine here: {why:#}")));
            let all = names.len() as u64;
            match args.require {
                true => Count { failed: all, ..Count::default() },
                false => Count { skipped: all, ..Count::default() },
            }
        }
    };
    println!("in {}", say_duration(start.elapsed()));
    println!("kernel checks: {count}");
    Ok(match count {
        Count { failed: 1.., .. } => ExitCode::FAILURE,
        Count { skipped: 1.., .. } => ExitCode::from(SKIPPED),
        Count { .. } => ExitCode::SUCCESS,
    })
}

/// The checks that the program has: these must report.
fn names_of(probe: &Path) -> anyhow::Result<Vec<String>> {
    let listed = Command::new(probe).arg("list").output().context("cannot start the checks")?;
    let names: Vec<_> = String::from_utf8(listed.stdout)?.lines().map(str::to_owned).collect();
    ensure!(listed.status.success() && !names.is_empty(), "the program has no checks");
    Ok(names)
}

/// Everything that may be missing on this computer.
fn kernel_for(cache: &Path, install: bool) -> anyhow::Result<Kernel> {
    let path = tools::path();
    install::ensure_present(&NEEDS, &path, install)?;
    let first = Packages::offered().and_then(|packages| {
        ensure!(install || Kernel::is_kept(cache, &packages), "no kernel was fetched yet");
        Kernel::ready(cache, &packages)
    });
    match first {
        Err(error) if install => {
            println!("once more with new package lists: {error:#}");
            install::update_debian(&path)?;
            Kernel::ready(cache, &Packages::offered()?)
        }
        ended => ended,
    }
}

fn boot(
    kernel: &Kernel,
    cache: &Path,
    probe: &Path,
    names: Vec<String>,
    patience: Duration,
    terminal: Terminal,
) -> anyhow::Result<Count> {
    let vm = crate::root().join("vm");
    let modules = kernel.modules(cache, &vm.join("modules"))?;
    let guest = Guest {
        image: kernel.image(),
        archive: cache.join("initramfs.cpio"),
        kernel_log: cache.join("kernel.log"),
        check_log: cache.join("checks.log"),
    };
    let agent = Agent::built(cache)?;
    let mut archive = Archive::new(BufWriter::new(File::create(&guest.archive)?));
    archive.file("init", &fs::read(vm.join("init"))?)?;
    archive.file("bin/busybox", &fs::read(kernel.busybox())?)?;
    archive.file("bin/vm-probe", &fs::read(probe)?)?;
    archive.file("bin/eg-agent", &agent.content)?;
    for (name, content) in &agent.libraries {
        archive.file(name, content)?;
    }
    for (number, (name, content)) in modules.iter().enumerate() {
        archive.file(&format!("modules/{number:02}-{name}.ko"), content)?;
    }
    archive.finish()?;
    println!("booting; logs: {}, {}", guest.kernel_log.display(), guest.check_log.display());
    let mut verdicts = Verdicts::of(names);
    let ended = guest.run(patience, |line| {
        let line = Line::read(line);
        verdicts.hear(&line);
        say(&line, terminal);
    })?;
    for (name, why) in verdicts.close(&ended) {
        say(&Line::Ended(&name, Err(why)), terminal);
    }
    Ok(verdicts.count())
}

/// One line for each check, as it ends, and whatever else the machine has to say.
fn say(line: &Line<'_>, terminal: Terminal) {
    match line {
        Line::Begins(_) | Line::Other("") => {}
        Line::Ended(name, Ok(())) => println!("{} {name}", terminal.paint(Tone::Good, "ok")),
        Line::Ended(name, Err(why)) => {
            println!("{}", terminal.paint(Tone::Bad, &format!("FAILED {name}: {why}")));
        }
        Line::Other(text) => println!("{}", terminal.paint(Tone::Quiet, text)),
    }
}

#[expect(clippy::disallowed_methods, reason = "a clock for the person who waits")]
fn now() -> Instant {
    Instant::now()
}

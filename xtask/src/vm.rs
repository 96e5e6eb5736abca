//! `cargo eg vm`: EG's real code on a real kernel, in emulated machines.

mod archive;
mod binary;
mod guest;
mod kernel;
mod packages;
mod pi;
mod verdict;
mod x86;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::count::Count;
use crate::step::SKIPPED;
use crate::terminal::{Terminal, Tone, say_duration};
use binary::probe;
use guest::Guest;
pub(crate) use kernel::Kernel;
use verdict::{Line, Verdicts};

/// Arguments of `cargo eg vm`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Boot this machine only
    #[arg(long, value_enum)]
    machine: Option<Machine>,
    /// Fail where a machine cannot be had, instead of counting its checks as skipped
    #[arg(long)]
    require: bool,
    /// Install and fetch nothing
    #[arg(long, env = "EG_NO_INSTALL")]
    no_install: bool,
    /// After so many seconds a machine is switched off
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    patience: u64,
}

/// A machine that QEMU emulates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Machine {
    /// A PC with simulated chips
    #[value(name = "x86_64")]
    X86,
    /// A Raspberry Pi 3 Model B
    #[value(name = "raspi3b")]
    Pi,
}

/// A machine whose parts are all here.
enum Ready {
    X86(Kernel),
    Pi(pi::Parts),
}

/// Boots each machine and runs every check in it. Its last line counts them.
///
/// # Errors
/// When something of ours does not build. A machine that cannot be had is no error: its checks are skipped, the exit
/// code says so, and `--require` makes it 1.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let terminal = Terminal::of_stdout();
    let start = now();
    let probe = probe()?;
    let cache = crate::target().join("vm");
    fs::create_dir_all(&cache)?;
    let mut count = Count::default();
    for machine in [Machine::X86, Machine::Pi] {
        if args.machine.is_none_or(|only| only == machine) {
            count += machine.run(args, &probe, &cache, terminal)?;
        }
    }
    println!("in {}", say_duration(start.elapsed()));
    println!("kernel checks: {count}");
    Ok(match count {
        Count { failed: 1.., .. } => ExitCode::FAILURE,
        Count { passed: 0, skipped: 1.., .. } => ExitCode::from(SKIPPED),
        Count { .. } => ExitCode::SUCCESS,
    })
}

/// The kernel of the PC, fetched where it is not kept.
///
/// # Errors
/// When it cannot be had.
pub(crate) fn kernel(install: bool) -> anyhow::Result<Kernel> {
    let cache = crate::target().join("vm");
    fs::create_dir_all(&cache)?;
    x86::ready(&cache, install)
}

/// Modules of that kernel that make simulated chips, with their content, in the order of loading.
///
/// # Errors
/// When one does not build.
pub(crate) fn modules(kernel: &Kernel) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    kernel.modules(&crate::target().join("vm"), &crate::root().join("vm/modules"))
}

impl Machine {
    /// Name by which kernel and checks know the machine.
    fn name(self) -> &'static str {
        match self {
            Self::X86 => "x86_64",
            Self::Pi => "raspi3b",
        }
    }

    fn run(
        self,
        args: &Args,
        probe: &Path,
        cache: &Path,
        terminal: Terminal,
    ) -> anyhow::Result<Count> {
        let names = self.names(probe)?;
        match self.ready(cache, !args.no_install) {
            Ok(ready) => {
                let guest = ready.guest(cache, probe)?;
                boot(guest, names, Duration::from_secs(args.patience), terminal)
            }
            Err(why) => {
                let what = if args.require { "FAILED" } else { "skipped" };
                let text = format!("{what}: no {} here: {why:#}", self.name());
                println!("{}", terminal.paint(Tone::Bad, &text));
                let all = names.len() as u64;
                Ok(match args.require {
                    true => Count { failed: all, ..Count::default() },
                    false => Count { skipped: all, ..Count::default() },
                })
            }
        }
    }

    /// The checks that there are for it: these must report.
    fn names(self, probe: &Path) -> anyhow::Result<Vec<String>> {
        let listed = Command::new(probe).args(["list", self.name()]).output();
        let listed = listed.context("cannot start the checks")?;
        let names: Vec<_> = String::from_utf8(listed.stdout)?.lines().map(str::to_owned).collect();
        ensure!(listed.status.success() && !names.is_empty(), "no checks for {}", self.name());
        Ok(names)
    }

    fn ready(self, cache: &Path, install: bool) -> anyhow::Result<Ready> {
        Ok(match self {
            Self::X86 => Ready::X86(x86::ready(cache, install)?),
            Self::Pi => Ready::Pi(pi::ready(cache, install)?),
        })
    }
}

impl Ready {
    fn guest(&self, cache: &Path, probe: &Path) -> anyhow::Result<Guest> {
        match self {
            Self::X86(kernel) => x86::guest(kernel, cache, probe),
            Self::Pi(parts) => parts.guest(cache),
        }
    }
}

fn boot(
    guest: Guest,
    names: Vec<String>,
    patience: Duration,
    terminal: Terminal,
) -> anyhow::Result<Count> {
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

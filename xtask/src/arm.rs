//! `cargo eg arm`: the agent as a Pi runs it, built and packaged here, and pressed under emulation.

mod room;
mod toolchain;

use std::process::ExitCode;

use anyhow::Context;

use crate::count::Count;
use crate::install;
use crate::package::{self, Package};
use crate::step::{self, SKIPPED};
use crate::terminal::{Terminal, Tone, say_duration};
use crate::tools::{self, Tool};
pub(crate) use toolchain::Toolchain;

/// Architecture that a program is built for, as Debian calls it.
#[derive(Debug)]
pub(crate) struct Architecture {
    /// `arm64`.
    pub(crate) name: &'static str,
    /// Target triple of rustc.
    pub(crate) triple: &'static str,
    /// Triple of gcc and binutils; libraries lie in a folder of that name.
    pub(crate) gnu: &'static str,
    /// Links for it, and runs what was linked.
    needs: [&'static Tool; 3],
}

/// 64-bit Pis: 3, 4, 5, Zero 2.
pub(crate) const ARM64: Architecture = Architecture {
    name: "arm64",
    triple: "aarch64-unknown-linux-gnu",
    gnu: "aarch64-linux-gnu",
    needs: [&tools::GCC_ARM64, &tools::LIBC_ARM64, &tools::QEMU_ARM64],
};

/// Pis with a 32-bit system: 2, 3, 4, Zero 2. The ARMv6 of the first ones is not enough.
pub(crate) const ARMHF: Architecture = Architecture {
    name: "armhf",
    triple: "armv7-unknown-linux-gnueabihf",
    gnu: "arm-linux-gnueabihf",
    needs: [&tools::GCC_ARMHF, &tools::LIBC_ARMHF, &tools::QEMU_ARMHF],
};

/// Arguments of `cargo eg arm`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Fail where no toolchain can be had, instead of counting the checks as skipped
    #[arg(long)]
    require: bool,
    /// Install and fetch nothing
    #[arg(long, env = "EG_NO_INSTALL")]
    no_install: bool,
}

/// Looks at a packaged agent.
type Look = fn(&Architecture, &Package) -> anyhow::Result<()>;

/// Checks of each architecture.
const CHECKS: [(&str, Look); 2] = [
    ("a_package_has_all_that_a_slot_needs", |_, package| package.check()),
    ("a_press_on_an_emulated_slot_is_stored_by_a_core_here", room::check),
];

/// Builds, packages and presses. Its last line counts what held.
///
/// # Errors
/// When something of ours does not build for this machine.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let terminal = Terminal::of_stdout();
    let mut count = Count::default();
    for architecture in [&ARM64, &ARMHF] {
        let all = CHECKS.len() as u64;
        count += match Toolchain::ready(architecture, !args.no_install) {
            Ok(toolchain) => look(architecture, &toolchain, terminal)?,
            Err(why) => {
                let what = if args.require { "FAILED" } else { "skipped" };
                let text = format!("{what}: no {} here: {why:#}", architecture.name);
                println!("{}", terminal.paint(Tone::Bad, &text));
                match args.require {
                    true => Count { failed: all, ..Count::default() },
                    false => Count { skipped: all, ..Count::default() },
                }
            }
        };
    }
    println!("arm checks: {count}");
    Ok(match count {
        Count { failed: 1.., .. } => ExitCode::FAILURE,
        Count { passed: 0, skipped: 1.., .. } => ExitCode::from(SKIPPED),
        Count { .. } => ExitCode::SUCCESS,
    })
}

fn look(
    architecture: &Architecture,
    toolchain: &Toolchain,
    terminal: Terminal,
) -> anyhow::Result<Count> {
    println!("building the agent for {}", architecture.name);
    let mut count = Count::default();
    let built = step::timed(architecture.name, || agent(toolchain).map(|()| None));
    if let Some(why) = built.failure {
        println!("{}", terminal.paint(Tone::Bad, &format!("FAILED {}: {why}", architecture.name)));
        return Ok(Count { failed: CHECKS.len() as u64, ..count });
    }
    println!("in {}", say_duration(built.took));
    let folder = toolchain.target().join("debian");
    let package = package::agent(architecture.name, &toolchain.built("dev"), &folder)?;
    for (name, check) in CHECKS {
        match check(architecture, &package) {
            Ok(()) => {
                count.passed += 1;
                println!("{} {}/{name}", terminal.paint(Tone::Good, "ok"), architecture.name);
            }
            Err(why) => {
                count.failed += 1;
                let text = format!("FAILED {}/{name}: {why:#}", architecture.name);
                println!("{}", terminal.paint(Tone::Bad, &text));
            }
        }
    }
    Ok(count)
}

/// The agent with all that a Pi has, quickly built: it shall run, not run fast.
fn agent(toolchain: &Toolchain) -> anyhow::Result<()> {
    toolchain.build(&["--package", "eg-agent", "--bin", "eg-agent", "--features", "eg-agent/rppal"])
}

impl Architecture {
    /// Installs what is missing to link for it and to run it.
    fn install(&self, install: bool) -> anyhow::Result<()> {
        install::ensure_present(&self.needs, &tools::path(), install)
            .with_context(|| format!("nothing links for {}", self.name))
    }

    /// Where its libraries are.
    pub(crate) fn sysroot(&self) -> String {
        format!("/usr/{}", self.gnu)
    }

    /// The program that runs its programs.
    fn emulator(&self) -> &'static str {
        self.needs[2].program
    }
}

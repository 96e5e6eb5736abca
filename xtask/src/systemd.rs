//! `cargo eg systemd`: the life of the packages under a real systemd, in a machine that loses its power.
//!
//! A clean Debian boots on QEMU with its own kernel; both packages are installed in it, a night is played, things are
//! killed, and in the end the packages go. The checks of one run build on each other.

mod faults;
mod image;
mod installed;
mod life_cycle;
mod machine;
mod moving;
mod room;

use std::process::ExitCode;

use crate::checks;
use crate::count::Count;
use crate::terminal::Terminal;
use crate::tools::{self, QEMU};
use crate::{install, package};
use image::Image;
use machine::Machine;

/// Arguments of `cargo eg systemd`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Fail where no machine can be had, instead of counting the checks as skipped
    #[arg(long)]
    require: bool,
    /// Install and fetch nothing
    #[arg(long, env = "EG_NO_INSTALL")]
    no_install: bool,
    /// Profile of the packages
    #[arg(long, default_value = "dev", value_parser = ["dist", "release", "dev"])]
    profile: String,
    /// Build nothing, and take the packages that lie in `target/debian`
    #[arg(long)]
    built: bool,
}

/// The checks, in the order in which a room lives.
const PARTS: [&[checks::Check<Machine>]; 4] =
    [&installed::CHECKS, &moving::CHECKS, &faults::CHECKS, &life_cycle::CHECKS];

/// Builds the packages, boots, and lives through all of it. Its last line counts what held.
///
/// # Errors
/// When something of ours does not build, or the machine does not come up.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let terminal = Terminal::of_stdout();
    let base = install::ensure_present(&[&QEMU], &tools::path(), !args.no_install)
        .and_then(|()| Image::base(!args.no_install));
    let (base, kernel) = match base {
        Ok(base) => base,
        Err(why) => {
            let all = PARTS.iter().map(|part| part.len()).sum();
            return Ok(checks::close("systemd", checks::skip(&why, all, args.require, terminal)));
        }
    };
    if !args.built {
        package::built(package::HERE, &args.profile)?;
    }
    println!("laying out the machine's disk");
    let machine = Machine::boot(Image::new(&base, &kernel)?)?;
    let mut count = Count::default();
    for part in PARTS {
        count += checks::run(&machine, part, terminal);
    }
    Ok(checks::close("systemd", count))
}

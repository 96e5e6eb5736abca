//! The programs that run in the machine: the checks, and the agent.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use crate::step;

/// Target of the checks, which need no library in the machine.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Builds the checks as one static program.
pub(crate) fn probe() -> anyhow::Result<PathBuf> {
    println!("building the checks");
    let built = step::cargo()
        .args(["build", "--quiet", "--locked", "--package", "eg-vm-probe"])
        .args(["--features", "eg-vm-probe/rppal", "--target", TARGET])
        .env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS", "-C target-feature=+crt-static")
        .status()
        .context("cannot start cargo")?;
    ensure!(built.success(), "the checks do not build");
    Ok(crate::target().join(TARGET).join("debug/vm-probe"))
}

/// The agent, as everybody builds it, and what it is linked with.
pub(crate) struct Agent {
    /// The program, without its debugging half.
    pub(crate) content: Vec<u8>,
    /// The loader and the libraries, by their place relative to the root.
    pub(crate) libraries: Vec<(String, Vec<u8>)>,
}

impl Agent {
    /// Builds it; the tests have mostly done so before.
    pub(crate) fn built(cache: &Path) -> anyhow::Result<Self> {
        println!("building the agent");
        let built = step::cargo()
            .args(["build", "--quiet", "--locked", "--package", "eg-agent", "--bin", "eg-agent"])
            .status()
            .context("cannot start cargo")?;
        ensure!(built.success(), "the agent does not build");
        let program = crate::target().join("debug/eg-agent");
        let listed = Command::new("ldd").arg(&program).env("LC_ALL", "C").output();
        let listed = String::from_utf8(listed.context("ldd does not start")?.stdout)?;
        let libraries = libraries_in(&listed)
            .map(|path| Ok((path.trim_start_matches('/').to_owned(), fs::read(path)?)))
            .collect::<anyhow::Result<_>>()?;
        Ok(Self { content: slim("strip", &program, &cache.join("eg-agent"))?, libraries })
    }
}

/// The paths in what `ldd` prints: `libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x…)`, `/lib64/ld-linux… (0x…)`.
fn libraries_in(listed: &str) -> impl Iterator<Item = &str> {
    listed.lines().filter_map(|line| line.split_whitespace().find(|word| word.starts_with('/')))
}

/// A program's or module's content without what only a debugger reads.
pub(crate) fn slim(strip: &str, program: &Path, to: &Path) -> anyhow::Result<Vec<u8>> {
    let status = Command::new(strip).args(["--strip-debug", "-o"]).args([to, program]).status();
    let status = status.with_context(|| format!("{strip} does not start"))?;
    ensure!(status.success(), "{strip} {}: {status}", program.display());
    fs::read(to).with_context(|| to.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_loader_and_every_library_but_the_kernels_own() {
        let listed = "\tlinux-vdso.so.1 (0x00007ffd)\n\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f)\n\
                      \t/lib64/ld-linux-x86-64.so.2 (0x00007f)\n";

        let found: Vec<_> = libraries_in(listed).collect();

        assert_eq!(found, ["/lib/x86_64-linux-gnu/libm.so.6", "/lib64/ld-linux-x86-64.so.2"]);
    }
}

//! A PC with simulated GPIO chips, I2C and SPI controllers, keyboards and readers.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::process::Command;

use anyhow::ensure;

use super::archive::Archive;
use super::binary::Agent;
use super::guest::Guest;
use super::kernel::Kernel;
use super::packages::Packages;
use crate::tools::{GCC, MAKE, QEMU, Tool, XZ};
use crate::{install, tools};

/// Tools that build and run the machine.
const NEEDS: [&Tool; 4] = [&QEMU, &MAKE, &GCC, &XZ];

/// Everything that may be missing on this computer.
///
/// # Errors
/// When it cannot be had.
pub(super) fn ready(cache: &Path, install: bool) -> anyhow::Result<Kernel> {
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

/// Builds what runs in it.
///
/// # Errors
/// When something of ours does not build.
pub(super) fn guest(kernel: &Kernel, cache: &Path, probe: &Path) -> anyhow::Result<Guest> {
    let vm = crate::root().join("vm");
    let modules = kernel.modules(cache, &vm.join("modules"))?;
    let agent = Agent::built(cache)?;
    let packed = cache.join("initramfs.cpio");
    let mut archive = Archive::new(BufWriter::new(File::create(&packed)?));
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

    let kernel_log = cache.join("kernel.log");
    let mut qemu = Command::new("qemu-system-x86_64");
    qemu.args(["-accel", "tcg", "-cpu", "max", "-smp", "1", "-m", "512"]);
    qemu.args(["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"]);
    qemu.arg("-kernel").arg(kernel.image()).arg("-initrd").arg(&packed);
    qemu.args(["-append", "console=ttyS0 quiet panic=-1 checks=x86_64"]);
    qemu.arg("-serial").arg(format!("file:{}", kernel_log.display()));
    qemu.args(["-serial", "stdio"]);
    Ok(Guest { qemu, kernel_log, check_log: cache.join("checks.log") })
}

//! A Raspberry Pi 3 Model B, as far as QEMU knows it: its processor, its GPIO registers, its serial lines. Inputs, I2C
//! and SPI are not modelled there, so it is for what the PC cannot show: registers and outputs.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::ensure;

use super::archive::Archive;
use super::binary::slim;
use super::guest::Guest;
use super::packages::BUSYBOX;
use crate::arm::{ARM64, Toolchain};
use crate::debian::{self, Apt};
use crate::tools::QEMU_PI;
use crate::{install, tools};

/// Debian's own modules that the checks need, in the order of loading: one switches the machine off, one is its PWM.
const MODULES: [&str; 2] = ["bcm2835_wdt", "pwm-bcm2835"];

/// Device tree of the machine.
const TREE: &str = "bcm2837-rpi-3-b.dtb";

/// Libraries that our programs are linked with.
const LIBRARIES: [&str; 4] = ["ld-linux-aarch64.so.1", "libc.so.6", "libm.so.6", "libgcc_s.so.1"];

/// A kernel that lies ready, and what builds our programs for it.
pub(super) struct Parts {
    folder: PathBuf,
    toolchain: Toolchain,
}

/// Everything that may be missing on this computer.
///
/// # Errors
/// When it cannot be had.
pub(super) fn ready(cache: &Path, install: bool) -> anyhow::Result<Parts> {
    install::ensure_present(&[&QEMU_PI], &tools::path(), install)?;
    let toolchain = Toolchain::ready(&ARM64, install)?;
    Ok(Parts { folder: fetched(cache, install)?, toolchain })
}

/// Kernel, device tree, modules and shell of the other architecture.
fn fetched(cache: &Path, install: bool) -> anyhow::Result<PathBuf> {
    let folder = cache.join("pi");
    let apt = Apt::foreign(ARM64.name, &cache.join("apt-arm64"))?;
    if install {
        apt.update()?;
    }
    let image = apt.dependency("linux-image-arm64", "linux-image-")?;
    let key = format!("{image} {}", apt.version(&image)?);
    if fs::read_to_string(folder.join("key")).is_ok_and(|kept| kept == key) {
        return Ok(folder);
    }
    ensure!(install, "no kernel for a Pi was fetched yet");
    println!("{key}: fetching, some 60 MB, once");
    let (part, debs) = (cache.join("pi.part"), cache.join("downloads"));
    for old in [&part, &folder, &debs] {
        debian::remove(old)?;
    }
    let modules = MODULES.map(|name| format!("*/{name}.ko*"));
    let tree = format!("*/broadcom/{TREE}");
    let mut wanted = vec!["*/boot/vmlinuz-*", &tree];
    wanted.extend(modules.iter().map(String::as_str));
    debian::pick(&apt.download(&image, &debs)?, &part, &wanted)?;
    debian::pick(&apt.download(BUSYBOX, &debs)?, &part, &["*/bin/busybox"])?;
    fs::write(part.join("key"), &key)?;
    fs::rename(&part, &folder)?;
    debian::remove(&debs)?;
    Ok(folder)
}

impl Parts {
    /// Builds what runs in it.
    ///
    /// # Errors
    /// When something of ours does not build.
    pub(super) fn guest(&self, cache: &Path) -> anyhow::Result<Guest> {
        println!("building checks and agent for a Pi");
        let programs = ["--package", "eg-agent", "--package", "eg-vm-probe", "--bins"];
        self.toolchain.build(
            &[&programs[..], &["--features", "eg-agent/rppal,eg-vm-probe/rppal"]].concat(),
        )?;
        let strip = format!("{}-strip", ARM64.gnu);
        let packed = cache.join("initramfs-pi.cpio");
        let mut archive = Archive::new(BufWriter::new(File::create(&packed)?));
        archive.file("init", &fs::read(crate::root().join("vm/init"))?)?;
        archive.file("bin/busybox", &fs::read(self.folder.join("busybox"))?)?;
        for name in ["vm-probe", "eg-agent"] {
            let program = self.toolchain.built("dev").join(name);
            let content = slim(&strip, &program, &cache.join(format!("{name}-pi")))?;
            archive.file(&format!("bin/{name}"), &content)?;
        }
        for name in LIBRARIES {
            let library = Path::new(&ARM64.sysroot()).join("lib").join(name);
            archive.file(&format!("lib/{name}"), &fs::read(library)?)?;
        }
        for (number, name) in MODULES.iter().enumerate() {
            let content = fs::read(self.folder.join(format!("{name}.ko")))?;
            archive.file(&format!("modules/{number:02}-{name}.ko"), &content)?;
        }
        archive.finish()?;

        let kernel_log = cache.join("kernel-pi.log");
        let mut qemu = Command::new("qemu-system-aarch64");
        qemu.args(["-machine", "raspi3b", "-no-reboot", "-display", "none"]);
        qemu.arg("-kernel").arg(self.image()?).arg("-dtb").arg(self.folder.join(TREE));
        qemu.arg("-initrd").arg(&packed);
        // The first serial line belongs to the radio of a Pi 3; kernel and checks share the second. The registers are a
        // driver's, so the kernel would not let them be mapped a second time.
        qemu.args([
            "-append",
            "console=ttyS1,115200 loglevel=1 iomem=relaxed panic=-1 checks=raspi3b",
        ]);
        qemu.arg("-serial").arg(format!("file:{}", kernel_log.display()));
        qemu.args(["-serial", "stdio"]);
        Ok(Guest { qemu, kernel_log, check_log: cache.join("checks-pi.log") })
    }

    fn image(&self) -> anyhow::Result<PathBuf> {
        let files = fs::read_dir(&self.folder)?.flatten().map(|entry| entry.path());
        let mut images = files.filter(|path| path.to_string_lossy().contains("/vmlinuz-"));
        Ok(images.next().unwrap_or_else(|| self.folder.join("vmlinuz")))
    }
}

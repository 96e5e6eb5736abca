//! The disk of the machine: a clean Debian with its kernel, simulated chips, our packages beside it, and the hand.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use crate::clean::{Clean, Root};
use crate::{debian, package, vm};

/// Debian's packages in it besides the smallest: those of a system that somebody installed, and what the checks ask with.
const BESIDE: [&str; 12] = [
    "systemd-sysv",
    "udev",
    "dbus",
    "initramfs-tools",
    "curl",
    "iproute2",
    "procps",
    "mosquitto-clients",
    "inetutils-telnet",
    "python3",
    "sqlite3",
    "sudo",
];

/// Modules of the kernel that are not Debian's.
const SIMULATED: [&str; 2] = ["gpio-sim", "eg_i2c_regs"];

/// Brings up the simulated chips: a GPIO chip, and an I2C bus with expanders.
pub(super) const CHIPS: &str = "\
    modprobe -a configfs i2c-dev && for module in /srv/modules/*.ko; do insmod $module || exit; done
    chip=/sys/kernel/config/gpio-sim/eg
    mkdir -p $chip/bank0 && echo 8 > $chip/bank0/num_lines && echo 1 > $chip/live && udevadm settle";

/// Address of the machine, that of the old guide's core.
const NETWORK: &str = "[Match]\nName=en*\n[Network]\nAddress=192.168.1.27/24\n";

/// Size of the disk, of which little is written.
const SIZE: &str = "4G";

/// A disk that boots.
pub(super) struct Image {
    /// Where all of it lies.
    pub(super) folder: PathBuf,
    /// The disk.
    pub(super) disk: PathBuf,
    /// The kernel on it.
    pub(super) kernel: PathBuf,
    /// The first file system of that kernel.
    pub(super) initrd: PathBuf,
    /// Where the system's console goes.
    pub(super) log: PathBuf,
}

impl Image {
    /// A clean Debian with the kernel that the other machine has too.
    ///
    /// # Errors
    /// When either cannot be had.
    pub(super) fn base(install: bool) -> anyhow::Result<(Clean, vm::Kernel)> {
        let kernel = vm::kernel(install)?;
        let image = kernel.package();
        let mut beside = BESIDE.to_vec();
        beside.push(&image);
        Ok((Clean::ready("systemd", &beside, install)?, kernel))
    }

    /// Lays the disk out.
    ///
    /// # Errors
    /// When a part does not build, or a program is missing.
    pub(super) fn new(base: &Clean, kernel: &vm::Kernel) -> anyhow::Result<Self> {
        let folder = crate::target().join("systemd");
        debian::remove(&folder)?;
        fs::create_dir_all(&folder)?;
        let root = base.unpacked(&folder.join("root"))?;
        let place = |file: &str| root.path().join(file);
        // A system that starts for the first time draws a name for itself.
        fs::write(place("etc/machine-id"), "")?;
        fs::write(place("etc/hostname"), "room\n")?;
        fs::write(place("etc/fstab"), "/dev/vda / ext4 defaults 0 1\n")?;
        fs::write(place("etc/systemd/network/room.network"), NETWORK)?;
        fs::create_dir_all(place("var/log/journal"))?;
        put_hand(&root)?;
        fs::create_dir_all(place("srv/modules"))?;
        for (name, content) in vm::modules(kernel)? {
            if SIMULATED.contains(&name.as_str()) {
                fs::write(place(&format!("srv/modules/{name}.ko")), content)?;
            }
        }
        put_packages(&root)?;
        root.sh("systemctl enable systemd-networkd hand")?;
        let image = Self {
            disk: folder.join("disk"),
            kernel: folder.join("vmlinuz"),
            initrd: folder.join("initrd"),
            log: folder.join("console.log"),
            folder,
        };
        fs::copy(place("vmlinuz"), &image.kernel).context("the system has no kernel")?;
        fs::copy(place("initrd.img"), &image.initrd).context("the system has no initrd")?;
        image.format(root.path())?;
        Ok(image)
    }

    fn format(&self, root: &Path) -> anyhow::Result<()> {
        let made = Command::new("mkfs.ext4")
            .args(["-q", "-F", "-d"])
            .args([root, &self.disk])
            .arg(SIZE)
            .output()
            .context("mkfs.ext4 does not start")?;
        let why = String::from_utf8_lossy(&made.stderr);
        ensure!(made.status.success(), "mkfs.ext4: {}", why.trim());
        Ok(())
    }
}

fn put_hand(root: &Root) -> anyhow::Result<()> {
    let hand = crate::root().join("vm/hand");
    let to = root.path().join("usr/lib/hand");
    fs::copy(hand.join("hand"), &to)?;
    fs::set_permissions(&to, fs::Permissions::from_mode(0o755))?;
    let unit = root.path().join("etc/systemd/system/hand.service");
    fs::copy(hand.join("hand.service"), unit).map(drop).context("no hand")
}

/// Puts the packages of this version into `/srv/now`, and into `/srv/next` the same as a version that follows: its
/// default files have another last line.
fn put_packages(root: &Root) -> anyhow::Result<()> {
    let (now, next) = (root.path().join("srv/now"), root.path().join("srv/next"));
    for folder in [&now, &next] {
        fs::create_dir_all(folder)?;
    }
    for package in package::of_this_version(&package::folder())? {
        let name = package.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.ends_with(&format!("_{}.deb", package::HERE)) {
            continue;
        }
        fs::copy(&package, now.join(&name))?;
        let (short, _) = name.split_once('_').context("a package without a version")?;
        let later = r##"dpkg-deb --raw-extract "$0" "$1/tree" && cd "$1/tree" && sed -i 's/^Version: .*/&.1/' DEBIAN/control &&
            for file in $(cat DEBIAN/conffiles); do echo "# later" >> .$file; done &&
            dpkg-deb --build -Znone . "$2" && rm -r "$1/tree""##;
        let made = Command::new("sh")
            .args(["-c", later])
            .args([&package, &next, &next.join(format!("{short}.deb"))])
            .output()?;
        let why = String::from_utf8_lossy(&made.stderr);
        ensure!(made.status.success(), "the next version of {short}: {}", why.trim());
        symlink(&name, now.join(format!("{short}.deb")))?;
    }
    Ok(())
}

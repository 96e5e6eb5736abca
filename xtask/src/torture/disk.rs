//! Disks that are slow, fail or are full: a library between a program and its system, built with the machine's own C
//! compiler. It needs no right to mount anything.

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

/// Source of the library.
const SOURCE: &str = include_str!("disk.c");

/// Fault of a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DiskFault {
    None,
    /// Each fsync takes so many milliseconds.
    Slow(u8),
    /// Each fsync fails with EIO.
    Fails,
    /// Each write fails with ENOSPC.
    Full,
}

/// Builds the library in this folder, and returns its path.
///
/// # Errors
/// When there is no C compiler, or it says no.
pub(super) fn build(folder: &Path) -> anyhow::Result<PathBuf> {
    let (source, library) = (folder.join("disk.c"), folder.join("disk.so"));
    fs::write(&source, SOURCE)?;
    let mut cc = Command::new("cc");
    cc.args(["-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o"]).arg(&library).arg(&source);
    let built = cc.output().context("cc does not start")?;
    ensure!(built.status.success(), "cc: {}", String::from_utf8_lossy(&built.stderr));
    Ok(library)
}

/// Disk of one program.
#[derive(Debug)]
pub(super) struct Disk {
    library: PathBuf,
    told: PathBuf,
}

impl Disk {
    /// Makes a sound disk.
    pub(super) fn new(library: &Path, told: PathBuf) -> anyhow::Result<Self> {
        fs::write(&told, [0; 6])?;
        Ok(Self { library: library.to_owned(), told })
    }

    /// Lets a program write to this disk.
    pub(super) fn under(&self, command: &mut Command) {
        command.env("LD_PRELOAD", &self.library).env("EG_TORTURE_DISK", &self.told);
    }

    /// Changes what is wrong with the disk, for a program that runs too.
    pub(super) fn set(&self, trouble: DiskFault) -> anyhow::Result<()> {
        let told = match trouble {
            DiskFault::None => [0; 6],
            DiskFault::Slow(millis) => [millis, 0, 0, 0, 0, 0],
            DiskFault::Fails => [0, 1, 0, 0, 0, 0],
            DiskFault::Full => [0, 0, 1, 0, 0, 0],
        };
        // The file is mapped: it is changed where it is.
        let mut file = fs::File::options().write(true).open(&self.told)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file.write_all(&told)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(disk: &Disk, to: &Path) -> bool {
        let mut dd = Command::new("dd");
        dd.args(["if=/dev/zero", "bs=1", "count=8", "conv=fsync"]);
        dd.arg(format!("of={}", to.display()));
        disk.under(&mut dd);
        dd.output().unwrap().status.success()
    }

    #[test]
    fn a_disk_refuses_what_it_is_told_to_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let library = build(folder.path()).unwrap();
        let disk = Disk::new(&library, folder.path().join("told")).unwrap();
        let to = folder.path().join("file");

        let ends = [DiskFault::None, DiskFault::Slow(5), DiskFault::Fails, DiskFault::None].map(
            |trouble| {
                disk.set(trouble).unwrap();
                written(&disk, &to)
            },
        );

        assert_eq!(ends, [true, true, false, true]);
    }
}

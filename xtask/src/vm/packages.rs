//! Which of Debian's packages make the machine.

use crate::debian::Apt;

/// A static shell with what `init` calls.
pub(crate) const BUSYBOX: &str = "busybox-static";

/// The packages of one kernel, and of the shell beside it. The kernel's number moves with security updates, so these
/// names are asked for, never written down.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Packages {
    /// `6.1.0-56-amd64`.
    pub(crate) abi: String,
    /// `linux-image-6.1.0-56-amd64`.
    pub(crate) image: String,
    /// Packages that a module is built against: headers, common headers, build scripts.
    pub(crate) headers: Vec<String>,
    /// `linux-source-6.1`.
    pub(crate) source: String,
    /// The version of the image: another version of the same number is another kernel.
    pub(crate) version: String,
}

impl Packages {
    /// Those that Debian offers here now.
    pub(crate) fn offered() -> anyhow::Result<Self> {
        let apt = Apt::system();
        let image = apt.dependency("linux-image-amd64", "linux-image-")?;
        let abi = image.trim_start_matches("linux-image-").trim_end_matches("-unsigned").to_owned();
        let headers = format!("linux-headers-{abi}");
        let common = apt.dependency(&headers, "linux-headers-")?;
        let scripts = apt.dependency(&headers, "linux-kbuild-")?;
        let source = apt.dependency("linux-source", "linux-source-")?;
        let version = apt.version(&image)?;
        Ok(Self { abi, image, headers: vec![headers, common, scripts], source, version })
    }

    /// Tells one set of packages from another.
    pub(crate) fn key(&self) -> String {
        format!("{} {}", self.abi, self.version)
    }
}

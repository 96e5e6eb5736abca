//! Source of the SDK: a folder, a repository or a registry.

use std::fmt;
use std::path::PathBuf;

/// Source of the SDK for a crate outside the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sdk {
    /// Folder of a checkout, e.g. `/home/pi/eg/eg-hal`.
    Folder(PathBuf),
    /// Repository, and the commit that an agent was built from, if that is known.
    Git(String, Option<String>),
    /// Version of a registry, to the letter.
    Registry(String),
}

impl fmt::Display for Sdk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "path = \"{}\"", folder.display()),
            Self::Git(url, None) => write!(f, "git = \"{url}\""),
            Self::Git(url, Some(commit)) => write!(f, "git = \"{url}\", rev = \"{commit}\""),
            Self::Registry(version) => write!(f, "version = \"={version}\""),
        }
    }
}

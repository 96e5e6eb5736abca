//! Authority of the core's certificate, pinned when the slot is adopted.

use crate::private;
use eg_mqtt::{Authority, SharedAuthority, TlsError};
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Reasons why a pinned authority cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// The file is there and cannot be read.
    #[error("cannot read the core's authority {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
    /// Something else stands in the file.
    #[error("{}: {source}; copy the room's ca.crt there, or remove it and adopt the slot anew", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Form that was wanted.
        source: TlsError,
    },
}

/// File with the authority that a slot goes by under TLS, and what it holds.
#[derive(Clone, Debug)]
pub struct PinnedAuthority {
    path: PathBuf,
    pinned: SharedAuthority,
}

impl PinnedAuthority {
    /// Reads the file that goes with a secret: beside it, `slot-01.secret` becomes `slot-01.ca.crt`. No file means that
    /// nothing is pinned yet.
    ///
    /// # Errors
    /// [`AuthorityError`] when the file cannot be read, or holds something else.
    pub fn beside(secret: &Path) -> Result<Self, AuthorityError> {
        let path = secret.with_extension("ca.crt");
        let pinned =
            match fs::read(&path) {
                Ok(pem) => {
                    let found = Authority::from_pem(&pem);
                    Some(found.map_err(|source| AuthorityError::Malformed {
                        path: path.clone(),
                        source,
                    })?)
                }
                Err(error) if error.kind() == ErrorKind::NotFound => None,
                Err(source) => return Err(AuthorityError::Read { path, source }),
            };
        Ok(Self { path, pinned: pinned.into() })
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the authority that is pinned, for connections that go by it.
    pub fn pinned(&self) -> &SharedAuthority {
        &self.pinned
    }

    /// Pins an authority. One that the disk does not take is good until the agent ends, and that is logged.
    pub(crate) fn pin(&self, authority: Authority) {
        let new = self.path.with_extension("crt.new");
        let written = private::open(&new).and_then(|mut file| {
            file.set_len(0)?;
            file.write_all(authority.to_pem().as_bytes())?;
            fs::rename(&new, &self.path)
        });
        let path = self.path.display();
        match written {
            Ok(()) => tracing::info!(%path, "the core's authority is pinned"),
            Err(error) => tracing::error!(
                %path, %error,
                "the core's authority is not kept, so the slot must be adopted anew after a restart"
            ),
        }
        self.pinned.set(authority);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nAAECAw==\n-----END CERTIFICATE-----\n";

    #[test]
    fn what_was_pinned_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("slot-01.secret");
        let first = PinnedAuthority::beside(&secret).unwrap();
        assert_eq!(first.pinned().get(), None);

        first.pin(Authority::from_pem(CERTIFICATE.as_bytes()).unwrap());

        let again = PinnedAuthority::beside(&secret).unwrap();
        assert_eq!(again.path(), folder.path().join("slot-01.ca.crt"));
        assert!(again.pinned().get().is_some());
        assert_eq!(again.pinned().get(), first.pinned().get());
    }

    #[test]
    fn a_file_that_holds_something_else_is_named_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("slot-01.ca.crt"), "hello").unwrap();

        let error = PinnedAuthority::beside(&folder.path().join("slot-01.secret")).unwrap_err();

        assert!(error.to_string().contains("slot-01.ca.crt"), "{error}");
        assert_eq!(fs::read_to_string(folder.path().join("slot-01.ca.crt")).unwrap(), "hello");
    }
}

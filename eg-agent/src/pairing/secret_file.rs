//! File that holds a slot's secret: drawn at the first start, readable by its owner alone.

use eg_proto::{PairingError, Secret};
use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Mode of the file.
const OWNER_ALONE: u32 = 0o600;
/// Bits of a mode that let others than the owner in.
const OTHERS: u32 = 0o077;
/// Bytes that are read of a file: enough to see that it is too long.
const LONGEST: u64 = 256;

/// Reasons why a secret cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file is there and cannot be read.
    #[error(
        "cannot read the slot's secret {path}: {source}; the user that the agent runs as must own it"
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
    /// Something else stands in the file.
    #[error("{path}: {source}; restore the file from a copy, or remove it and adopt the slot anew")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Form that was wanted.
        source: PairingError,
    },
}

/// Path of a slot's secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretFile(PathBuf);

impl SecretFile {
    /// Wraps the path of the file.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Returns the path that goes with an outbox: beside it, `slot-01.outbox.db` becomes `slot-01.secret`.
    pub fn beside(outbox: &Path) -> Self {
        let stem = outbox.with_extension("");
        let is_of_a_slot = stem.extension().is_some_and(|word| word == "outbox");
        Self(if is_of_a_slot { stem } else { outbox.to_owned() }.with_extension("secret"))
    }

    /// Returns the same file as seen from this folder, if its path is relative.
    pub fn under(self, folder: &Path) -> Self {
        Self(folder.join(self.0))
    }

    /// Returns the path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Reads the secret; `None` while there is none. Nothing is changed.
    ///
    /// # Errors
    /// [`SecretError`] when the file cannot be read, or holds something else.
    pub fn read(&self) -> Result<Option<Secret>, SecretError> {
        let unread = |source| SecretError::Read { path: self.0.clone(), source };
        let file = match File::open(&self.0) {
            Ok(file) => file,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(unread(error)),
        };
        let mut bytes = Vec::new();
        file.take(LONGEST).read_to_end(&mut bytes).map_err(unread)?;
        if bytes.is_empty() {
            // The power went between the file and its content: nobody was told a secret.
            return Ok(None);
        }
        let secret = String::from_utf8_lossy(&bytes).parse();
        secret.map(Some).map_err(|source| SecretError::Malformed { path: self.0.clone(), source })
    }

    /// Returns `true` if others than the owner may read the file; `false` when there is none.
    pub fn is_open_to_others(&self) -> bool {
        std::fs::metadata(&self.0).is_ok_and(|file| file.permissions().mode() & OTHERS != 0)
    }

    /// Reads the secret, or draws one and keeps it. A file that others may read is closed to them, and that is logged. A
    /// secret that the disk does not take is good until the agent ends, and that is logged too.
    ///
    /// # Errors
    /// [`SecretError`]; what is in the file stays there.
    pub fn open(&self) -> Result<Secret, SecretError> {
        let Some(secret) = self.read()? else { return Ok(self.draw()) };
        if self.is_open_to_others() {
            self.tighten();
        }
        Ok(secret)
    }

    fn tighten(&self) {
        let path = self.0.display();
        match std::fs::set_permissions(&self.0, Permissions::from_mode(OWNER_ALONE)) {
            Ok(()) => tracing::warn!(
                %path,
                "others could read the slot's secret, now its owner alone can; if somebody did, remove it and have the slot adopted anew"
            ),
            Err(error) => tracing::error!(
                %path, %error,
                "others can read the slot's secret, and that cannot be changed"
            ),
        }
    }

    fn draw(&self) -> Secret {
        let (secret, path) = (Secret::from_random(rand::random()), self.0.display());
        match self.keep(&secret) {
            Ok(()) => tracing::info!(%path, "drew a secret for this slot"),
            Err(error) => tracing::error!(
                %path, %error,
                "the slot's secret is not kept, so the slot must be adopted anew after a restart; make the folder writable for the user that the agent runs as"
            ),
        }
        secret
    }

    fn keep(&self, secret: &Secret) -> io::Result<()> {
        let folder = self.0.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            std::fs::create_dir_all(folder)?;
        }
        if self.0.exists() {
            // It is empty: see `read`.
            std::fs::remove_file(&self.0)?;
        }
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(OWNER_ALONE).open(&self.0)?;
        let written = writeln!(file, "{}", secret.expose()).and_then(|()| file.sync_all());
        if written.is_err() {
            // A half of a secret is none. That it stays empty is as good.
            let _ = std::fs::remove_file(&self.0);
        }
        written?;
        // The name must outlive a power cut too: the core will know this secret.
        File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all())
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn file(folder: &tempfile::TempDir) -> SecretFile {
        SecretFile::beside(&folder.path().join("data/slot-01.outbox.db"))
    }

    fn mode(file: &SecretFile) -> u32 {
        fs::metadata(file.path()).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_secret_is_drawn_once_for_its_owner_alone_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(&folder);

        let before = file.read().unwrap();
        let drawn = file.open().unwrap();

        assert_eq!(before, None);
        assert_eq!(file.open().unwrap(), drawn);
        assert_eq!(mode(&file), 0o600);
        assert!(file.path().ends_with("data/slot-01.secret"));
    }

    #[test]
    fn a_file_that_others_may_read_is_closed_to_them() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(&folder);
        let drawn = file.open().unwrap();
        fs::set_permissions(file.path(), Permissions::from_mode(0o644)).unwrap();

        let open = file.is_open_to_others();
        let read = file.open().unwrap();

        assert!(open && !file.is_open_to_others());
        assert_eq!((read, mode(&file)), (drawn, 0o600));
    }

    #[test]
    fn a_file_with_something_else_in_it_is_named_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = SecretFile::new(folder.path().join("secret"));
        for text in ["hunter2\n", "abcdefghijkmnpqrstuvwxyz23abcdefghijkmnpqrstuvwxyz23", "\u{fe}"]
        {
            fs::write(file.path(), text).unwrap();

            let error = file.open().unwrap_err();

            assert!(matches!(&error, SecretError::Malformed { path, .. } if path == file.path()));
            assert!(error.to_string().contains("26 of a-z and 2-9"), "{error}");
            assert_eq!(fs::read_to_string(file.path()).unwrap(), text);
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = SecretFile::new(folder.path());

        let error = file.open().unwrap_err().to_string();

        assert!(error.contains(&folder.path().display().to_string()), "{error}");
        assert!(error.contains("must own it"), "{error}");
    }

    #[test]
    fn an_empty_file_is_one_that_was_never_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = SecretFile::new(folder.path().join("secret"));
        fs::write(file.path(), "").unwrap();

        let drawn = file.open().unwrap();

        assert_eq!(file.read().unwrap(), Some(drawn));
        assert_eq!(mode(&file), 0o600);
    }

    #[test]
    fn a_slot_whose_disk_takes_no_secret_runs_with_one_that_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let plain = folder.path().join("plain");
        fs::write(&plain, "").unwrap();
        let file = SecretFile::beside(&plain.join("outbox.db"));

        let drawn = file.open().unwrap();

        assert_ne!(file.open().unwrap(), drawn);
        assert_eq!(file.read().unwrap(), None);
    }
}

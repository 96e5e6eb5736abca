//! Room that is left on the disk of the journal, looked at now and then.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::interval;

/// Time between two looks at the disk.
const LOOK: Duration = Duration::from_secs(30);

/// Room on a disk, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Space {
    /// Bytes that this process may still write.
    pub(crate) free: u64,
    /// Bytes of the whole disk.
    pub(crate) all: u64,
}

impl Space {
    /// Reads the room on the disk that holds a path; `None` if the system does not tell. Blocks on the disk.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let disk = rustix::fs::statvfs(path).ok()?;
        let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
        Some(Self { free: bytes(disk.f_bavail), all: bytes(disk.f_blocks) })
    }

    /// Returns the room in whole percents of the disk.
    pub(crate) fn percent(self) -> u64 {
        self.free.saturating_mul(100) / self.all.max(1)
    }
}

/// Gauge of the journal's disk. Clones share what was seen.
#[derive(Clone, Debug)]
pub struct DiskGauge(Arc<watch::Sender<Option<Space>>>);

impl Default for DiskGauge {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }
}

impl DiskGauge {
    /// Returns the room as it was seen last.
    pub(crate) fn space(&self) -> Option<Space> {
        *self.0.borrow()
    }

    /// Looks at the disk now and then, for as long as this is polled.
    pub(crate) async fn follow(self, journal: PathBuf) {
        let mut looks = interval(LOOK);
        loop {
            looks.tick().await;
            let path = journal.clone();
            let seen = tokio::task::spawn_blocking(move || Space::of(&path)).await;
            self.0.send_replace(seen.ok().flatten());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_disk_of_a_folder_has_room_and_no_more_than_all_of_it() {
        let folder = tempfile::tempdir().unwrap();

        let space = Space::of(folder.path()).unwrap();

        assert!(space.all > 0 && space.free <= space.all && space.percent() <= 100, "{space:?}");
        assert_eq!(Space::of(Path::new("/no/such/file")), None);
    }
}

//! Mark of the last entry: a small file beside the journal, by which lost entries are noticed.
//!
//! The number is written after the commit of its entry and never before, so the mark may lag behind the journal and
//! never runs ahead of it. It is written without a wait for the disk: after a power cut it may be an older one, which
//! claims less. A journal that ends below its mark has lost entries: its log was damaged, or its file replaced.

use crate::private;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Mark of one journal.
#[derive(Debug)]
pub(super) struct LastMark {
    path: PathBuf,
    /// File, once something was written.
    file: Option<File>,
    /// `true` once a failure was logged.
    failed: bool,
}

impl LastMark {
    /// Creates the mark of the journal at `journal`. Nothing is written yet.
    pub(super) fn new(journal: &Path) -> Self {
        Self { path: private::beside(journal, ".last"), file: None, failed: false }
    }

    /// Reads the number of the last entry that was known; 0 if there is no mark, or none that can be read.
    pub(super) fn read(&self) -> i64 {
        let text = std::fs::read_to_string(&self.path).unwrap_or_default();
        text.trim().parse().ok().filter(|last| *last > 0).unwrap_or(0)
    }

    /// Writes the number of the last entry. A failure is logged once: the journal itself is whole.
    pub(super) fn write(&mut self, last: i64) {
        let written = match &self.file {
            Some(file) => Ok(file),
            None => private::open(&self.path).map(|file| &*self.file.insert(file)),
        };
        // One block of one length: there is never half a number.
        let written =
            written.and_then(|file| file.write_all_at(format!("{last:020}\n").as_bytes(), 0));
        if let Err(error) = written
            && !std::mem::replace(&mut self.failed, true)
        {
            let file = self.path.display();
            tracing::warn!(%file, %error, "the mark of the last entry cannot be written");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_tells_the_last_number_and_a_torn_one_tells_none() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("eg.db");
        let mut mark = LastMark::new(&journal);
        assert_eq!(mark.read(), 0);

        mark.write(1_000);
        mark.write(1_001);
        assert_eq!(LastMark::new(&journal).read(), 1_001);

        std::fs::write(private::beside(&journal, ".last"), [0; 21]).unwrap();
        assert_eq!(LastMark::new(&journal).read(), 0);
    }
}

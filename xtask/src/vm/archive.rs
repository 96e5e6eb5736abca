//! The archive that a kernel unpacks as its first file system: cpio's "newc" format
//! (Documentation/driver-api/early-userspace/buffer-format.rst).

use std::collections::BTreeSet;
use std::io::{self, Write};

/// A regular file and a folder, as `stat` tells them apart.
const FILE: u32 = 0o100_000;
const FOLDER: u32 = 0o040_000;

/// Writes the entries of an archive one after the other.
pub(crate) struct Archive<W> {
    to: W,
    entries: u32,
    folders: BTreeSet<String>,
}

impl<W: Write> Archive<W> {
    /// An archive without entries.
    pub(crate) fn new(to: W) -> Self {
        Self { to, entries: 0, folders: BTreeSet::new() }
    }

    /// Adds a file that everybody may read and start, and the folders it lies in. Names are relative to the root.
    pub(crate) fn file(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        for (end, _) in name.match_indices('/') {
            if self.folders.insert(name[..end].to_owned()) {
                self.entry(&name[..end], FOLDER | 0o755, &[])?;
            }
        }
        self.entry(name, FILE | 0o755, content)
    }

    /// Closes the archive.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.entries = 0;
        self.entry("TRAILER!!!", 0, &[])?;
        self.to.flush()
    }

    fn entry(&mut self, name: &str, mode: u32, content: &[u8]) -> io::Result<()> {
        let size = u32::try_from(content.len())
            .map_err(|_| io::Error::new(io::ErrorKind::FileTooLarge, format!("{name}: 4 GiB")))?;
        // inode, mode, owner, group, links, time, size, device, device of a node, length of the name, checksum
        let name_size = u32::try_from(name.len() + 1).unwrap_or(u32::MAX);
        let fields = [self.entries, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, name_size, 0];
        let mut head = "070701".to_owned();
        fields.iter().for_each(|field| head.push_str(&format!("{field:08x}")));
        head.push_str(name);
        head.push('\0');
        self.entries += 1;
        self.padded(head.as_bytes())?;
        self.padded(content)
    }

    /// Head and content each end on a multiple of four bytes.
    fn padded(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.to.write_all(bytes)?;
        let rest = bytes.len().next_multiple_of(4) - bytes.len();
        self.to.write_all(&[0; 4][..rest])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_has_heads_of_110_bytes_padding_and_a_trailer() {
        let mut bytes = Vec::new();
        let mut archive = Archive::new(&mut bytes);

        archive.file("bin/sh", b"hello").unwrap();
        archive.file("bin/ls", b"").unwrap();
        archive.finish().unwrap();

        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text.len(), (110 + 4) + 2 + 2 * (110 + 7 + 3) + 8 + (110 + 11) + 3);
        assert_eq!(text.matches("070701").count(), 4);
        assert!(text.starts_with("07070100000000000041ed"), "{text:?}");
        assert!(text.contains("bin/sh\0\0\0\0hello\0\0\0"), "{text:?}");
        assert!(text.ends_with("TRAILER!!!\0\0\0\0"), "{text:?}");
    }
}

//! Compression of the messages of a page.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::io::Write;

/// Returns a text in the zlib format (RFC 1950), which a browser reads by `DecompressionStream("deflate")`.
pub fn packed(text: &str) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(4));
    // Writing to memory cannot fail.
    let written = encoder.write_all(text.as_bytes());
    written.and_then(|()| encoder.finish()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn what_is_packed_is_read_as_it_was() {
        let text = "<li>slot-01</li>".repeat(500);

        let bytes = packed(&text);

        let mut read = String::new();
        flate2::read::ZlibDecoder::new(&bytes[..]).read_to_string(&mut read).unwrap();
        assert_eq!(read, text);
        assert!(bytes.len() * 20 < text.len(), "{}", bytes.len());
    }
}

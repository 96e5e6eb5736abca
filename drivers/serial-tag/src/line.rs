//! Finds tags in a reader's bytes.

/// Fewer digits than any tag has: line noise.
const SHORTEST: usize = 4;
/// More digits than any tag has: a UID has at most 10 bytes, an EPC 12; the rest is room.
const LONGEST: usize = 32;

/// Collects a line and tells the tag in it.
///
/// A line ends with CR, LF or ETX (03h), and STX (02h) starts a new one: readers that frame their digits with STX and
/// ETX are understood too. A line is a tag when it is 4 to 32 hexadecimal digits, with or without blanks around them.
#[derive(Debug, Default)]
pub(crate) struct TagLine {
    digits: String,
    /// Something in this line cannot be part of a tag.
    spoilt: bool,
}

impl TagLine {
    /// Takes the next byte; the tag, in upper case, when it ends one.
    pub(crate) fn push(&mut self, byte: u8) -> Option<String> {
        match byte {
            b'\r' | b'\n' | 0x03 => return self.end(),
            0x02 => self.clear(),
            _ if self.digits.len() > LONGEST => self.spoilt = true,
            _ if byte.is_ascii() && !byte.is_ascii_control() => self.digits.push(char::from(byte)),
            _ => self.spoilt = true,
        }
        None
    }

    fn end(&mut self) -> Option<String> {
        let digits = self.digits.trim_matches(' ');
        let tag = !self.spoilt
            && (SHORTEST..=LONGEST).contains(&digits.len())
            && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let tag = tag.then(|| digits.to_ascii_uppercase());
        self.clear();
        tag
    }

    fn clear(&mut self) {
        self.digits.clear();
        self.spoilt = false;
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, SHORTEST, TagLine};
    use proptest::prelude::*;

    fn tags(bytes: &[u8]) -> Vec<String> {
        let mut line = TagLine::default();
        bytes.iter().filter_map(|byte| line.push(*byte)).collect()
    }

    #[test]
    fn any_line_end_ends_a_tag_and_two_end_it_once() {
        assert_eq!(tags(b"04a37c91\r\n04A37C92\n04A37C93\r"), ["04A37C91", "04A37C92", "04A37C93"]);
    }

    #[test]
    fn a_frame_of_stx_and_etx_is_a_line() {
        assert_eq!(tags(b"\x0204A37C91AB\r\n\x03"), ["04A37C91AB"]);
        assert_eq!(tags(b"noise\x0204A37C91\x03"), ["04A37C91"]);
    }

    #[test]
    fn what_is_no_tag_is_dropped_without_harm_to_the_next() {
        assert_eq!(
            tags(b"hello\r\n04A37C9G\r\nAB\r\n\xff\x0004A37C91\r\n04A37C92\r\n"),
            ["04A37C92"]
        );
    }

    #[test]
    fn a_line_without_end_costs_no_memory() {
        let mut line = TagLine::default();

        (0..100_000).for_each(|_| assert_eq!(line.push(b'A'), None));

        assert!(line.digits.len() <= LONGEST + 1);
        assert_eq!(line.push(b'\n'), None);
        assert_eq!(tags(b"04A37C91\n"), ["04A37C91"]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived_and_give_only_tags(bytes: Vec<u8>) {
            for tag in tags(&bytes) {
                prop_assert!((SHORTEST..=LONGEST).contains(&tag.len()));
                prop_assert!(tag.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b)));
            }
        }

        #[test]
        fn every_well_formed_tag_is_found_whatever_stood_before(
            rounds in proptest::collection::vec((any::<Vec<u8>>(), "[0-9a-fA-F]{4,32}"), 0..8),
        ) {
            let mut bytes = Vec::new();
            for (garbage, tag) in &rounds {
                bytes.extend(garbage.iter().filter(|byte| !matches!(byte, b'\r' | b'\n' | 3)).map(|byte| byte | 0x80));
                bytes.extend(b"\n");
                bytes.extend(tag.as_bytes());
                bytes.extend(b"\r\n");
            }

            let wanted: Vec<_> = rounds.iter().map(|(_, tag)| tag.to_ascii_uppercase()).collect();

            prop_assert_eq!(tags(&bytes), wanted);
        }
    }
}

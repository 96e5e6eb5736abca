//! Tags among codes.

use super::checksum::verify;
use super::{Checksum, Settings};
use crate::Reading;

/// Fewer digits than any tag has: line noise.
const SHORTEST: usize = 4;
/// More digits than any tag has: a UID has at most 10 bytes, an EPC 12; the rest is room.
const LONGEST: usize = 32;
/// The digits of an RDM6300, an ID-12 or an EM-18: ten of the tag, two of its checksum.
const CHECKED: usize = 12;

impl Settings {
    /// The tag that a code is, in upper case.
    ///
    /// # Errors
    /// Why it is none.
    pub(super) fn tag(
        &self,
        content: &[u8],
        framed: bool,
        has_checksums: &mut bool,
    ) -> Result<Reading, String> {
        let mut digits = digits(content)?;
        match self.checksum {
            Checksum::None => {}
            Checksum::Check => verify(&digits)?,
            Checksum::Strip => {
                verify(&digits)?;
                digits.truncate(digits.len() - 2);
            }
            Checksum::Auto if framed && (*has_checksums || digits.len() == CHECKED) => {
                verify(&digits)?;
                if digits.len() != CHECKED {
                    return Err(format!("{} digits where {CHECKED} were wanted", digits.len()));
                }
                *has_checksums = true;
            }
            Checksum::Auto if framed && digits.len() % 2 == 1 => {
                return Err(format!("{} digits, one too few or too many", digits.len()));
            }
            Checksum::Auto => {}
        }
        Ok(Reading::Tag(digits))
    }
}

/// The digits of a tag, alone or in pairs that something parts.
fn digits(content: &[u8]) -> Result<String, String> {
    let text = String::from_utf8_lossy(content).to_ascii_uppercase();
    let text = text.trim_matches(' ');
    let pairs = text.split([':', '-', ' ']);
    let in_pairs = pairs.clone().all(|pair| pair.len() == 2);
    let digits = if in_pairs { pairs.collect() } else { text.to_owned() };
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err("no hexadecimal digits; code: { gives: line } takes any text".to_owned());
    }
    if !(SHORTEST..=LONGEST).contains(&digits.len()) {
        return Err(format!("{} digits; a tag has {SHORTEST} to {LONGEST}", digits.len()));
    }
    Ok(digits)
}

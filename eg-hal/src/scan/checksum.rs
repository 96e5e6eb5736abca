//! The checksum of 125 kHz readers: the last two digits are the exclusive or of the bytes before them (data sheets of
//! ID-12LA, section "Data Format"; RDM6300, "Data format"; EM-18).

use schemars::JsonSchema;
use serde::Deserialize;

/// Checksum of the digits of a tag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Checksum {
    /// `auto`: twelve digits after STX, as RDM6300 and ID-12 send them, are checked and told whole. Once one was right,
    /// every code of that reader has to be.
    #[default]
    Auto,
    /// `check`: the last two digits of every code are checked and told with it.
    Check,
    /// `strip`: they are checked and taken off: what is left is what is printed on a card.
    Strip,
    /// `none`: nothing is checked.
    None,
}

/// The exclusive or of hexadecimal digits in pairs; nothing when they are no pairs of digits.
pub fn xor(digits: &str) -> Option<u8> {
    let pair =
        |at: usize| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    (0..digits.len()).step_by(2).try_fold(0, |sum, at| Some(sum ^ pair(at)?))
}

/// Checks that the last two digits are the exclusive or of those before.
///
/// # Errors
/// What is wrong.
pub(super) fn verify(digits: &str) -> Result<(), String> {
    let odd = || format!("{} digits, one too few or too many", digits.len());
    let (number, said) = digits.split_at_checked(digits.len().saturating_sub(2)).ok_or_else(odd)?;
    match (xor(number), u8::from_str_radix(said, 16)) {
        (Some(sum), Ok(said)) if sum == said && !number.is_empty() => Ok(()),
        (Some(sum), Ok(said)) => Err(format!("checksum {said:02X} where {sum:02X} was wanted")),
        (None, _) | (_, Err(_)) => Err(odd()),
    }
}

#[cfg(test)]
mod tests {
    use super::{verify, xor};

    #[test]
    fn the_example_of_the_data_sheet_is_right() {
        // ID-12LA: 04 A0 00 36 BC, checksum 2E.
        assert_eq!(xor("04A00036BC"), Some(0x2e));
        assert_eq!(verify("04A00036BC2E"), Ok(()));
    }

    #[test]
    fn any_single_wrong_bit_is_seen() {
        let right = u64::from_str_radix("010063E9AE25", 16).unwrap();

        for bit in 0..48 {
            let wrong = format!("{:012X}", right ^ 1 << bit);
            assert!(verify(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn digits_that_are_no_pairs_have_no_checksum() {
        assert_eq!(xor("04A"), None);
        assert_eq!(verify("01006E9AE25"), Err("11 digits, one too few or too many".to_owned()));
        assert!(verify("").is_err() && verify("25").is_err());
    }
}

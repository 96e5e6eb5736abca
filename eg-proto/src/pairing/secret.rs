//! Secret of a slot, and what others may know of it: its digest, its code, and its line for Mosquitto.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256, Sha512};
use std::fmt;
use std::str::FromStr;

/// Letters and digits that cannot be mistaken for each other: 5 bits each.
const READABLE: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Characters of a secret: 130 bits.
const LENGTH: usize = 26;

/// Rounds of PBKDF2 that Mosquitto 2 uses unless told otherwise. A secret has 130 random bits, so no more are needed.
const ROUNDS: usize = 101;

/// A text that is no secret, no digest of one, or no hash of Mosquitto.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PairingError {
    /// Secret that is not 26 readable characters.
    #[error("this is no slot's secret: 26 of a-z and 2-9, without l and o, are wanted")]
    Secret,
    /// Digest that is not 64 hexadecimal digits.
    #[error("this is no digest of a secret: 64 of 0-9 and a-f are wanted")]
    Digest,
    /// Hash that Mosquitto 2 would not read.
    #[error(
        "this is no hash of a Mosquitto password file: $7$101$, a salt of 12 bytes, $ and a hash of 64 bytes in Base64 are wanted"
    )]
    Mosquitto,
}

/// Secret of one slot: its password at the broker. Never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Makes a secret of bytes that the system's generator drew.
    pub fn from_random(bytes: [u8; LENGTH]) -> Self {
        Self(bytes.into_iter().map(letter).collect())
    }

    /// The secret itself: the password, and what its file holds.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Digest, from which nobody gets the secret back.
    pub fn digest(&self) -> SecretDigest {
        SecretDigest::of(self.0.as_bytes())
    }

    /// Hash for a Mosquitto password file, with a salt that the system's generator drew.
    pub fn mosquitto(&self, salt: [u8; 12]) -> MosquittoHash {
        let hash = pbkdf2(self.0.as_bytes(), &salt);
        MosquittoHash(format!("$7${ROUNDS}${}${}", base64(&salt), base64(&hash)))
    }
}

impl FromStr for Secret {
    type Err = PairingError;

    /// Reads a secret as its file holds it, with white space around.
    fn from_str(text: &str) -> Result<Self, PairingError> {
        let text = text.trim();
        if text.len() == LENGTH && text.bytes().all(|byte| READABLE.contains(&byte)) {
            Ok(Self(text.to_owned()))
        } else {
            Err(PairingError::Secret)
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// SHA-256 of a slot's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecretDigest(pub [u8; 32]);

impl SecretDigest {
    /// Digest of what a client gave as its password.
    pub fn of(password: &[u8]) -> Self {
        Self(Sha256::digest(password).into())
    }

    /// Compares in a time that tells nothing of where the two differ.
    pub fn is(&self, other: &Self) -> bool {
        let differ = self.0.iter().zip(&other.0).fold(0, |differ, (one, two)| differ | (one ^ two));
        std::hint::black_box(differ) == 0
    }

    /// Code of this secret for people to compare, e.g. `ABC-DEF`.
    pub(super) fn code(&self, authority: Option<&Self>) -> String {
        let mut hash = Sha256::new().chain_update(b"eg-pair").chain_update(self.0);
        if let Some(authority) = authority {
            hash.update(authority.0);
        }
        let hash = hash.finalize();
        let bits = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
        let at = |index: u32| letter((bits >> (27 - 5 * index) & 31) as u8).to_ascii_uppercase();
        let text = |from: u32| (from..from + 3).map(at).collect::<String>();
        format!("{}-{}", text(0), text(3))
    }
}

impl FromStr for SecretDigest {
    type Err = PairingError;

    fn from_str(text: &str) -> Result<Self, PairingError> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(PairingError::Digest);
        }
        let value = |digit: u8| match digit {
            b'0'..=b'9' => Ok(digit - b'0'),
            b'a'..=b'f' => Ok(digit - b'a' + 10),
            _ => Err(PairingError::Digest),
        };
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = value(pair[0])? << 4 | value(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for SecretDigest {
    type Error = PairingError;
    fn try_from(text: String) -> Result<Self, PairingError> {
        text.parse()
    }
}

impl From<SecretDigest> for String {
    fn from(digest: SecretDigest) -> Self {
        digest.to_string()
    }
}

impl fmt::Display for SecretDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Hash of a slot's secret as a Mosquitto password file holds it: PBKDF2 with HMAC-SHA512, 101 rounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MosquittoHash(String);

impl MosquittoHash {
    /// The hash as text: `$7$101$<salt>$<hash>`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Hash of any text, for the users of Mosquitto's file that are no slots.
    pub fn of(password: &str, salt: [u8; 12]) -> Self {
        Secret(password.to_owned()).mosquitto(salt)
    }

    /// True if this is the hash of that password.
    pub fn fits(&self, password: &str) -> bool {
        let salt = self.0.get(7..23).and_then(salt).unwrap_or_default();
        Self::of(password, salt) == *self
    }
}

impl TryFrom<String> for MosquittoHash {
    type Error = PairingError;

    /// Checks every character: this goes into a file of lines.
    fn try_from(text: String) -> Result<Self, PairingError> {
        let digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        let parts = text.strip_prefix("$7$101$").and_then(|rest| rest.split_once('$'));
        let salt = |text: &str| text.len() == 16 && text.bytes().all(digit);
        let hash = |text: &str| text.len() == 86 && text.bytes().all(digit);
        match parts {
            Some((left, right)) if salt(left) && right.strip_suffix("==").is_some_and(hash) => {
                Ok(Self(text))
            }
            _ => Err(PairingError::Mosquitto),
        }
    }
}

impl From<MosquittoHash> for String {
    fn from(hash: MosquittoHash) -> Self {
        hash.0
    }
}

fn letter(byte: u8) -> char {
    char::from(READABLE[usize::from(byte % 32)])
}

/// PBKDF2 with HMAC-SHA512 for one block of 64 bytes (RFC 8018, section 5.2).
fn pbkdf2(password: &[u8], salt: &[u8]) -> [u8; 64] {
    let (inner, outer) = hmac_keys(password);
    let hmac = |parts: &[&[u8]]| -> [u8; 64] {
        let within = parts.iter().fold(inner.clone(), |hash, part| hash.chain_update(part));
        outer.clone().chain_update(within.finalize()).finalize().into()
    };
    let mut last = hmac(&[salt, &1_u32.to_be_bytes()]);
    let mut sum = last;
    for _ in 1..ROUNDS {
        last = hmac(&[&last]);
        sum.iter_mut().zip(last).for_each(|(sum, byte)| *sum ^= byte);
    }
    sum
}

/// Both hashes of an HMAC-SHA512 (RFC 2104), with the key taken in.
fn hmac_keys(key: &[u8]) -> (Sha512, Sha512) {
    let mut block = [0_u8; 128];
    if key.len() > block.len() {
        block[..64].copy_from_slice(&Sha512::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let padded = |pad: u8| Sha512::new().chain_update(block.map(|byte| byte ^ pad));
    (padded(0x36), padded(0x5c))
}

/// Reads the 12 bytes of a salt in Base64.
fn salt(text: &str) -> Option<[u8; 12]> {
    let mut bytes = [0; 12];
    for (three, four) in bytes.chunks_mut(3).zip(text.as_bytes().chunks(4)) {
        let mut bits = 0;
        for digit in four {
            bits = bits << 6 | DIGITS.iter().position(|known| known == digit)?;
        }
        three.copy_from_slice(&[(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]);
    }
    Some(bytes)
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 with the usual alphabet and padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |index: usize| u32::from(three.get(index).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for index in 0..4 {
            let digit = char::from(DIGITS[(bits >> (18 - 6 * index) & 63) as usize]);
            text.push(if index <= three.len() { digit } else { '=' });
        }
    }
    text
}

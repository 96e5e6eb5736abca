//! Secrets: drawn from the operating system, stored only as digests.

use sha2::{Digest as _, Sha256};

/// SHA-256 of a secret. Secrets have 128 random bits, so a plain digest is enough.
pub(super) type Digest = [u8; 32];

/// Letters and digits that cannot be mistaken for each other when a password is read off a screen.
const READABLE: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Random text that grants access.
pub(super) struct Secret(String);

impl Secret {
    /// Draws 26 readable characters: 130 bits from the system's generator.
    pub(super) fn draw() -> Self {
        let bytes: [u8; 26] = rand::random();
        let letter = |byte: u8| char::from(READABLE[usize::from(byte % 32)]);
        Self(bytes.into_iter().map(letter).collect())
    }

    /// Wraps a text that somebody sent.
    pub(super) fn from_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Returns the text for a cookie or a link.
    pub(super) fn text(&self) -> String {
        self.0.clone()
    }

    /// Returns a password that a person types: three groups of four, 60 bits.
    pub(super) fn words(&self) -> String {
        let text = &self.0;
        [&text[0..4], &text[4..8], &text[8..12]].join("-")
    }

    /// Returns the digest, which is all that is stored of it.
    pub(super) fn digest(&self) -> Digest {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_the_same_after_its_way_through_a_cookie() {
        let secret = Secret::draw();

        assert_eq!(Secret::from_text(&secret.text()).digest(), secret.digest());
        assert_ne!(Secret::draw().text(), secret.text());
    }
}

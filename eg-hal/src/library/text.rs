//! Text that is put together while it is compiled.

/// At most `N` bytes of UTF-8, and zeros behind them.
pub(super) struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Text<N> {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; N], len: 0 }
    }

    /// Adds a text. One that does not fit does not compile.
    pub(super) const fn text(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        let mut at = 0;
        while at < text.len() {
            self.bytes[self.len] = text[at];
            self.len += 1;
            at += 1;
        }
        self
    }

    /// Adds a number in decimal digits.
    pub(super) const fn number(mut self, number: usize) -> Self {
        let mut digits = 1;
        let mut rest = number / 10;
        while rest > 0 {
            digits += 1;
            rest /= 10;
        }
        let (mut rest, mut at) = (number, self.len + digits);
        while at > self.len {
            at -= 1;
            self.bytes[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        self.len += digits;
        self
    }

    pub(super) const fn into_bytes(self) -> [u8; N] {
        self.bytes
    }
}

/// The text before the first zero; what is no UTF-8 is replaced.
pub(super) fn until_zero(bytes: &[u8]) -> String {
    let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{Text, until_zero};

    #[test]
    fn texts_and_numbers_stand_in_their_order_with_zeros_behind() {
        let text = Text::<16>::new().text("a ").number(0).text("/").number(1280).into_bytes();

        assert_eq!(&text, b"a 0/1280\0\0\0\0\0\0\0\0");
        assert_eq!(until_zero(&text), "a 0/1280");
    }
}

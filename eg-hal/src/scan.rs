//! Codes that a scanner or an RFID reader sends as text, over a serial line or as a keyboard: where one ends, and whether
//! it is a tag, a line or keys.
//!
//! Nothing is dropped in silence: what is no code comes back as [`Unusable`], for
//! [`Readings::noise`](crate::Readings::noise).

mod checksum;
mod settings;
mod tag;

pub use checksum::{Checksum, xor};
pub use settings::{Gives, Settings};

use crate::{Moment, OpenError, Reading};
use std::time::Duration;

/// Starts a frame, whatever stood before.
const STX: u8 = 0x02;
/// Ends one.
const ETX: u8 = 0x03;
/// The control character inside a code that is part of it: GS1 puts it between two fields (GS1 General
/// Specifications, section 7.8).
const GS: char = '\u{1d}';
/// The most characters of a code: some QR codes hold more, and nobody makes a puzzle of these.
const LONGEST: usize = 2048;
/// After so long without another byte a code without an end is given up.
const FORGOTTEN: Duration = Duration::from_secs(1);
/// The same where codes have a length: a byte of one was lost. A reader sends them without a pause.
const CUT_SHORT: Duration = Duration::from_millis(100);

/// Bytes that were heard and are no code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable {
    /// Problem with the bytes, and a remedy.
    pub why: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Finds codes in what a reader sends.
#[derive(Debug)]
pub struct Scan {
    settings: Settings,
    bytes: Vec<u8>,
    /// `true` if the bytes are longer than any code.
    too_long: bool,
    /// `true` if the code began with STX.
    framed: bool,
    /// A frame with a right checksum came once, so all of this reader have one.
    has_checksums: bool,
    /// Time at which the last byte came.
    heard: Moment,
    /// `true` if that byte was a CR, which an LF may follow.
    returned: bool,
}

/// Result of one byte or a silence.
type Found = Option<Result<Reading, Unusable>>;

impl Scan {
    /// Begins with nothing heard yet.
    ///
    /// # Errors
    /// [`OpenError::Settings`] for the field `code` when the settings contradict each other.
    pub fn new(settings: Settings) -> Result<Self, OpenError> {
        settings.check().map_err(|problem| OpenError::setting("code", problem))?;
        Ok(Self {
            settings,
            bytes: Vec::new(),
            too_long: false,
            framed: false,
            has_checksums: false,
            heard: Moment::default(),
            returned: false,
        })
    }

    /// Takes the next byte, which came at this moment. Gives what was left over from before a silence, and what it ends.
    pub fn push(
        &mut self,
        byte: u8,
        at: Moment,
    ) -> impl Iterator<Item = Result<Reading, Unusable>> + use<> {
        let before = self.rest(at);
        self.heard = at;
        let found =
            if self.settings.gives == Gives::Key { self.key(byte) } else { self.take(byte) };
        self.returned = byte == b'\r';
        [before, found].into_iter().flatten()
    }

    /// Takes note that nothing came until now: a code that has no end of its own may be complete.
    pub fn rest(&mut self, now: Moment) -> Found {
        let patience = self.patience()?;
        if now.since(self.heard) < patience {
            return None;
        }
        if self.settings.timeout.is_none() && self.settings.length.is_none() {
            let why = "no end came; code.length or code.timeout is for readers that send none";
            return self.drop_it(why);
        }
        self.end()
    }

    /// Gives the time after the last byte at which [`rest`](Self::rest) has a result; `None` while no code is under
    /// way.
    pub fn patience(&self) -> Option<Duration> {
        let usual = if self.settings.length.is_some() { CUT_SHORT } else { FORGOTTEN };
        let patience = self.settings.timeout.map_or(usual, |timeout| timeout.get());
        (!self.bytes.is_empty()).then_some(patience)
    }

    /// Takes note that a part of the code under way was lost.
    pub fn spoil(&mut self) -> Found {
        self.drop_it("a part of it was lost")
    }

    fn take(&mut self, byte: u8) -> Found {
        let suffix = self.settings.suffix.as_deref().map(str::as_bytes);
        let ends = match suffix {
            None => matches!(byte, b'\r' | b'\n' | b'\t' | ETX),
            Some(_) => byte == ETX && self.framed,
        };
        if byte == STX {
            let cut = self.drop_it("another frame began before it ended");
            self.framed = true;
            return cut;
        }
        if ends {
            return self.end();
        }
        // What stands between two codes: the other half of a line end.
        if self.bytes.is_empty() && matches!(byte, b'\r' | b'\n' | b'\t' | ETX) {
            return None;
        }
        if self.bytes.len() == LONGEST {
            self.too_long = true;
            return None;
        }
        self.bytes.push(byte);
        let whole = match suffix {
            Some(suffix) => self.bytes.ends_with(suffix),
            None => self.settings.whole().is_some_and(|whole| self.bytes.len() == whole),
        };
        if whole { self.end() } else { None }
    }

    /// Ends the code under way, which is one or is not.
    fn end(&mut self) -> Found {
        if self.too_long {
            return self.drop_it("longer than any code");
        }
        let bytes = std::mem::take(&mut self.bytes);
        let framed = std::mem::take(&mut self.framed);
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return None;
        }
        let found = self.settings.content(&bytes).and_then(|content| match self.settings.gives {
            _ if content.is_empty() => Err("nothing between prefix and suffix".to_owned()),
            Gives::Tag => self.settings.tag(content, framed, &mut self.has_checksums),
            Gives::Line | Gives::Key => line(content).map(Reading::Line),
        });
        Some(found.map_err(|why| Unusable { why, bytes }))
    }

    fn drop_it(&mut self, why: &str) -> Found {
        let bytes = std::mem::take(&mut self.bytes);
        (self.too_long, self.framed) = (false, false);
        (!bytes.is_empty()).then(|| Err(Unusable { why: why.to_owned(), bytes }))
    }

    /// A key for each character.
    fn key(&mut self, byte: u8) -> Found {
        let named = match byte {
            b'\n' if self.returned => return None,
            b'\r' | b'\n' => "enter",
            b'\t' => "tab",
            0x08 | 0x7f => "backspace",
            0x1b => "esc",
            _ => {
                self.bytes.push(byte);
                return self.character();
            }
        };
        Some(Ok(Reading::Key(named.to_owned())))
    }

    /// The character that its bytes make, once they are all there (UTF-8, RFC 3629: four at most).
    fn character(&mut self) -> Found {
        match std::str::from_utf8(&self.bytes) {
            Ok(text) if !text.chars().any(char::is_control) => {
                let symbol = text.to_owned();
                self.bytes.clear();
                Some(Ok(Reading::Key(symbol)))
            }
            Err(error) if error.error_len().is_none() => None,
            Ok(_) | Err(_) => self.drop_it("no key has this symbol"),
        }
    }
}

/// A line of text as it was printed.
fn line(content: &[u8]) -> Result<String, String> {
    let text = std::str::from_utf8(content).map_err(|_| "not UTF-8 text".to_owned())?;
    if text.chars().any(|c| c.is_control() && c != GS) {
        return Err("control characters within a code".to_owned());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests;

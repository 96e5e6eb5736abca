//! Settings of a reader's codes in a slot's file.

use super::{Checksum, LONGEST};
use crate::Span;
use schemars::JsonSchema;
use serde::Deserialize;

/// `code:` of a reader: the kind of its codes, and the end of each.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Reading that a code becomes: `tag`, a number of hexadecimal digits; `line`, whatever text it is; `key`, each
    /// character by itself.
    pub gives: Gives,
    /// Text that stands before each code and is taken off, such as `]E0`. A code without it is dropped.
    pub prefix: String,
    /// Text that ends each code and is taken off, such as `#`. Without it a code ends with CR, LF, TAB or ETX.
    pub suffix: Option<String>,
    /// Number of bytes of a code, without prefix and suffix: it is whole with the last of them, whether an end follows
    /// or not, and any other is dropped.
    #[schemars(range(min = 1, max = 2048))]
    pub length: Option<u16>,
    /// A code is whole when nothing followed for so long: for readers that send no end.
    pub timeout: Option<Span>,
    /// Checksum of the digits of a tag.
    pub checksum: Checksum,
}

/// Reading that a code becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Gives {
    /// `tag`: 4 to 32 hexadecimal digits, in pairs that `:`, `-` or a blank may part.
    #[default]
    Tag,
    /// `line`: any text.
    Line,
    /// `key`: each character by itself.
    Key,
}

impl Settings {
    /// Checks that the settings go together.
    pub(super) fn check(&self) -> Result<(), String> {
        let length = usize::from(self.length.unwrap_or(1));
        if !(1..=LONGEST).contains(&length) {
            return Err(format!("length: a code has 1 to {LONGEST} bytes, not {length}"));
        }
        if self.suffix.as_ref().is_some_and(String::is_empty) {
            return Err("suffix: it is empty, and would end a code before it began; leave it out"
                .to_owned());
        }
        if self.timeout.is_some_and(|timeout| timeout.get().is_zero()) {
            return Err(
                "timeout: it is zero, and would end a code at each byte; write 50ms".to_owned()
            );
        }
        if self.gives != Gives::Tag && self.checksum != Checksum::Auto {
            return Err("checksum: only the digits of a tag have one; leave it out".to_owned());
        }
        let framing = !self.prefix.is_empty() || self.suffix.is_some() || self.length.is_some();
        if self.gives == Gives::Key && (framing || self.timeout.is_some()) {
            return Err("gives: key tells each character by itself; leave out prefix, suffix, length and timeout".to_owned());
        }
        Ok(())
    }

    /// Number of bytes of a code that needs no end.
    pub(super) fn whole(&self) -> Option<usize> {
        self.length.map(|length| self.prefix.len() + usize::from(length))
    }

    /// Gives the bytes between prefix and suffix.
    ///
    /// # Errors
    /// Thing that is missing.
    pub(super) fn content<'b>(&self, bytes: &'b [u8]) -> Result<&'b [u8], String> {
        let prefix = self.prefix.as_bytes();
        let content = bytes.strip_prefix(prefix);
        let content = content.ok_or_else(|| format!("without the prefix {:?}", self.prefix))?;
        let content = match &self.suffix {
            None => content,
            Some(suffix) => content
                .strip_suffix(suffix.as_bytes())
                .ok_or_else(|| format!("without the suffix {suffix:?}"))?,
        };
        match self.length {
            Some(length) if content.len() != usize::from(length) => {
                Err(format!("{} bytes where {length} were wanted", content.len()))
            }
            Some(_) | None => Ok(content),
        }
    }
}

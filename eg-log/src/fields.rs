//! Fields of an event, as journald has them and as a line has them.

use std::fmt::{Debug, Write};
use tracing::field::{Field, Visit};

/// Longest value of one field: a datagram has to carry all of them.
const LONGEST: usize = 16 << 10;

/// Fields of one event: its message, the others behind it, and the datagram that has all of them.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    message: String,
    others: String,
    datagram: Vec<u8>,
}

impl Fields {
    /// Adds a field, by the protocol: `NAME=value`, or, where the value has more than one line, its length before it.
    pub(crate) fn add(&mut self, name: &str, value: &str) {
        let value = cut(value);
        self.datagram.extend(name.bytes());
        if value.contains('\n') {
            self.datagram.push(b'\n');
            self.datagram.extend((value.len() as u64).to_le_bytes());
        } else {
            self.datagram.push(b'=');
        }
        self.datagram.extend(value.bytes());
        self.datagram.push(b'\n');
    }

    /// Datagram with all fields; whoever reads lines has them behind the message.
    pub(crate) fn datagram(mut self) -> Vec<u8> {
        let message = format!("{}{}", self.message, self.others);
        self.add("MESSAGE", message.trim_start());
        self.datagram
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text = format!("{value:?}");
        if field.name() == "message" {
            self.message = text;
            return;
        }
        // A text cannot refuse to be written.
        let _ = write!(self.others, " {}={text}", field.name());
        let name = name_of(field.name());
        if !name.is_empty() {
            self.add(&name, &text);
        }
    }
}

/// Name as journald takes it: capitals, digits and `_`, none of these two at the beginning, 64 at most.
fn name_of(field: &str) -> String {
    let name: String = field
        .chars()
        .map(
            |letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' },
        )
        .collect();
    let begins = |letter: char| !letter.is_ascii_uppercase();
    let mut name = name.trim_start_matches(begins).to_owned();
    name.truncate(64);
    name
}

fn cut(value: &str) -> &str {
    let mut end = value.len().min(LONGEST);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    &value[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_journald_takes() {
        assert_eq!(name_of("slot"), "SLOT");
        assert_eq!(name_of("r#why.then"), "R_WHY_THEN");
        assert_eq!(name_of("_1st"), "ST");
        assert_eq!(name_of(&"x".repeat(80)).len(), 64);
    }

    #[test]
    fn a_value_of_several_lines_has_its_length_before_it() {
        let mut fields = Fields::default();

        fields.add("ONE", "a=b");
        fields.add("TWO", "a\nb");

        assert_eq!(fields.datagram, b"ONE=a=b\nTWO\n\x03\0\0\0\0\0\0\0a\nb\n");
    }

    #[test]
    fn a_value_is_cut_between_letters() {
        let value = format!("{}é", "x".repeat(LONGEST - 1));

        assert_eq!(cut(&value).len(), LONGEST - 1);
    }
}

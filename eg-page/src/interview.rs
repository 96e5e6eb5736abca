//! Questions at a terminal, in one language.

use crate::words::{Lang, Words};
use std::io::{BufRead, IsTerminal, Write, stderr, stdin};

/// Questions of a command. Where nobody sits at a terminal nothing is asked, and every answer is its default.
pub struct Interview {
    words: Words,
    lang: Lang,
    asks: bool,
}

impl Interview {
    /// Begins an interview; `silent` asks nothing at a terminal either.
    pub fn new(words: Words, lang: Lang, silent: bool) -> Self {
        Self { words, lang, asks: !silent && stdin().is_terminal() }
    }

    /// Tells whether somebody is asked.
    pub fn asks(&self) -> bool {
        self.asks
    }

    /// Returns the words of a key with a blank filled in.
    pub fn tell(&self, key: &str, blank: &str, value: &str) -> String {
        self.words.tell(self.lang, key, [(blank, value.into())])
    }

    /// Asks on standard error until `read` takes the answer; an empty one is the default. `read` says what is wrong with one.
    /// The end of the input is an empty answer too.
    ///
    /// # Errors
    /// Words of `read` about the default, where nobody can be asked for another.
    pub fn ask<T>(
        &self,
        key: &str,
        default: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, String> {
        if !self.asks {
            return read(default);
        }
        loop {
            let question = self.tell(key, "default", default);
            let _ = write!(stderr(), "{question} ");
            let mut line = String::new();
            let ended = !stdin().lock().read_line(&mut line).is_ok_and(|length| length > 0);
            let said = line.trim();
            match read(if said.is_empty() { default } else { said }) {
                Ok(answer) => return Ok(answer),
                Err(why) if ended => return Err(why),
                Err(why) => drop(writeln!(stderr(), "{why}")),
            }
        }
    }
}

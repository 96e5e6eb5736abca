//! Symbols typed at one slot.

use crate::config::{Config, Matching};

/// Symbols that have been typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    symbols: Vec<String>,
    /// The start symbol was typed.
    begun: bool,
}

/// Effect of a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// Added to what was typed.
    Taken,
    /// One or all symbols taken back.
    Cleared,
    /// Not counted here: before the start symbol, or one too many.
    Refused,
    /// End of a wrong code.
    Wrong,
    /// End of the right code.
    Right,
}

impl Entry {
    pub(crate) fn is_empty(&self) -> bool {
        self.symbols.is_empty() && !self.begun
    }

    /// Number of symbols that stand there.
    pub(crate) fn typed(&self) -> usize {
        self.symbols.len()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn take(&mut self, symbol: &str, config: &Config, code: &[String]) -> Typed {
        let is = |special: &Option<String>| special.as_deref() == Some(symbol);
        if is(&config.start) {
            self.clear();
            self.begun = true;
            return Typed::Taken;
        }
        if is(&config.clear) {
            self.clear();
            return Typed::Cleared;
        }
        if config.start.is_some() && !self.begun {
            return Typed::Refused;
        }
        if is(&config.back) {
            self.symbols.pop();
            return if self.is_empty() { Typed::Cleared } else { Typed::Taken };
        }
        if is(&config.end) {
            return self.judge(config, code);
        }
        match config.matching {
            Matching::Sliding => self.slide(symbol, code),
            Matching::Whole => self.add(symbol, config, code),
        }
    }

    fn add(&mut self, symbol: &str, config: &Config, code: &[String]) -> Typed {
        if self.symbols.len() >= config.max.unwrap_or(code.len()) {
            return Typed::Refused;
        }
        self.symbols.push(symbol.to_owned());
        if config.end.is_none() && self.symbols.len() == code.len() {
            return self.judge(config, code);
        }
        Typed::Taken
    }

    fn slide(&mut self, symbol: &str, code: &[String]) -> Typed {
        self.symbols.push(symbol.to_owned());
        if self.symbols.len() > code.len() {
            self.symbols.remove(0);
        }
        if self.symbols == code {
            self.clear();
            return Typed::Right;
        }
        Typed::Taken
    }

    fn judge(&mut self, config: &Config, code: &[String]) -> Typed {
        let (typed, right) = (self.symbols.len(), self.symbols == code);
        self.clear();
        if right {
            Typed::Right
        } else if typed < config.min.unwrap_or(1) || config.matching == Matching::Sliding {
            Typed::Cleared
        } else {
            Typed::Wrong
        }
    }
}

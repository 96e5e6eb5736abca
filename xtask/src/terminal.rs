//! Lines of a task for a person: colour on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::process::Command;
use std::time::Duration;

/// Meaning of a piece of text, shown by its colour.
#[derive(Clone, Copy)]
pub(crate) enum Tone {
    /// Where we are.
    Title,
    /// Something went well.
    Good,
    /// Something went wrong.
    Bad,
    /// Worth knowing, not worth reading twice.
    Quiet,
}

/// Knows whether standard output takes colour.
#[derive(Clone, Copy)]
pub(crate) struct Terminal {
    colour: bool,
    ci: bool,
}

impl Terminal {
    /// Looks at standard output and at `NO_COLOR` and `CI`: colour only on a terminal, and with neither of them set.
    pub(crate) fn of_stdout() -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let ci = set("CI");
        Self { colour: std::io::stdout().is_terminal() && !set("NO_COLOR") && !ci, ci }
    }

    /// Returns `true` in a CI run, told by the variable `CI`.
    pub(crate) fn is_ci(self) -> bool {
        self.ci
    }

    /// Makes cargo, nextest and rustfmt do as we do, even through a pipe.
    pub(crate) fn pass_on(self, command: &mut Command) {
        if self.colour {
            command.env("CARGO_TERM_COLOR", "always");
        } else {
            command.env("CARGO_TERM_COLOR", "never").env("NO_COLOR", "1").env("TERM", "dumb");
        }
    }

    /// The text in its colour, or as it is.
    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Title => "1",
            Tone::Good => "32",
            Tone::Bad => "1;31",
            Tone::Quiet => "2",
        };
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// A duration as a person reads it: `0.4 s`, `3 min 05 s`.
pub(crate) fn say_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 60 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_minutes_only_when_there_are_some() {
        assert_eq!(say_duration(Duration::from_millis(420)), "0.4 s");
        assert_eq!(say_duration(Duration::from_secs(185)), "3 min 05 s");
    }
}

//! Check of settings, by the game and the parser that check the file.

use eg_config::{KeyPath, Problem, Problems, Source};
use eg_game::{EntryError, GameEntry, Roster, games};
use eg_page::say;
use eg_proto::{SlotId, Text};
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Name that problems give to the text.
const NAME: &str = "settings.yaml";

/// Returns the game of this kind.
pub(in crate::http) fn game_called(kind: &str) -> Option<&'static GameEntry> {
    games().into_iter().find(|entry| entry.kind == kind)
}

/// Checks settings in YAML as the file of the core is checked, with its players if they are known. Returns them as they
/// are kept.
///
/// # Errors
/// Returns every mistake with its line and its path.
pub(in crate::http) fn check(
    entry: &GameEntry,
    yaml: &str,
    players: Option<&[SlotId]>,
) -> Result<Value, Problems> {
    let source = Source::text(NAME, yaml);
    let checked = catch_unwind(AssertUnwindSafe(|| {
        let root = KeyPath::root();
        let kept = (entry.keep)(&source, &root)?;
        let Some(players) = players else { return Ok(kept) };
        match (entry.start)(&source, &root, &Roster::of(players.iter().cloned())) {
            Ok(_) => Ok(kept),
            Err(EntryError::Config(problems)) => Err(problems),
            Err(EntryError::Start(wrong)) => Err(wrong.0.in_file(&source, &root)),
        }
    }));
    checked.unwrap_or_else(|_| {
        Err(Problem::with_file(NAME, "the game stopped at these settings").into())
    })
}

/// Returns the keys whose values differ, with the first and the second value.
pub(in crate::http) fn differences<'a>(
    one: &'a Value,
    other: &'a Value,
) -> Vec<(&'a str, Option<&'a Value>, Option<&'a Value>)> {
    let keys = |value: &'a Value| value.as_object().into_iter().flat_map(|keys| keys.keys());
    let mut names: Vec<&str> = keys(one).chain(keys(other)).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    let both = names.into_iter().map(|name| (name, one.get(name), other.get(name)));
    both.filter(|(_, one, other)| one != other).collect()
}

/// Returns what is wrong in one place, in both languages, with the line where it stands.
pub(in crate::http) fn told(problem: &Problem) -> Text {
    let said = say(problem.message.as_str());
    let (mut fr, mut en) = (said.fr, said.en);
    if let Some(nearest) = &problem.nearest {
        fr.push_str(&format!(" ; vouliez-vous dire « {nearest} » ?"));
        en.push_str(&format!("; did you mean {nearest:?}?"));
    }
    if !problem.wanted.is_empty() {
        let wanted = problem.wanted.join(", ");
        fr.push_str(&format!(" ; ici : {wanted}"));
        en.push_str(&format!("; works here: {wanted}"));
    }
    Text::new(fr, en)
}

/// Returns every mistake, each in a line with its place.
pub(in crate::http) fn all_told(problems: &Problems) -> Text {
    let all = problems.iter().map(|problem| {
        let place = match (problem.line, problem.column) {
            (Some(line), Some(column)) => format!("{line}:{column} "),
            _ => String::new(),
        };
        let path = if problem.path.is_empty() { "" } else { &format!("{}: ", problem.path) };
        let Text { fr, en } = told(problem);
        (format!("{place}{path}{fr}"), format!("{place}{path}{en}"))
    });
    let (fr, en): (Vec<_>, Vec<_>) = all.unzip();
    Text::new(fr.join("\n"), en.join("\n"))
}

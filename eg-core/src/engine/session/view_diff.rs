//! View diff: lines of the operator's view that an act removed and added, in any game.

use eg_game::{Roster, Seat, Text, View, Widget};
use eg_proto::Timestamp;

/// Converts the operator's view and the players to lines. A timer becomes the seconds left at `at`.
pub(in crate::engine) fn lines(view: &View, roster: &Roster, at: Timestamp) -> Vec<Text> {
    let mut lines = vec![view.headline.clone()];
    for part in &view.parts {
        part_lines(part, at, &mut lines);
    }
    lines.extend(roster.seats.iter().filter_map(standing));
    lines.retain(|line| !line.en.is_empty());
    lines
}

/// Returns the lines of `before` that are gone, and those of `after` that are new.
pub(in crate::engine) fn change(before: &[Text], after: &[Text]) -> (Vec<Text>, Vec<Text>) {
    (without(before, after), without(after, before))
}

fn without(all: &[Text], others: &[Text]) -> Vec<Text> {
    let mut others: Vec<&Text> = others.iter().collect();
    let mut left = Vec::new();
    for line in all {
        match others.iter().position(|other| *other == line) {
            Some(place) => drop(others.swap_remove(place)),
            None => left.push(line.clone()),
        }
    }
    left
}

fn part_lines(part: &Widget, at: Timestamp, lines: &mut Vec<Text>) {
    match part {
        Widget::Question { step, text, options, keys: _ } => {
            lines.push(Text::same(format!("{step}. {text} ({})", options.join(", "))));
        }
        Widget::Tally { title, bars, of: _ } => lines.extend(bars.iter().map(|bar| {
            let won = if bar.won { " ✓" } else { "" };
            both(title, &bar.label, |title, label| format!("{title} – {label}: {}{won}", bar.votes))
        })),
        Widget::Turnout { votes, expected, missing } => {
            let count = format!("{votes}/{expected}");
            let missing: Vec<_> = missing.iter().map(ToString::to_string).collect();
            lines.push(if missing.is_empty() {
                Text::same(count)
            } else {
                let missing = missing.join(", ");
                Text::new(
                    format!("{count}, il manque {missing}"),
                    format!("{count}, missing {missing}"),
                )
            });
        }
        Widget::Timer { label, ends } => {
            let left = ends.since(at).as_secs();
            lines.push(both(label, label, |label, _| format!("{label} {left} s")));
        }
        Widget::List { title, rows } => lines.extend(rows.iter().map(|row| {
            let slot = row.slot.as_ref().map(|slot| format!("{slot} ")).unwrap_or_default();
            both(title, &row.text, |title, text| format!("{title} – {slot}{text}"))
        })),
        Widget::Text { text, level: _ } => lines.push(text.clone()),
        Widget::Matrix { title, columns: _, rows } => {
            lines.extend(rows.iter().map(|(head, cells)| {
                let join = |cell: fn(&Text) -> &str| {
                    cells.iter().map(cell).collect::<Vec<_>>().join(" | ")
                };
                let (fr, en) = (join(|cell| &cell.fr), join(|cell| &cell.en));
                Text::new(
                    format!("{} – {} : {fr}", title.fr, head.fr),
                    format!("{} – {}: {en}", title.en, head.en),
                )
            }))
        }
    }
}

/// Joins two texts in each language.
fn both(one: &Text, two: &Text, join: impl Fn(&str, &str) -> String) -> Text {
    Text::new(join(&one.fr, &two.fr), join(&one.en, &two.en))
}

/// Returns the line for a player who is excused or out of the game.
fn standing(seat: &Seat) -> Option<Text> {
    let Seat { slot, name, .. } = seat;
    let name = if *name == slot.to_string() { String::new() } else { format!(" ({name})") };
    let say = |fr: &str, en: &str| {
        Some(Text::new(format!("{slot}{name} : {fr}"), format!("{slot}{name}: {en}")))
    };
    match (seat.alive, seat.excused) {
        (true, false) => None,
        (true, true) => say("excusé", "excused"),
        (false, _) => say("hors jeu", "out of the game"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(lines: &[&str]) -> Vec<Text> {
        lines.iter().map(|line| Text::same(*line)).collect()
    }

    #[test]
    fn a_change_is_what_went_and_what_came() {
        let (went, came) =
            change(&says(&["open", "8/9", "same"]), &says(&["same", "closed", "9/9"]));

        assert_eq!(went, says(&["open", "8/9"]));
        assert_eq!(came, says(&["closed", "9/9"]));
    }

    #[test]
    fn a_line_that_stands_twice_and_then_once_has_gone_once() {
        let (went, came) = change(&says(&["x", "x"]), &says(&["x"]));

        assert_eq!((went, came), (says(&["x"]), Vec::new()));
    }
}

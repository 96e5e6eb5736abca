//! Entries of a session whose choices the operator has revealed: from the opening of a question to the next one.

use super::Entry;
use super::entry::COLUMNS;
use super::{JournalError, Kind, Reader, entry};
use rusqlite::Connection;
use serde_json::Value;
use std::collections::BTreeMap;

/// Name of the act that reveals the choices of players.
const REVEAL: &str = "reveal";
/// Name of the act that undoes another.
const UNDO: &str = "undo";

/// Questions of one session, and which of them were revealed. Built from the session's entries in their order.
#[derive(Clone, Debug)]
pub struct Reveals {
    /// Time before any question, then the questions in the order of their opening.
    questions: Vec<Question>,
    /// Turns of the session: the entry after which a question is asked, and the question's index.
    turns: Vec<(i64, usize)>,
    /// Inputs that reached their game under another question than they arrived under, with the later question's index.
    moved: BTreeMap<i64, usize>,
    /// Number of the latest undo.
    undo: i64,
}

#[derive(Clone, Debug, Default)]
struct Question {
    /// Step, text and options, as a JSON array.
    asked: Value,
    /// Number of the entry that opened it.
    cause: i64,
    revealed: bool,
    /// `true` if the act that opened it was undone.
    undone: bool,
}

impl Default for Reveals {
    fn default() -> Self {
        let (questions, turns) = (vec![Question::default()], vec![(i64::MIN, 0)]);
        Self { questions, turns, moved: BTreeMap::new(), undo: 0 }
    }
}

impl Reveals {
    /// Notes the session's next entry.
    pub(crate) fn take(&mut self, entry: &Entry) {
        let body = &entry.body;
        match entry.kind {
            Kind::Note => {
                let asked = ["step", "question", "options"].map(|key| body.get(key).cloned());
                if let (Some(cause), [Some(step), Some(text), Some(options)]) = (entry.cause, asked)
                {
                    self.open(cause, Value::Array(vec![step, text, options]));
                }
            }
            Kind::Act if is_reveal(entry) => {
                let now = self.at(entry.id);
                self.questions[now].revealed = true;
            }
            Kind::Act if body.get("name").is_some_and(|name| name == UNDO) => {
                let target = body.get("args").and_then(|args| args.get("entry"));
                self.undo = entry.id;
                self.take_back(entry.id, target.and_then(Value::as_i64).unwrap_or_default());
            }
            Kind::Played => {
                let of = body.get("entry").and_then(Value::as_i64).unwrap_or(entry.id);
                let now = self.at(entry.id);
                if self.at(of) != now {
                    self.moved.insert(of, now);
                }
            }
            Kind::Event
            | Kind::Vote
            | Kind::Act
            | Kind::Request
            | Kind::Timer
            | Kind::Resumed
            | Kind::Result
            | Kind::Refused
            | Kind::Gap
            | Kind::Status
            | Kind::Unreadable => {}
        }
    }

    /// Returns `true` if choices that this entry tells are revealed.
    pub fn cover(&self, entry: i64) -> bool {
        let asked = [Some(self.at(entry)), self.moved.get(&entry).copied()];
        asked.into_iter().flatten().all(|question| self.questions[question].revealed)
    }

    /// Returns the options of every question that was asked.
    pub(super) fn options(&self) -> impl Iterator<Item = &str> {
        let lists = self.questions.iter().filter_map(|question| question.asked.get(2)?.as_array());
        lists.flatten().filter_map(Value::as_str)
    }

    fn open(&mut self, cause: i64, asked: Value) {
        // An undone act may lead back to a question that was open before it.
        let back = self.questions.iter().rposition(|it| !it.undone && it.asked == asked);
        let question = back.filter(|_| cause == self.undo).unwrap_or_else(|| {
            self.questions.push(Question { asked, cause, ..Question::default() });
            self.questions.len() - 1
        });
        self.turns.push((cause, question));
    }

    /// Notes that the act `target` was undone by the act `by`: questions that it opened are no longer asked.
    fn take_back(&mut self, by: i64, target: i64) {
        let opened = |question: &&mut Question| question.cause == target && question.cause != 0;
        self.questions.iter_mut().filter(opened).for_each(|question| question.undone = true);
        if self.questions[self.at(by)].undone {
            let mut before = self.turns.iter().rev().map(|(_, question)| *question);
            let back = before.find(|question| !self.questions[*question].undone);
            self.turns.push((by, back.unwrap_or_default()));
        }
    }

    /// Returns the index of the question that was asked when an entry came.
    fn at(&self, entry: i64) -> usize {
        let turn = self.turns.iter().rev().find(|(after, _)| *after < entry);
        turn.map_or(0, |(_, question)| *question)
    }
}

fn is_reveal(entry: &Entry) -> bool {
    entry.kind == Kind::Act && entry.body.get("name").is_some_and(|name| name == REVEAL)
}

/// Reads the questions of a session, and the reveals up to and including the entry `until`.
pub(super) fn read(
    connection: &Connection,
    session: i64,
    until: i64,
) -> Result<Reveals, JournalError> {
    let list = format!(
        "SELECT {COLUMNS} FROM entry WHERE session = ?1 AND kind IN ('act', 'note', 'played')
         ORDER BY id"
    );
    let mut list = connection.prepare_cached(&list)?;
    let mut rows = list.query([session])?;
    let mut reveals = Reveals::default();
    while let Some(row) = rows.next()? {
        let entry = entry::read(row)?;
        if entry.id <= until || !is_reveal(&entry) {
            reveals.take(&entry);
        }
    }
    Ok(reveals)
}

impl Reader {
    /// Returns the reveals of a session up to and including the entry `until`; pass `i64::MAX` for all.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn reveals(&self, session: i64, until: i64) -> Result<Reveals, JournalError> {
        self.home(session)?.with(|connection| read(connection, session, until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eg_proto::Timestamp;
    use serde_json::json;

    /// Builds an entry of a session, which follows from the entry `cause`.
    fn entry(id: i64, kind: Kind, cause: Option<i64>, body: Value) -> Entry {
        let (at, slot, session, choice) = (Timestamp(id), None, Some(7), Vec::new());
        Entry { id, at, kind, slot, session, cause, body, choice }
    }

    fn opened(id: i64, step: u32) -> [Entry; 2] {
        let note = json!({ "step": step, "question": "Who?", "options": ["A", "B"] });
        let act = json!({ "name": "open", "args": {} });
        [entry(id, Kind::Act, None, act), entry(id + 1, Kind::Note, Some(id), note)]
    }

    fn act(id: i64, name: &str, args: Value) -> [Entry; 1] {
        [entry(id, Kind::Act, None, json!({ "name": name, "args": args }))]
    }

    fn reveals(entries: &[&[Entry]]) -> Reveals {
        let mut reveals = Reveals::default();
        entries.iter().flat_map(|some| some.iter()).for_each(|entry| reveals.take(entry));
        reveals
    }

    #[test]
    fn a_reveal_covers_its_question_before_and_after_it_and_no_other() {
        let reveals = reveals(&[
            &opened(10, 1),
            &opened(20, 2),
            &act(25, "reveal", json!({})),
            &opened(30, 3),
        ]);

        assert_eq!([15, 22, 28, 35].map(|id| reveals.cover(id)), [false, true, true, false]);
    }

    #[test]
    fn the_press_that_ends_a_question_belongs_to_it_and_not_to_the_one_it_opens() {
        let note = json!({ "step": 2, "question": "Again?", "options": ["A", "B"] });
        let again = entry(17, Kind::Note, Some(15), note);

        let reveals = reveals(&[&opened(10, 1), &act(12, "reveal", json!({})), &[again]]);

        assert_eq!([15, 16, 18].map(|id| reveals.cover(id)), [true, false, false]);
    }

    #[test]
    fn an_undone_question_gives_way_to_the_one_before_and_stays_secret() {
        let undo = act(30, "undo", json!({ "entry": 20 }));
        let back = opened(10, 1)[1].clone();
        let back = Entry { id: 32, cause: Some(30), ..back };

        let reveals = reveals(&[
            &opened(10, 1),
            &act(12, "reveal", json!({})),
            &opened(20, 2),
            &undo,
            &[back],
        ]);

        assert_eq!([15, 25, 35].map(|id| reveals.cover(id)), [true, false, true]);
    }

    #[test]
    fn a_press_that_was_held_back_into_the_next_question_is_a_choice_of_that() {
        let played = entry(22, Kind::Played, None, json!({ "entry": 15 }));

        let reveals =
            reveals(&[&opened(10, 1), &act(12, "reveal", json!({})), &opened(20, 2), &[played]]);

        assert_eq!([14, 15].map(|id| reveals.cover(id)), [true, false]);
    }
}

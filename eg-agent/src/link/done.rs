//! Commands that have been done already. The file outlives the agent, so that none is done twice.
//!
//! One JSON object a line: `{"id":"…"}` before a command is carried out, `{"id":"…","result":"done"}` after it. The
//! last word on an id counts. A line that a crash cut off is skipped.

use crate::private;
use eg_proto::CommandResult;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Commands that are remembered.
const KNOWN: usize = 256;
/// Number of lines after which the file is written anew.
const LINES: usize = 4 * KNOWN;

/// Progress of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// A device has it.
    Begun,
    /// An agent that has ended since began it, and nobody knows how far it came.
    Interrupted,
    /// The device carried it out.
    Done,
}

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    result: Option<CommandResult>,
}

/// The last commands, in memory and in a file.
#[derive(Debug)]
pub(super) struct Done {
    path: PathBuf,
    /// `None`: the disk refuses, and only this run remembers.
    file: Option<File>,
    lines: usize,
    /// Oldest first.
    known: VecDeque<(String, Progress)>,
}

impl Done {
    /// Reads the file. That the disk refuses is logged: the commands of this run are remembered all the same.
    pub(super) fn open(path: PathBuf) -> Self {
        let mut done = Self { path, file: None, lines: 0, known: VecDeque::new() };
        match std::fs::read_to_string(&done.path) {
            Ok(text) => text.lines().for_each(|line| done.learn(line)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => done.complain(&error),
        }
        for (_, progress) in &mut done.known {
            if *progress == Progress::Begun {
                *progress = Progress::Interrupted;
            }
        }
        done.rewrite();
        done
    }

    /// Returns the progress of a command; `None` when it is new.
    pub(super) fn progress(&self, id: &str) -> Option<Progress> {
        self.known.iter().find(|(known, _)| known == id).map(|(_, progress)| *progress)
    }

    /// A device is about to get it.
    pub(super) fn begin(&mut self, id: &str) {
        self.note(&Line { id: id.to_owned(), result: None });
    }

    /// Notes the result of a command. What was not carried out may be tried again.
    pub(super) fn end(&mut self, id: &str, result: CommandResult) {
        self.note(&Line { id: id.to_owned(), result: Some(result) });
    }

    fn note(&mut self, line: &Line) {
        self.count(line);
        if self.lines >= LINES {
            return self.rewrite();
        }
        let Some(file) = &mut self.file else { return };
        let written = serde_json::to_string(line).map_err(io::Error::other);
        let written = written.and_then(|text| file.write_all(format!("{text}\n").as_bytes()));
        match written {
            Ok(()) => self.lines += 1,
            Err(error) => self.complain(&error),
        }
    }

    fn learn(&mut self, line: &str) {
        if let Ok(line) = serde_json::from_str::<Line>(line) {
            self.count(&line);
        }
    }

    fn count(&mut self, line: &Line) {
        self.known.retain(|(known, _)| *known != line.id);
        let progress = match line.result {
            None => Progress::Begun,
            Some(CommandResult::Done) => Progress::Done,
            Some(CommandResult::Refused | CommandResult::Expired) => return,
        };
        if self.known.len() >= KNOWN {
            self.known.pop_front();
        }
        self.known.push_back((line.id.clone(), progress));
    }

    /// Writes a file of what is known and puts it in the place of the one before.
    fn rewrite(&mut self) {
        match self.written_anew() {
            Ok(file) => (self.file, self.lines) = (Some(file), self.known.len()),
            Err(error) => self.complain(&error),
        }
    }

    fn written_anew(&self) -> io::Result<File> {
        if let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)?;
        }
        let beside = beside(&self.path, "new");
        let mut file = private::open(&beside)?;
        file.set_len(0)?;
        for (id, progress) in &self.known {
            let result = (*progress == Progress::Done).then_some(CommandResult::Done);
            serde_json::to_writer(&mut file, &Line { id: id.clone(), result })?;
            file.write_all(b"\n")?;
        }
        std::fs::rename(&beside, &self.path)?;
        Ok(file)
    }

    fn complain(&mut self, error: &io::Error) {
        self.file = None;
        let file = self.path.display();
        tracing::warn!(%file, %error, "commands that are done now are not remembered after a restart");
    }
}

/// Appends an ending to a file's name.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn file(folder: &tempfile::TempDir) -> PathBuf {
        folder.path().join("outbox.db.commands")
    }

    #[test]
    fn remembers_what_was_done_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let mut done = Done::open(file(&folder));
        done.begin("opened");
        done.end("opened", CommandResult::Done);
        done.begin("refused");
        done.end("refused", CommandResult::Refused);
        done.begin("cut \"off\"\n");
        let now = done.progress("cut \"off\"\n");
        drop(done);

        let done = Done::open(file(&folder));

        assert_eq!(now, Some(Progress::Begun));
        assert_eq!(done.progress("cut \"off\"\n"), Some(Progress::Interrupted));
        assert_eq!(done.progress("opened"), Some(Progress::Done));
        assert_eq!(done.progress("refused"), None, "it may be tried again");
    }

    #[test]
    fn remembers_the_last_ones_in_a_bounded_file() {
        let folder = tempfile::tempdir().unwrap();
        let mut done = Done::open(file(&folder));

        for n in 0..5 * LINES {
            done.begin(&n.to_string());
            done.end(&n.to_string(), CommandResult::Done);
        }
        drop(done);
        let done = Done::open(file(&folder));

        let last = 5 * LINES;
        assert_eq!(done.progress(&(last - 1).to_string()), Some(Progress::Done));
        assert_eq!(done.progress(&(last - KNOWN).to_string()), Some(Progress::Done));
        assert_eq!(done.progress(&(last - KNOWN - 1).to_string()), None);
        assert!(fs::read_to_string(file(&folder)).unwrap().lines().count() <= LINES);
    }

    #[test]
    fn skips_a_line_that_was_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(file(&folder), "{\"id\":\"a\",\"result\":\"done\"}\n\u{0}\n{\"id\":\"b\",\"res")
            .unwrap();

        let done = Done::open(file(&folder));

        assert_eq!(done.progress("a"), Some(Progress::Done));
        assert_eq!(done.progress("b"), None);
    }

    #[test]
    fn remembers_this_run_when_the_disk_refuses() {
        let mut done = Done::open("/proc/nowhere/outbox.db.commands".into());

        done.begin("a");
        done.end("a", CommandResult::Done);

        assert_eq!(done.progress("a"), Some(Progress::Done));
    }
}

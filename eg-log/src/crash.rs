//! Reports of panics, kept in a file that whoever starts the program next is told of.

use std::backtrace::Backtrace;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::panic::{self, PanicHookInfo};
use std::path::{Path, PathBuf};

/// Largest report that is read again, in bytes: its first lines say what happened.
const READ: usize = 64 << 10;

/// Report of a panic that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrashReport {
    /// File that has all of it, the backtrace too.
    pub file: PathBuf,
    /// First line of what the panic said.
    pub said: String,
}

/// Path of a program's report in a folder.
fn file(folder: &Path, program: &str) -> PathBuf {
    folder.join(format!("{program}.crash.txt"))
}

impl CrashReport {
    /// Returns the report that a program left in its folder; `None` where there is none. Whoever has looked at it removes
    /// the file.
    pub fn left_in(folder: &Path, program: &str) -> Option<Self> {
        let file = file(folder, program);
        let text = fs::read(&file).ok()?;
        let text = String::from_utf8_lossy(&text[..text.len().min(READ)]).into_owned();
        let said = text.lines().next().unwrap_or_default().to_owned();
        Some(Self { file, said })
    }
}

/// Writes a report into `folder` whenever a thread of this process panics, and logs it; what is printed stays as it was.
/// A panic that is caught is told too: a driver's costs its board, and is a fault of that driver.
pub fn report_panics(folder: &Path, program: &str, version: &'static str) {
    let file = file(folder, program);
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |told| {
        let text = text(told, version);
        let said = text.lines().next().unwrap_or_default();
        match write(&file, &text) {
            Ok(()) => tracing::error!(report = %file.display(), "{said}"),
            Err(error) => tracing::error!(%error, report = %file.display(), "{said}"),
        }
        before(told);
    }));
}

fn text(told: &PanicHookInfo<'_>, version: &str) -> String {
    let thread = std::thread::current();
    let payload = told.payload();
    let said = payload.downcast_ref::<String>().map(String::as_str);
    let said = said.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("without a word");
    let first = said.lines().next().unwrap_or_default();
    let place = told.location().map(ToString::to_string).unwrap_or_default();
    let name = thread.name().unwrap_or("without a name");
    format!(
        "a panic in thread {name}, {place}: {first}\nversion {version}\n\n{said}\n\n{}\n",
        Backtrace::force_capture()
    )
}

/// Writes a file that its owner alone may read.
fn write(file: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(file)?.write_all(text.as_bytes())
}

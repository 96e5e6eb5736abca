//! A library is tried in a process of its own first: one that crashes or hangs while it is loaded costs that process.

use super::refusal::{TRIAL_SECONDS, TrialError};
use super::report::{DriverReport, Report};
use eg_hal::library::Inspected;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{MemfdFlags, memfd_create};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

/// The most that is heard of a trial, in bytes.
const MOST: u64 = 1 << 22;

/// Runs the program `agent`, which loads the library and describes its drivers.
///
/// # Errors
/// [`TrialError`].
pub(super) fn run(agent: &Path, inspected: &Inspected) -> Result<Vec<DriverReport>, TrialError> {
    let untried = |cause: io::Error| TrialError::Untried { cause: cause.to_string() };
    let (mut told, mut said) = (paper().map_err(untried)?, paper().map_err(untried)?);
    let mut command = Command::new(agent);
    command.args(["probe", "--here", "--json"]).arg(inspected.file()).stdin(Stdio::null());
    command.stdout(told.try_clone().map_err(untried)?).stderr(said.try_clone().map_err(untried)?);
    let child = command.spawn().map_err(untried)?;
    let status = end_of(child).map_err(untried)?.ok_or(TrialError::Hung)?;
    let report: Option<Report> = serde_json::from_str(&read(&mut told).map_err(untried)?).ok();
    match report {
        Some(Report { refused: Some(refused), .. }) => Err(TrialError::Refused(refused)),
        Some(report) if status.success() => {
            let same = report.sha256 == Some(inspected.digest().to_string());
            let changed = || TrialError::Refused("its file is being changed; try again".to_owned());
            same.then_some(report.drivers).ok_or_else(changed)
        }
        Some(_) | None => {
            let said = read(&mut said).map_err(untried)?;
            let last = said.lines().rfind(|line| !line.trim().is_empty());
            let said = last.map(|line| format!(", saying: {line}")).unwrap_or_default();
            Err(TrialError::Crashed { how: how(status), said })
        }
    }
}

/// A file in memory to write on: unlike a pipe it needs nobody who reads it meanwhile.
fn paper() -> io::Result<File> {
    Ok(memfd_create("eg-trial", MemfdFlags::CLOEXEC)?.into())
}

fn read(paper: &mut File) -> io::Result<String> {
    let mut bytes = Vec::new();
    paper.rewind()?;
    paper.take(MOST).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Waits for the process; ends it when its time is over.
fn end_of(mut child: Child) -> io::Result<Option<ExitStatus>> {
    let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let process = pidfd_open(id.ok_or(Errno::SRCH)?, PidfdFlags::empty())?;
    let limit = Timespec { tv_sec: TRIAL_SECONDS, tv_nsec: 0 };
    let ended = poll(&mut [PollFd::new(&process, PollFlags::IN)], Some(&limit));
    let in_time = ended != Ok(0);
    if !in_time {
        child.kill()?;
    }
    let status = child.wait()?;
    Ok(in_time.then_some(status))
}

fn how(status: ExitStatus) -> String {
    match (status.signal(), status.code()) {
        (Some(4), _) => "SIGILL".to_owned(),
        (Some(6), _) => "SIGABRT".to_owned(),
        (Some(7), _) => "SIGBUS".to_owned(),
        (Some(11), _) => "SIGSEGV".to_owned(),
        (Some(signal), _) => format!("signal {signal}"),
        (None, Some(code)) => format!("code {code}"),
        (None, None) => "no status".to_owned(),
    }
}

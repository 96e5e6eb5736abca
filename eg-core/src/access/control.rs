//! Control of a running core by commands on the same machine: one line of JSON each way, over a socket beside the
//! journal that nobody else may use.
//!
//! The same requests are carried out on the file itself when no core runs.

use super::{Access, AccessError, Adopted, Waiting};
use eg_proto::{MosquittoHash, SecretDigest, SlotId};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Longest line, in bytes: hundreds of slots with all that they say of themselves.
pub const LINE: u64 = 1024 * 1024;

/// Time within which a core answers.
const PATIENCE: Duration = Duration::from_secs(10);

/// ControlRequest of a command.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum ControlRequest {
    /// Asks for adopted and waiting slots.
    List,
    /// Adopts the slot that waits with this code.
    Adopt {
        /// Id of the slot.
        slot: SlotId,
        /// Code on the slot's page; `None` takes the one that waits.
        code: Option<String>,
        /// Name of whoever asks.
        by: String,
    },
    /// Adopts a slot whose secret was drawn on this machine.
    Enlist {
        /// Id of the slot.
        slot: SlotId,
        /// Digest of its secret.
        sha256: SecretDigest,
        /// Hash of its secret for Mosquitto.
        mosquitto: MosquittoHash,
        /// Name of whoever asks.
        by: String,
    },
    /// Takes a slot's right away.
    Revoke {
        /// Id of the slot.
        slot: SlotId,
        /// Name of whoever asks.
        by: String,
    },
    /// Gives a slot a name for people.
    Label {
        /// Id of the slot.
        slot: SlotId,
        /// Name; empty for none.
        label: String,
        /// Name of whoever asks.
        by: String,
    },
}

/// ControlAnswer to a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ControlAnswer {
    /// Done; for [`ControlRequest::List`] with the list.
    Done(Option<Listed>),
    /// Reason why it was not done.
    Refused(String),
}

/// Slots that are adopted, and slots that wait.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Listed {
    /// Adopted slots, by id.
    pub adopted: Vec<ListedSlot>,
    /// Slots that wait, by id.
    pub waiting: Vec<ListedSlot>,
}

/// Slot in a list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListedSlot {
    /// Id of the slot.
    pub slot: SlotId,
    /// Code of a slot that waits; empty for one that is adopted.
    pub code: String,
    /// Host name of its machine, as it says.
    pub machine: String,
    /// Name for people of an adopted slot, or the reason why it waits.
    pub note: String,
    /// Time of the adoption, or since which it waits, in µs since the Unix epoch.
    pub at_us: i64,
    /// Name of whoever adopted it; empty for one that waits.
    pub by: String,
}

/// Returns the path of the socket beside a journal.
pub fn socket(journal: &Path) -> PathBuf {
    let mut name = journal.file_stem().unwrap_or_default().to_owned();
    name.push(".control.sock");
    journal.with_file_name(name)
}

/// Asks the core that runs on this journal; `None` if none does. Blocks.
///
/// # Errors
/// The core does not answer, or not in a way that this program understands.
pub fn ask(journal: &Path, request: &ControlRequest) -> std::io::Result<Option<ControlAnswer>> {
    let Ok(mut stream) = UnixStream::connect(socket(journal)) else { return Ok(None) };
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut line = serde_json::to_vec(request)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    let mut answer = String::new();
    BufReader::new(std::io::Read::take(&stream, LINE)).read_line(&mut answer)?;
    Ok(Some(serde_json::from_str(&answer)?))
}

/// Carries out a request. Blocks on the disk.
pub fn carry_out(access: &Access, request: ControlRequest) -> ControlAnswer {
    let done = match request {
        ControlRequest::List => return ControlAnswer::Done(Some(list(access))),
        ControlRequest::Adopt { slot, code, by } => {
            let waits = access.waiting().get(&slot).map(|waiting| waiting.code.clone());
            match code.or(waits) {
                Some(code) => access.adopt(&slot, &code, by),
                None => Err(AccessError::NotWaiting(slot)),
            }
        }
        ControlRequest::Enlist { slot, sha256, mosquitto, by } => {
            access.enlist(&slot, sha256, Some(mosquitto), "", by)
        }
        ControlRequest::Revoke { slot, by } => access.revoke(&slot, by),
        ControlRequest::Label { slot, label, by } => access.label(&slot, &label, by),
    };
    match done {
        Ok(()) => ControlAnswer::Done(None),
        Err(error) => ControlAnswer::Refused(error.to_string()),
    }
}

fn list(access: &Access) -> Listed {
    let adopted = access.adopted().into_iter().map(|(slot, one)| {
        let Adopted { machine, label: note, at, by, .. } = one;
        ListedSlot { slot, code: String::new(), machine, note, at_us: at.0, by }
    });
    let waiting = access.waiting().into_iter().map(|(slot, one)| {
        let Waiting { code, machine, why, since, .. } = one;
        let note = serde_json::to_value(why).ok().and_then(|why| why.as_str().map(str::to_owned));
        let (note, by) = (note.unwrap_or_default(), String::new());
        ListedSlot { slot, code, machine, note, at_us: since.0, by }
    });
    Listed { adopted: adopted.collect(), waiting: waiting.collect() }
}

//! A changed file in a running slot: what differs, what of it a running slot cannot take, and the way to ask for it.
//!
//! Everything is checked first, the file and what it asks of this process. Then device by device: what is the same goes
//! on undisturbed, what is gone is brought to its safe state and closed, what is new or different is opened.

use crate::config::{DeviceConfig, Hal, SlotConfig};
use eg_config::{KeyPath, Problems};
use eg_proto::{DeviceName, SlotId};
use serde::Serialize;
use std::io;
use tokio::sync::{mpsc, oneshot};

/// Differences that a changed file made to a slot's devices, each list in the order of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Swap {
    /// Id of the slot.
    pub slot: SlotId,
    /// Went on undisturbed.
    pub kept: Vec<DeviceName>,
    /// Closed and opened anew.
    pub changed: Vec<DeviceName>,
    /// Were not there before.
    pub opened: Vec<DeviceName>,
    /// Devices that are not there any more.
    pub closed: Vec<DeviceName>,
}

/// Reasons why nothing was swapped: what ran before goes on.
#[derive(Debug, thiserror::Error)]
pub enum ReloadError {
    /// Mistakes in a file, and what a running slot cannot take over.
    #[error(transparent)]
    File(#[from] Problems),
    /// The system has no thread or descriptor left.
    #[error("cannot start the threads of the changed devices: {0}")]
    System(#[from] io::Error),
    /// The process is stopping, or swaps already.
    #[error("this agent is stopping, or reads its files already; ask again in a moment")]
    Busy,
}

impl Swap {
    /// Compares two files of one slot.
    pub(crate) fn between(old: &SlotConfig, new: &SlotConfig) -> Self {
        let (mut kept, mut changed, mut opened) = (Vec::new(), Vec::new(), Vec::new());
        for device in &new.devices {
            let list = match find(old, &device.name) {
                None => &mut opened,
                Some(before) if same(old, before, new, device) => &mut kept,
                Some(_) => &mut changed,
            };
            list.push(device.name.clone());
        }
        let gone = |device: &&DeviceConfig| find(new, &device.name).is_none();
        let closed = old.devices.iter().filter(gone).map(|device| device.name.clone()).collect();
        Self { slot: new.slot.clone(), kept, changed, opened, closed }
    }
}

fn find<'c>(config: &'c SlotConfig, name: &DeviceName) -> Option<&'c DeviceConfig> {
    config.devices.iter().find(|device| device.name == *name)
}

fn same(old: &SlotConfig, before: &DeviceConfig, new: &SlotConfig, after: &DeviceConfig) -> bool {
    same_board(old, before, new, after)
        && before.inputs == after.inputs
        && before.outputs == after.outputs
}

/// One driver with one `config:`; what its channels are called may differ.
pub(crate) fn same_board(
    old: &SlotConfig,
    before: &DeviceConfig,
    new: &SlotConfig,
    after: &DeviceConfig,
) -> bool {
    std::ptr::eq(before.entry, after.entry)
        && old.source.says_the_same(&new.source, &after.config_path)
}

/// Lists everything in the new file that only a new start of the agent can take over.
pub(crate) fn refused(old: &SlotConfig, new: &SlotConfig) -> Problems {
    let mut problems = Problems::default();
    let mut keep = |path: &[&str], same: bool, running: String| {
        if !same {
            let path: KeyPath = path.iter().copied().collect();
            let message = format!("{running}; restart the agent to change that");
            problems.push(new.source.problem_at(&path, message));
        }
    };
    let (slot, core) = (&old.slot, &old.core);
    keep(&["slot"], *slot == new.slot, format!("the running slot is {slot}"));
    let linked = format!("the running slot is linked to {}:{}", core.host, core.port);
    keep(&["core", "host"], core.host == new.core.host, linked.clone());
    keep(&["core", "port"], core.port == new.core.port, linked);
    let topics = format!("the running slot publishes under {:?}", old.topics.base());
    keep(&["base_topic"], old.topics.base() == new.topics.base(), topics);
    let hal = format!("the running slot's boards are on hal {}", hal(old.hal));
    keep(&["hal"], old.hal == new.hal, hal);
    let outbox = format!("the running slot keeps its events in {}", old.outbox.display());
    keep(&["outbox"], old.outbox == new.outbox, outbox);
    let secret = format!("the running slot's secret is in {}", old.secret.path().display());
    // One that lies beside the outbox moves with it, and that is told already.
    keep(&["secret_file"], old.secret == new.secret || old.outbox != new.outbox, secret);
    let page = format!("the running slot's page is on {}:{}", old.page_listen, old.page_port);
    keep(&["page", "port"], old.page_port == new.page_port, page.clone());
    keep(&["page", "listen"], old.page_listen == new.page_listen, page);
    let touch = format!("the running slot's page runs with touch: {}", old.touch);
    keep(&["page", "touch"], old.touch == new.touch, touch);
    let hosts = format!("the running slot's page goes by the names {:?}", old.hosts);
    keep(&["hosts"], old.hosts == new.hosts, hosts);
    let compat = format!("the running slot runs with compat: {}", old.compat);
    keep(&["compat"], old.compat == new.compat, compat);
    let restart = format!("the running slot runs with restart: {}", old.restart);
    keep(&["restart"], old.restart == new.restart, restart);
    problems
}

fn hal(hal: Hal) -> &'static str {
    match hal {
        Hal::Linux => "linux",
        Hal::Rppal => "rppal",
        Hal::Sim => "sim",
    }
}

/// Result of a request to read the files again.
type Answer = Result<Vec<Swap>, ReloadError>;

/// The request of one who asked that the files be read again.
#[derive(Debug)]
pub struct ReloadRequest(oneshot::Sender<Answer>);

impl ReloadRequest {
    /// Tells what became of it, if somebody still listens.
    pub fn answer(self, answer: Answer) {
        drop(self.0.send(answer));
    }
}

/// Asks the process to read its files again. Clones ask the same.
#[derive(Clone, Debug)]
pub struct Reloader(mpsc::Sender<ReloadRequest>);

impl Reloader {
    /// One who asks, and where the requests arrive.
    pub fn new() -> (Self, mpsc::Receiver<ReloadRequest>) {
        let (requests, arriving) = mpsc::channel(1);
        (Self(requests), arriving)
    }

    /// Asks that every file of this process be read again, and its devices swapped.
    ///
    /// # Errors
    /// [`ReloadError`]: nothing has changed then.
    pub async fn reload(&self) -> Answer {
        let (request, answer) = oneshot::channel();
        self.0.try_send(ReloadRequest(request)).map_err(|_| ReloadError::Busy)?;
        answer.await.unwrap_or(Err(ReloadError::Busy))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Overrides, Source, read_slot};

    const SLOT: &str = "\
slot: slot-01
core: { host: 127.0.0.1 }
hal: sim
devices:
  panel:
    driver: button-row
    config: { inputs: [GPIO5, GPIO6], pull: up }
    inputs:
      a: { channel: 0, active: low }
  door:
    driver: relay
    config: { outputs: [GPIO18] }
    outputs:
      lock: { channel: 0 }
  reader:
    driver: serial-tag
    config: { port: /dev/ttyUSB0 }
";

    fn slot(text: &str) -> SlotConfig {
        read_slot(Source::text("slot.yaml", text), &Overrides::default())
            .unwrap_or_else(|problems| panic!("{problems}"))
    }

    /// Kept, changed, opened, closed after this change of the text.
    fn swap(from: &str, to: &str) -> [Vec<String>; 4] {
        assert!(SLOT.contains(from), "{from}");
        let swap = Swap::between(&slot(SLOT), &slot(&SLOT.replace(from, to)));
        [swap.kept, swap.changed, swap.opened, swap.closed]
            .map(|names| names.iter().map(ToString::to_string).collect())
    }

    fn names(names: [&[&str]; 4]) -> [Vec<String>; 4] {
        names.map(|names| names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn what_is_only_written_otherwise_goes_on() {
        let other = "config: # the Pi's own pins\n      pull: up\n      inputs: [GPIO5, GPIO6]";

        let swap = swap("config: { inputs: [GPIO5, GPIO6], pull: up }", other);

        assert_eq!(swap, names([&["panel", "door", "reader"], &[], &[], &[]]));
    }

    #[test]
    fn another_setting_role_or_driver_is_a_change_of_that_device_alone() {
        let panel = names([&["door", "reader"], &["panel"], &[], &[]]);
        assert_eq!(swap("GPIO6", "GPIO7"), panel);
        assert_eq!(swap("active: low", "active: low, lockout: 80ms"), panel);
        assert_eq!(swap("      a: {", "      b: {"), panel);
        let locked = swap("lock: { channel: 0 }", "lock: { channel: 0, max_on: 2s }");
        assert_eq!(locked, names([&["panel", "reader"], &["door"], &[], &[]]));
    }

    #[test]
    fn another_name_is_another_device() {
        let renamed = swap("  reader:", "  scanner:");

        assert_eq!(renamed, names([&["panel", "door"], &[], &["scanner"], &["reader"]]));
    }

    #[test]
    fn what_a_running_slot_cannot_take_is_told_where_it_is_written() {
        let old = slot(SLOT);
        let told = |from: &str, to: &str| {
            let problems = refused(&old, &slot(&SLOT.replace(from, to)));
            problems.iter().map(|problem| problem.head()).collect::<Vec<_>>()
        };

        assert_eq!(
            told("slot: slot-01", "slot: slot-02\noutbox: ./data/slot-01.outbox.db"),
            ["slot.yaml:1:7: slot: the running slot is slot-01; restart the agent to change that"]
        );
        for (from, to, place) in [
            ("127.0.0.1", "core.local", "slot.yaml:2:15: core.host: "),
            ("127.0.0.1 }", "127.0.0.1, port: 2883 }", "slot.yaml:2:32: core.port: "),
            ("hal: sim", "hal: linux", "slot.yaml:3:6: hal: "),
            ("hal: sim", "hal: sim\nbase_topic: room", "slot.yaml:4:13: base_topic: "),
            ("hal: sim", "hal: sim\noutbox: ./other.db", "slot.yaml:4:9: outbox: "),
            ("hal: sim", "hal: sim\nsecret_file: ./other", "slot.yaml:4:14: secret_file: "),
            ("hal: sim", "hal: sim\npage: { port: 6000 }", "slot.yaml:4:15: page.port: "),
            ("hal: sim", "hal: sim\npage: { listen: 0.0.0.0 }", "slot.yaml:4:17: page.listen: "),
        ] {
            let told = told(from, to);

            assert_eq!(told.len(), 1, "{told:?}");
            assert!(told[0].starts_with(place), "{told:?}");
            assert!(told[0].ends_with("restart the agent to change that"), "{told:?}");
        }
    }
}

//! The agent as it is shipped, on all of the machine's devices at once.

use std::fs::{self, File};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, ensure};
use eg_hal::Source;
use eg_proto::{DeviceState, Event, EventKind, InputStatus};
use evdevil::event::Key;

use crate::check::checks;
use crate::ear::{Core, Ear};
use crate::keys::Keyboard;
use crate::place::{same, says};
use crate::serial::Reader;
use crate::sim_chip::SimChip;

checks!("agent", Root:
    tells_what_hands_do_in_order_and_when,
    tells_what_was_not_stored_again_after_a_kill,
    shows_a_reader_that_vanishes_and_hears_it_when_it_returns,
    refuses_a_line_of_somebody_elses_and_runs_the_rest,
);

const LOG: &str = "/tmp/agent.log";
pub(crate) const OUTBOX: &str = "/tmp/outbox.db";

/// A slot with a button row, a keyboard and a tag reader. The row asks for no pull: gpio-sim would take it for the hand.
fn slot(port: u16) -> String {
    format!(
        "slot: vm
core: {{ host: 127.0.0.1, port: {port} }}
hal: linux
outbox: {OUTBOX}
devices:
  panel:
    driver: button-row
    config: {{ inputs: [GPIO5, GPIO6], outputs: [GPIO18] }}
    inputs:
      a: {{ channel: 0, active: low, lockout: 50ms }}
      b: {{ channel: 1, active: low, lockout: 50ms }}
    outputs:
      lamp: {{ channel: 0, safe: off }}
  keyboard:
    driver: evdev-keys
    config: {{ keyboard: eg arcade encoder, keys: [a, b] }}
    inputs:
      key: {{ channel: 0 }}
  reader:
    driver: serial-tag
    config: {{ port: /tmp/reader }}
    inputs:
      tag: {{ channel: 0 }}
"
    )
}

/// The board of that slot: a chip as on a Pi, whose buttons are open.
fn header() -> anyhow::Result<SimChip> {
    let chip = SimChip::new("pinctrl-bcm2711", 58, &[])?;
    chip.pull(5, true)?;
    chip.pull(6, true)?;
    Ok(chip)
}

/// Where the file of the running slot is.
pub(crate) const SLOT: &str = "/tmp/vm.yaml";

/// The running agent. Dropping it cuts its power.
pub(crate) struct Agent(Child);

impl Agent {
    fn start(port: u16) -> anyhow::Result<Self> {
        Self::run(&slot(port))
    }

    /// Starts it with that file.
    pub(crate) fn run(slot: &str) -> anyhow::Result<Self> {
        fs::write(SLOT, slot)?;
        let log = File::options().append(true).create(true).open(LOG)?;
        let agent = Command::new("/bin/eg-agent")
            .args(["run", SLOT])
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn();
        Ok(Self(agent.context("eg-agent does not start")?))
    }

    /// Cuts its power.
    pub(crate) fn kill(mut self) -> anyhow::Result<()> {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts from nothing, and gives the agent's own words with what went wrong.
pub(crate) fn with_log(check: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
    for file in
        [LOG.to_owned(), OUTBOX.to_owned(), format!("{OUTBOX}-wal"), format!("{OUTBOX}-shm")]
    {
        drop(fs::remove_file(file));
    }
    check().with_context(|| {
        let said = fs::read_to_string(LOG).unwrap_or_default();
        let lines: Vec<_> = said.lines().rev().take(12).collect();
        format!("the agent's last words, backwards: {}", lines.join(" | "))
    })
}

pub(crate) fn is(status: &InputStatus, device: &str, state: DeviceState) -> bool {
    status.devices.iter().any(|(name, board)| name.as_str() == device && board.state == state)
}

fn all_ready(status: &InputStatus) -> bool {
    ["panel", "keyboard", "reader"].iter().all(|device| is(status, device, DeviceState::Ready))
}

/// Returns `true` for an event of a hand, and `false` for what a start tells.
fn by_hand(event: &Event) -> bool {
    matches!(event.kind, EventKind::Press | EventKind::Release | EventKind::Tag { .. })
}

/// `panel/a press`, `reader/tag 04A37C91`.
fn told(events: &[Event]) -> Vec<String> {
    let word = |event: &Event| {
        if let EventKind::Tag { uid } = &event.kind {
            return uid.clone();
        }
        format!("{:?}", event.kind).to_lowercase()
    };
    events.iter().map(|event| format!("{}/{} {}", event.device, event.input, word(event))).collect()
}

fn tells_what_hands_do_in_order_and_when() -> anyhow::Result<()> {
    with_log(|| {
        let (chip, keyboard, reader) = (header()?, Keyboard::plug_in()?, Reader::plug_in()?);
        let mut ear = Ear::open(Core::Stores)?;
        let _agent = Agent::start(ear.port)?;
        ear.status(all_ready)?;

        // A press of a millisecond, bounce and all.
        for high in [false, true, false] {
            chip.pull(5, high)?;
        }
        sleep(Duration::from_millis(1));
        chip.pull(5, true)?;
        let pulse = ear.events(2, by_hand)?;
        keyboard.send(Key::KEY_A, 1)?;
        let key = ear.events(1, by_hand)?;
        reader.send(b"04A37C91\r\n")?;
        let tag = ear.events(1, by_hand)?;
        chip.pull(6, false)?;
        let press = ear.events(1, by_hand)?;

        let all: Vec<Event> = [pulse, key, tag, press].concat();
        let wanted = [
            "panel/a press",
            "panel/a release",
            "keyboard/key press",
            "reader/tag 04A37C91",
            "panel/b press",
        ];
        same(told(&all), wanted.map(str::to_owned).to_vec())?;
        ensure!(all.windows(2).all(|pair| pair[1].seq == pair[0].seq + 1), "not in order: {all:?}");
        // The first press may have come before the core's first word: it waited then, and says so.
        ensure!(all.iter().all(|event| !event.sim), "{all:?}");
        ensure!(all[2..].iter().all(|event| !event.late), "{all:?}");
        let kernel = |event: &Event| event.t.src == Source::Kernel;
        ensure!([0, 2, 4].iter().all(|n| kernel(&all[*n])), "not the kernel's time: {all:?}");
        Ok(())
    })
}

fn tells_what_was_not_stored_again_after_a_kill() -> anyhow::Result<()> {
    with_log(|| {
        let (chip, _keyboard, _reader) = (header()?, Keyboard::plug_in()?, Reader::plug_in()?);
        let mut forgetful = Ear::open(Core::Forgets)?;
        let agent = Agent::start(forgetful.port)?;
        forgetful.status(all_ready)?;
        chip.pull(5, false)?;
        chip.pull(6, false)?;
        let before = forgetful.events(2, by_hand)?;

        agent.kill()?;
        let mut core = Ear::open(Core::Stores)?;
        let _agent = Agent::start(core.port)?;
        core.status(all_ready)?;
        chip.pull(5, true)?;
        let after = core.events(3, by_hand)?;

        same(told(&before), vec!["panel/a press".to_owned(), "panel/b press".to_owned()])?;
        // The two again; and buttons that were held all the while are no new presses.
        let wanted = ["panel/a press", "panel/b press", "panel/a release"];
        same(told(&after), wanted.map(str::to_owned).to_vec())?;
        let numbers = |events: &[Event]| -> Vec<_> {
            events.iter().map(|event| (event.boot, event.seq)).collect()
        };
        same(numbers(&after[..2]), numbers(&before))?;
        ensure!(after[0].late && after[1].late, "{after:?}");
        ensure!(after[2].boot != before[0].boot, "one start as the other: {after:?}");
        Ok(())
    })
}

fn shows_a_reader_that_vanishes_and_hears_it_when_it_returns() -> anyhow::Result<()> {
    with_log(|| {
        let (chip, _keyboard, reader) = (header()?, Keyboard::plug_in()?, Reader::plug_in()?);
        let mut ear = Ear::open(Core::Stores)?;
        let _agent = Agent::start(ear.port)?;
        ear.status(all_ready)?;

        drop(reader);
        ear.status(|status| is(status, "reader", DeviceState::Lost))?;
        chip.pull(5, false)?;
        let meanwhile = ear.events(1, by_hand)?;
        let reader = Reader::plug_in()?;
        ear.status(all_ready)?;
        reader.send(b"04A37C92\r\n")?;
        let tag = ear.events(1, by_hand)?;

        same(told(&meanwhile), vec!["panel/a press".to_owned()])?;
        same(told(&tag), vec!["reader/tag 04A37C92".to_owned()])
    })
}

fn refuses_a_line_of_somebody_elses_and_runs_the_rest() -> anyhow::Result<()> {
    with_log(|| {
        let hog = Some((5, "door-lock"));
        let _chip = SimChip::with_hog("pinctrl-bcm2711", 58, &[], hog)?;
        let (_keyboard, reader) = (Keyboard::plug_in()?, Reader::plug_in()?);
        let mut ear = Ear::open(Core::Stores)?;
        let _agent = Agent::start(ear.port)?;

        ear.status(|status| {
            is(status, "panel", DeviceState::Lost)
                && is(status, "keyboard", DeviceState::Ready)
                && is(status, "reader", DeviceState::Ready)
        })?;
        reader.send(b"04A37C93\r\n")?;
        let tag = ear.events(1, by_hand)?;
        let log = fs::read_to_string(LOG)?;
        let why: String = log.lines().filter(|line| line.contains("GPIO5")).collect();

        same(told(&tag), vec!["reader/tag 04A37C93".to_owned()])?;
        says(&why, "it is in use by door-lock")
    })
}

//! Namespaces for slots, and the links to them. All of them end with the process that holds them.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, bail, ensure};

/// A network namespace that lives as long as this does, and two links to it: one for MQTT, which may be slow, and one
/// for the hand that presses the buttons.
pub(super) struct Place {
    holder: Child,
}

impl Drop for Place {
    fn drop(&mut self) {
        // It has ended already: that is what was wanted.
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

impl Place {
    /// The `number`th place, from 1, with its links.
    pub(super) fn make(number: u8) -> anyhow::Result<Self> {
        let holder = Command::new("unshare")
            .args(["--net", "cat"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .context("unshare does not start")?;
        let place = Self { holder };
        place.wait_apart()?;
        for (name, net) in [("m", 77), ("h", 78)] {
            let (here, there) = (format!("{name}{number}"), format!("{name}-there"));
            let pid = place.holder.id().to_string();
            ip(&["link", "add", &here, "type", "veth", "peer", "name", &there, "netns", &pid])?;
            ip(&["addr", "add", &format!("10.{net}.{number}.1/24"), "dev", &here])?;
            raise(&here)?;
            let address = format!("10.{net}.{number}.2/24");
            place.run(&["ip", "addr", "add", &address, "dev", &there])?;
            place.run(&["ip", "link", "set", &there, "up"])?;
        }
        place.run(&["ip", "link", "set", "lo", "up"])?;
        Ok(place)
    }

    /// Slows the link for MQTT down: this long to the core, this long back, and so much more or less, in milliseconds.
    pub(super) fn delay(&self, number: u8, out: u64, back: u64, jitter: u64) -> anyhow::Result<()> {
        let netem = |device: &str, delay: u64| {
            let words = format!("qdisc add dev {device} root netem delay {delay}ms {jitter}ms");
            words.split(' ').map(str::to_owned).collect::<Vec<_>>()
        };
        let there: Vec<String> =
            std::iter::once("tc".to_owned()).chain(netem("m-there", out)).collect();
        self.run(&there.iter().map(String::as_str).collect::<Vec<_>>())?;
        done(Command::new("tc").args(netem(&format!("m{number}"), back)))
    }

    /// A command that is to run there.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--net={}", self.namespace().display())).arg(program);
        command
    }

    fn run(&self, words: &[&str]) -> anyhow::Result<()> {
        let (program, rest) = words.split_first().context("no command")?;
        done(self.command(program).args(rest))
    }

    fn namespace(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}/ns/net", self.holder.id()))
    }

    /// `unshare` has started, and is soon in a namespace of its own.
    fn wait_apart(&self) -> anyhow::Result<()> {
        let ours = fs::read_link("/proc/self/ns/net")?;
        for _ in 0..500 {
            if fs::read_link(self.namespace()).is_ok_and(|its| its != ours) {
                return Ok(());
            }
            sleep(Duration::from_millis(10));
        }
        bail!("unshare makes no namespace");
    }
}

/// Returns `true` if this kernel can delay packets.
pub(super) fn has_netem() -> bool {
    let tried = done(Command::new("tc").args("qdisc add dev lo root netem delay 1ms".split(' ')));
    // Nothing to take away where nothing was added.
    let _ = done(Command::new("tc").args("qdisc del dev lo root".split(' ')));
    tried.is_ok()
}

/// Switches a link of ours on.
pub(crate) fn raise(device: &str) -> anyhow::Result<()> {
    ip(&["link", "set", device, "up"])
}

fn ip(words: &[&str]) -> anyhow::Result<()> {
    done(Command::new("ip").args(words))
}

fn done(command: &mut Command) -> anyhow::Result<()> {
    let ended = command.output().with_context(|| format!("{command:?} does not start"))?;
    let said = String::from_utf8_lossy(&ended.stderr);
    ensure!(ended.status.success(), "{command:?}: {}", said.trim());
    Ok(())
}

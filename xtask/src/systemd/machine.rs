//! A PC with a Debian on its disk, which systemd starts as on any other, and the hand that works in it.

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

use super::image::Image;
use crate::net::adoption::until;

/// A line that takes longer hangs; the longest installs packages, or waits for a watchdog.
const PATIENCE: Duration = Duration::from_secs(400);

/// Whatever should happen has happened by then; the machine is a tenth as fast as this one.
const SOON: Duration = Duration::from_secs(120);

/// Between two looks.
const LOOK: Duration = Duration::from_millis(500);

/// The machine, with what is on its disk.
pub(super) struct Machine {
    image: Image,
    running: RefCell<Running>,
}

/// The machine while it has power.
struct Running {
    qemu: Child,
    hand: BufReader<UnixStream>,
}

impl Machine {
    /// Switches it on and waits until all is started.
    ///
    /// # Errors
    /// When QEMU does not run, or the system does not come up.
    pub(super) fn boot(image: Image) -> anyhow::Result<Self> {
        let running = Running::of(&image)?;
        let machine = Self { image, running: RefCell::new(running) };
        machine.wait_until_started()?;
        Ok(machine)
    }

    /// Runs lines of shell in it as root, and gives what they said on both outputs.
    ///
    /// # Errors
    /// When they end with another code than 0, with what they said.
    pub(super) fn sh(&self, lines: &str) -> anyhow::Result<String> {
        let (code, said) = self.running.borrow_mut().ask(lines)?;
        ensure!(code == "0", "{lines}: exit code {code}: {}", said.trim());
        Ok(said)
    }

    /// Runs lines until they give what is wanted, and gives what they said then.
    ///
    /// # Errors
    /// With what they said last.
    pub(super) fn until(&self, lines: &str, wanted: &str) -> anyhow::Result<String> {
        let start = now();
        loop {
            let last = self.sh(lines).unwrap_or_else(|error| format!("{error:#}"));
            if last.contains(wanted) {
                return Ok(last);
            }
            let is_late = start.elapsed() > SOON;
            ensure!(!is_late, "waited in vain for {wanted:?}; this said {}: {lines}", last.trim());
            sleep(LOOK);
        }
    }

    /// Puts a text into a file of it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn write(&self, file: &str, text: &str) -> anyhow::Result<()> {
        self.sh(&format!("cat > {file} <<'THE_END'\n{text}\nTHE_END")).map(drop)
    }

    /// Takes its power away at this moment, and switches it on again.
    ///
    /// # Errors
    /// When it does not come up.
    pub(super) fn pull_the_plug(&self) -> anyhow::Result<()> {
        let mut running = self.running.borrow_mut();
        running.qemu.kill()?;
        running.qemu.wait()?;
        *running = Running::of(&self.image)?;
        drop(running);
        self.wait_until_started()
    }

    fn wait_until_started(&self) -> anyhow::Result<()> {
        // A unit that failed makes the state `degraded`; what fails is looked at by the checks.
        self.sh("systemctl is-system-running --wait || true")
            .with_context(|| format!("see {}", self.image.log.display()))?;
        self.sh(super::image::CHIPS).map(drop)
    }
}

impl Running {
    fn of(image: &Image) -> anyhow::Result<Self> {
        let port = image.folder.join("hand.socket");
        drop(fs::remove_file(&port));
        let qemu = qemu(image, &port)?.spawn().context("QEMU does not start")?;
        let mut starting = Starting(Some(qemu));
        let hand = until("QEMU opens the port", || UnixStream::connect(&port).ok()).with_context(
            || fs::read_to_string(image.folder.join("qemu.log")).unwrap_or_default(),
        )?;
        hand.set_read_timeout(Some(PATIENCE))?;
        let qemu = starting.0.take().context("it is running")?;
        Ok(Self { qemu, hand: BufReader::new(hand) })
    }

    /// Runs lines, and gives their exit code and what they said.
    fn ask(&mut self, lines: &str) -> anyhow::Result<(String, String)> {
        let hand = self.hand.get_mut();
        hand.write_all(format!("{}\n{lines}", lines.len()).as_bytes())?;
        let mut head = String::new();
        let read = self.hand.read_line(&mut head);
        read.with_context(|| format!("no answer within {} s to: {lines}", PATIENCE.as_secs()))?;
        let Some((code, length)) = head.trim().split_once(' ') else {
            bail!("the machine is gone, asked: {lines}");
        };
        let mut said = vec![0; length.parse()?];
        self.hand.read_exact(&mut said)?;
        Ok((code.to_owned(), String::from_utf8_lossy(&said).into_owned()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        end(&mut self.qemu);
    }
}

/// A QEMU that ends when its port does not open.
struct Starting(Option<Child>);

impl Drop for Starting {
    fn drop(&mut self) {
        if let Some(qemu) = &mut self.0 {
            end(qemu);
        }
    }
}

fn end(qemu: &mut Child) {
    // It has ended already: that is what was wanted.
    let _ = qemu.kill();
    let _ = qemu.wait();
}

/// QEMU, without hardware help: `/dev/kvm` on a machine that is emulated itself is there and does not work. The disk
/// keeps what the system forced to it, and nothing else.
fn qemu(image: &Image, port: &Path) -> anyhow::Result<Command> {
    let mut qemu = Command::new("qemu-system-x86_64");
    qemu.args(["-machine", "q35", "-accel", "tcg", "-cpu", "max", "-smp", "1"]);
    qemu.args(["-m", "1024", "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"]);
    qemu.arg("-kernel").arg(&image.kernel).arg("-initrd").arg(&image.initrd);
    qemu.args(["-append", "root=/dev/vda rw console=ttyS0 quiet panic=-1"]);
    qemu.arg("-serial").arg(format!("file:{}", image.log.display()));
    let disk = format!("file={},format=raw,if=virtio,cache=writeback", image.disk.display());
    qemu.args(["-drive", &disk]);
    // A network card, without a way out.
    qemu.args(["-netdev", "user,id=room,restrict=on", "-device", "virtio-net-pci,netdev=room"]);
    qemu.args(["-device", "virtio-serial", "-device", "virtserialport,chardev=hand,name=hand"]);
    let chardev = format!("socket,id=hand,path={},server=on,wait=off", port.display());
    qemu.args(["-chardev", &chardev]);
    let log = File::create(image.folder.join("qemu.log"))?;
    qemu.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    Ok(qemu)
}

#[expect(clippy::disallowed_methods, reason = "a machine takes real time")]
fn now() -> Instant {
    Instant::now()
}

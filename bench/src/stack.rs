//! Stacks that are measured side by side: something that takes the events of slots and answers them, with its broker.

use crate::names::side::{self, BEHIND, EMBEDDED, FLOOR, NULL_EMBEDDED, NULL_MOSQUITTO};
use crate::process::{Process, free_ports, until_there};
use crate::room::Room;
use crate::station::Station;
use crate::{null, python};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// Programs that are measured.
#[derive(Clone, Debug, Default)]
pub(crate) struct Programs {
    /// The core, and the agent.
    pub(crate) core: PathBuf,
    pub(crate) agent: PathBuf,
    /// Core and agent of the commit that is compared with.
    pub(crate) before: Option<(PathBuf, PathBuf)>,
    /// A Mosquitto; `None` if there is none.
    pub(crate) mosquitto: Option<PathBuf>,
    /// A Python with paho; `None` if there is none.
    pub(crate) python: Option<PathBuf>,
}

/// Kinds of stacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A core with its own broker.
    Embedded(PathBuf),
    /// A core behind Mosquitto.
    Behind(PathBuf),
    /// A subscriber that stores nothing, on the broker of this core.
    NullEmbedded(PathBuf),
    /// The same on Mosquitto.
    NullMosquitto,
    /// One thread with a broker of its own.
    Floor,
    /// The stack that EG replaces: `py` or `tuned`, on Mosquitto.
    Python(&'static str),
}

/// A kind of stack under the name that figures have of it.
pub(crate) type Side = (String, Kind);

impl Programs {
    /// Returns every side of a comparison, in the order in which a round measures them, and says of each that is missing
    /// why.
    pub(crate) fn sides(&self) -> (Vec<Side>, Vec<(String, &'static str)>) {
        let mut sides = vec![(EMBEDDED.to_owned(), Kind::Embedded(self.core.clone()))];
        let mut missing = Vec::new();
        let before = self.before.as_ref().map(|(core, _)| core.clone());
        sides.extend(before.clone().map(|core| (side::before(EMBEDDED), Kind::Embedded(core))));
        sides.push((NULL_EMBEDDED.to_owned(), Kind::NullEmbedded(self.core.clone())));
        let mut behind = vec![(BEHIND.to_owned(), Kind::Behind(self.core.clone()))];
        behind.extend(before.map(|core| (side::before(BEHIND), Kind::Behind(core))));
        behind.push((NULL_MOSQUITTO.to_owned(), Kind::NullMosquitto));
        let python = [side::TUNED, side::PY].map(|how| (how.to_owned(), Kind::Python(how)));
        match self.mosquitto {
            Some(_) => sides.extend(behind),
            None => missing.extend(behind.into_iter().map(|(name, _)| (name, "no mosquitto here"))),
        }
        match (&self.mosquitto, &self.python) {
            (Some(_), Some(_)) => sides.extend(python),
            (None, _) => missing.extend(python.map(|(name, _)| (name, "no mosquitto here"))),
            (_, None) => missing.extend(python.map(|(name, _)| (name, "no Python with paho here"))),
        }
        sides.push((FLOOR.to_owned(), Kind::Floor));
        (sides, missing)
    }
}

/// One stack that runs.
pub(crate) struct Stack {
    /// Port of its broker.
    pub(crate) port: u16,
    kind: Kind,
    room: Option<Room>,
    /// Process that stores and answers, where that is no core.
    worker: Option<Process>,
    broker: Option<Process>,
    pub(crate) folder: TempDir,
}

impl Stack {
    /// Starts a stack and waits until it listens, with secrets for `slots` where it asks for any.
    ///
    /// # Errors
    /// When something of it does not start.
    pub(crate) async fn start(
        programs: &Programs,
        kind: &Kind,
        durability: &str,
        slots: &[String],
    ) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut stack =
            Self { port: 0, kind: kind.clone(), room: None, worker: None, broker: None, folder };
        match kind {
            Kind::Embedded(core) | Kind::NullEmbedded(core) => {
                let room = Room::open(core, durability, slots, None).await?;
                stack.port = room.mqtt;
                stack.room = Some(room);
            }
            Kind::Floor => {
                [stack.port] = free_ports()?;
                let itself = std::env::current_exe()?;
                let args = stack.arguments("floor", durability);
                stack.worker = Some(stack.spawn(&itself, &args, "floor")?);
                until_there(|| Station::connect(stack.port, "knock", None, &[]).is_ok())?;
            }
            Kind::Behind(_) | Kind::NullMosquitto | Kind::Python(_) => {
                let program = programs.mosquitto.as_deref().context("no mosquitto")?;
                let (broker, port) = mosquitto(program, stack.folder.path())?;
                (stack.broker, stack.port) = (Some(broker), port);
            }
        }
        let ready = stack.folder.path().join("ready");
        match kind {
            Kind::Behind(core) => {
                stack.room = Some(Room::open(core, durability, slots, Some(stack.port)).await?);
            }
            Kind::NullEmbedded(_) | Kind::NullMosquitto => {
                let (port, file) = (stack.port.to_string(), ready.display().to_string());
                let args = ["null", "--port", &port, "--ready", &file].map(str::to_owned);
                stack.worker = Some(stack.spawn(&std::env::current_exe()?, &args, "null")?);
                until_there(|| ready.exists())?;
            }
            Kind::Python(how) => {
                let program = programs.python.as_deref().context("no python")?;
                let mut args = vec![python::script("room.py").display().to_string()];
                args.extend(["--how".to_owned(), (*how).to_owned()]);
                args.extend(["--ready".to_owned(), ready.display().to_string()]);
                args.extend(stack.arguments("", durability).split_off(1));
                stack.worker = Some(stack.spawn(program, &args, how)?);
                until_there(|| ready.exists())?;
            }
            Kind::Embedded(_) | Kind::Floor => {}
        }
        Ok(stack)
    }

    fn arguments(&self, first: &str, durability: &str) -> Vec<String> {
        let db = self.folder.path().join("events.db").display().to_string();
        let port = self.port.to_string();
        [first, "--port", &port, "--db", &db, "--durability", durability]
            .map(str::to_owned)
            .to_vec()
    }

    fn spawn(&self, program: &Path, args: &[String], log: &str) -> Result<Process> {
        let args: Vec<_> = args.iter().map(String::as_str).collect();
        Process::start(program, &args, &self.folder.path().join(format!("{log}.log")))
    }

    /// Returns `true` for a subscriber that stores nothing.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self.kind, Kind::NullEmbedded(_) | Kind::NullMosquitto)
    }

    /// Connects a slot, which hears what is meant for it.
    pub(crate) fn slot(&self, id: &str) -> Result<Station> {
        let answers = self.ack_topic(id);
        // Null slots are guests: an adopted one speaks on topics of its own alone.
        let (id, secret) = match self.is_null() {
            true => (format!("bench-{id}"), None),
            false => (id.to_owned(), self.room.as_ref().and_then(|room| room.secret(id))),
        };
        Station::connect(self.port, &id, secret.as_deref(), &[&answers])
            .with_context(|| format!("{:?}", self.kind))
    }

    /// Returns the topic of a slot's events; a subscriber that stores nothing counts all but `answered` ones.
    pub(crate) fn event_topic(&self, slot: &str, answered: bool) -> String {
        match (self.is_null(), answered) {
            (false, _) => format!("eg/dev/{slot}/input/event"),
            (true, true) => format!("{}/{slot}", null::ECHO),
            (true, false) => format!("{}/{slot}", null::COUNT),
        }
    }

    /// Returns the topic of the answers to a slot's events.
    pub(crate) fn ack_topic(&self, slot: &str) -> String {
        match self.is_null() {
            true => format!("bench/out/{slot}"),
            false => format!("eg/dev/{slot}/input/ack"),
        }
    }

    /// Opens a step for nine votes, and waits until the watcher hears of it.
    pub(crate) async fn step(&self, watcher: &mut Station, step: u32) -> Result<()> {
        match &self.room {
            Some(room) => room.step(step).await?,
            None => watcher.publish("bench/step", step.to_string().as_bytes())?,
        }
        watcher.until_topic("eg/night/step").map(drop)
    }

    /// Returns the processor time so far of what stores and answers, and of a broker beside it.
    pub(crate) fn cpu(&self) -> Result<(Duration, Option<Duration>)> {
        let broker = self.broker.as_ref().map(Process::cpu).transpose()?;
        let core = self.room.as_ref().map(|room| room.core.cpu()).transpose()?;
        match &self.worker {
            None => Ok((core.unwrap_or_default(), broker)),
            Some(worker) => Ok((worker.cpu()?, core.or(broker))),
        }
    }

    /// Returns the resident memory of what stores and answers, in MB.
    pub(crate) fn rss_mb(&self) -> Result<f64> {
        let worker = self.worker.as_ref().or(self.room.as_ref().map(|room| &room.core));
        worker.context("nothing runs")?.rss_mb()
    }

    /// Ends everything.
    pub(crate) async fn stop(self) -> Result<()> {
        for process in self.worker.into_iter().chain(self.broker) {
            process.stop().await?;
        }
        match self.room {
            Some(room) => room.close().await,
            None => Ok(()),
        }
    }
}

/// Starts a Mosquitto that asks nobody and drops nothing.
pub(crate) fn mosquitto(program: &Path, folder: &Path) -> Result<(Process, u16)> {
    let [port] = free_ports()?;
    let file = folder.join("mosquitto.conf");
    let settings = "allow_anonymous true\nset_tcp_nodelay true\nmax_queued_messages 0\n\
                    max_inflight_messages 1000\nlog_type error\n";
    fs::write(&file, format!("listener {port} 127.0.0.1\n{settings}"))?;
    let file = file.display().to_string();
    let process = Process::start(program, &["-c", &file], &folder.join("mosquitto.log"))?;
    until_there(|| std::net::TcpStream::connect(("127.0.0.1", port)).is_ok())?;
    Ok((process, port))
}

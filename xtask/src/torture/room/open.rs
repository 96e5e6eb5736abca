//! Opening a room: its folder, ports, files and programs.

use std::collections::BTreeMap;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, ensure};

use super::{Room, Settings, until};
use crate::torture::disk::{self, Disk};
use crate::torture::hands::READERS;
use crate::torture::link::Link;
use crate::torture::mad::Mad;
use crate::torture::memory::Memory;
use crate::torture::plan::{self, Act, Kind, Part, SLOTS};
use crate::torture::programs::Program;
use crate::torture::slots::{self, Secrets};
use crate::torture::watch::{Operator, SAFE_AFTER};
use crate::torture::{Broker, clocks};

/// First port that is tried, below those that the system hands out by itself.
const PORTS: u16 = 21_000;

/// A room that runs, and what will happen in it.
pub(super) struct Opened {
    pub(super) room: Room,
    pub(super) acts: Vec<Act>,
    /// Page of each slot.
    pub(super) pages: Vec<SocketAddr>,
    pub(super) operator: Operator,
    pub(super) skipped: Vec<String>,
}

/// Ports of a room, all on loopback.
pub(in crate::torture) struct Ports {
    next: u16,
}

impl Ports {
    /// Begins where no other run of this machine is likely to be.
    pub(in crate::torture) fn new() -> Self {
        Self { next: PORTS + (std::process::id() % 8_000) as u16 }
    }

    /// Returns the next address at which nobody listens.
    pub(in crate::torture) fn free(&mut self) -> anyhow::Result<SocketAddr> {
        loop {
            self.next = self.next.checked_add(1).context("no port is free")?;
            let at = SocketAddr::from(([127, 0, 0, 1], self.next));
            if TcpListener::bind(at).is_ok() {
                return Ok(at);
            }
        }
    }
}

/// Opens a room, and waits until all of it is up and a session runs.
///
/// # Errors
/// When a program does not come up.
pub(super) fn open(settings: &Settings) -> anyhow::Result<Opened> {
    let builds = &settings.builds;
    let name = builds.name(settings.broker.name()).replace(", ", "-").replace(' ', "-");
    let folder = std::env::temp_dir().join(format!("eg-torture-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let (mut without, mut skipped) = (settings.without.clone(), Vec::new());
    without.extend(builds.without().into_iter().map(|kind| kind.name().to_owned()));
    let library = match disk::build(&folder) {
        Ok(library) => Some(library),
        Err(error) => {
            for kind in [Kind::SlowDisk, Kind::FailingDisk, Kind::FullDisk] {
                without.push(kind.name().to_owned());
            }
            skipped.push(format!("slow, failing and full disks: {error:#}"));
            None
        }
    };
    let mosquitto = settings.broker == Broker::Mosquitto;
    let acts = plan::draw(settings.seed, settings.length, settings.pace, mosquitto, &without);

    let mut ports = Ports::new();
    let (broker, websocket) = (ports.free()?, ports.free()?);
    let (api, page) = (ports.free()?, ports.free()?);
    let running = builds.running();
    let db = folder.join("eg.db");
    let yaml = folder.join("core.yaml");
    let at = mosquitto.then_some(broker);
    let listens = [broker, websocket, api, page].map(|at| at.port());
    fs::write(&yaml, core_yaml(&db, at, listens, builds.compat))?;
    let secrets = match builds.begins_with_secrets() {
        true => slots::prepare(&builds.reader(), &yaml, &folder, mosquitto)?,
        false => Secrets::default(),
    };
    let start = eg_clock::monotonic();
    let disk = |name: &str| -> anyhow::Result<Option<Disk>> {
        let told = folder.join(format!("{name}.disk"));
        library.as_deref().map(|library| Disk::new(library, told)).transpose()
    };

    let mut programs = BTreeMap::new();
    if mosquitto {
        let conf = folder.join("mosquitto.conf");
        fs::write(&conf, mosquitto_conf(&folder, broker, &secrets))?;
        let command = move || {
            let path = crate::tools::path();
            let program = crate::tools::find("mosquitto", &path);
            let mut mosquitto = Command::new(program.unwrap_or_else(|| "mosquitto".into()));
            mosquitto.arg("-c").arg(&conf);
            mosquitto
        };
        programs.insert(Part::Broker, Program::new("mosquitto", &folder, None, command));
    }
    let course = folder.join("core.clocks");
    clocks::write(&course, 0, &acts, start)?;
    let (core_program, secret) = (builds.reader(), secrets.for_core());
    let of_core = running.folder(Part::Core);
    let command = move || {
        let mut command = Command::new(of_core().join("eg-core"));
        command.args(["run", "--config"]).arg(&yaml);
        command.env("EG_OPERATOR_PASSWORD", Operator::PASSWORD).env(eg_clock::INJECTED, &course);
        command.envs(secret.iter().map(|file| ("MQTT_PASSWORD_FILE", file)));
        command
    };
    programs.insert(Part::Core, Program::new("core", &folder, disk("core")?, command));
    let (mut links, mut pages) = (Vec::new(), Vec::new());
    for slot in 0..SLOTS {
        let (at, page, twin) = (ports.free()?, ports.free()?, ports.free()?);
        links.push(Link::open(at, broker)?);
        pages.push(page);
        let course = folder.join(format!("{}.clocks", slots::name(slot)));
        clocks::write(&course, slot + 1, &acts, start)?;
        for (part, page) in [(Part::Agent(slot), page), (Part::Twin(slot), twin)] {
            let is_twin = matches!(part, Part::Twin(_));
            let name = slots::name(slot) + if is_twin { "-twin" } else { "" };
            let yaml = folder.join(format!("{name}.yaml"));
            fs::write(&yaml, slot_yaml(slot, &folder, &name, at, page, &secrets))?;
            let (of_agent, course) = (running.folder(part), course.clone());
            let tells = running.tells_events(part);
            let command = move || {
                let mut command = Command::new(of_agent().join("eg-agent"));
                command.arg("run").arg(&yaml);
                if tells() {
                    command.args(["--events", "--json"]);
                }
                command.env(eg_clock::INJECTED, &course);
                command
            };
            let disk = if is_twin { None } else { disk(&name)? };
            programs.insert(part, Program::new(&name, &folder, disk, command));
        }
    }
    let secret = secrets.of(&slots::name(SLOTS));
    let forges = secrets.are_asked_for() && !builds.compat;
    let mad = Mad { broker, secret, forges };
    let (lives, watch) = (Default::default(), Default::default());
    let (at_once, findings) = (Vec::new(), Vec::new());
    let mut room = Room {
        folder,
        core_program,
        db,
        programs,
        running,
        lives,
        links,
        watch,
        mad,
        at_once,
        memory: Memory::default(),
        findings,
    };
    let operator = room
        .start_all(mosquitto, api, builds.is_open())
        .with_context(|| format!("the room does not open; logs in {}", room.folder.display()))?;
    Ok(Opened { room, acts, pages, operator, skipped })
}

impl Room {
    fn start_all(
        &mut self,
        mosquitto: bool,
        api: SocketAddr,
        plays: bool,
    ) -> anyhow::Result<Operator> {
        for part in plan::programs(mosquitto) {
            self.start(part)?;
        }
        for slot in 0..SLOTS {
            let life = self.lives[slot].last().map(Arc::clone).context("no agent")?;
            until("the boards are open", || life.is_open().then_some(()))?;
        }
        let mut operator = Operator::new(api);
        until("the core answers", || operator.post("/api/logout", "{}").ok())?;
        if !plays {
            return Ok(operator);
        }
        self.adopt();
        let (status, why) = until("every slot is online", || {
            let answer = operator.post("/api/rooms/main/sessions", "{}").ok()?;
            (answer.0 < 300).then_some(answer)
        })?;
        ensure!(status < 300, "no session starts: {status} {why}");
        Ok(operator)
    }
}

/// Writes the settings of a core.
pub(in crate::torture) fn core_yaml(
    db: &Path,
    broker: Option<SocketAddr>,
    [mqtt, websocket, api, page]: [u16; 4],
    compat: bool,
) -> String {
    let names: Vec<String> = (0..SLOTS).map(slots::name).collect();
    let broker = match broker {
        Some(at) => format!("{{ host: 127.0.0.1, port: {} }}", at.port()),
        None => "embedded".to_owned(),
    };
    format!(
        "listen: 127.0.0.1\nports: {{ mqtt: {mqtt}, websocket: {websocket}, api: {api}, page: {page} }}\n\
         db: {}\nbroker: {broker}\ncompat: {compat}\nrooms:\n  main: {{ slots: [{}], game: night-vote }}\n",
        db.display(),
        names.join(", ")
    )
}

fn slot_yaml(
    slot: usize,
    folder: &Path,
    name: &str,
    link: SocketAddr,
    page: SocketAddr,
    secrets: &Secrets,
) -> String {
    let secret = secrets.file(&slots::name(slot));
    let secret =
        secret.map_or_else(String::new, |file| format!("secret_file: {}\n", file.display()));
    let readers: String = READERS
        .iter()
        .zip(0..)
        .map(|(reader, port)| {
            format!(
                "  {reader}:\n    driver: serial-tag\n    config: {{ port: /dev/ttyUSB{port}, baud: 115200 }}\n    \
                 inputs:\n      tag: {{ channel: 0 }}\n"
            )
        })
        .collect();
    format!(
        "slot: {}\ncore: {{ host: 127.0.0.1, port: {} }}\nhal: sim\noutbox: {}/{name}.db\n{secret}\
         page: {{ listen: {}, port: {} }}\ndevices:\n  panel:\n    driver: button-row\n    \
         config: {{ inputs: [GPIO5], outputs: [GPIO18, GPIO19], pull: up }}\n    inputs:\n      \
         red: {{ channel: 0, active: low, lockout: 1ms, release: 1ms }}\n    outputs:\n      \
         lamp-red: {{ channel: 0, safe: off }}\n      lock: {{ channel: 1, safe: off, safe_after: {}s }}\n{readers}",
        slots::name(slot),
        link.port(),
        folder.display(),
        page.ip(),
        page.port(),
        SAFE_AFTER.as_secs(),
    )
}

/// As it ships, but for its ports and folder, and saving each second.
fn mosquitto_conf(folder: &Path, at: SocketAddr, secrets: &Secrets) -> String {
    let (listener, all) = secrets.for_mosquitto();
    format!(
        "listener {} 127.0.0.1\n{listener}socket_domain ipv4\n{all}set_tcp_nodelay true\nmax_packet_size 262144\n\
         message_size_limit 262144\nmax_queued_messages 0\nmax_queued_bytes 0\nmax_inflight_messages 1000\n\
         persistence true\npersistence_location {}/\nautosave_interval 1\nuser root\n",
        at.port(),
        folder.display(),
    )
}

//! A room of real processes: a core, its agents, links that can be cut, and clocks that are injected.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::Value;

use super::course::Course;
use super::profile::{EVERY, PROFILES, Profile, SLOTS, Trouble};
use crate::net::adoption::{adopt, until};
use crate::net::http::{ask, login};
use crate::net::proxy::{self, Switch, next};
use crate::net::quiz::{API, MQTT, PASSWORD, Process, built};

/// A room that runs.
pub(super) struct Room {
    pub(super) folder: PathBuf,
    /// By this machine's clock: the courses of all clocks begin here.
    pub(super) start: Duration,
    pub(super) agents: Vec<Process>,
    pub(super) switches: Vec<Switch>,
    core: Option<Process>,
    cookie: String,
}

/// When two slots are stopped for the `turn`th time, and which.
pub(super) fn stopped(turn: u32) -> (Duration, [usize; 2]) {
    let first = usize::try_from(turn).unwrap_or(0) * 2 % SLOTS;
    (Duration::from_secs(8) + EVERY * turn, [first, first + 1])
}

impl Room {
    /// Starts everything, and waits until each slot knows the core's clock.
    pub(super) fn open(profile: &Profile, seed: u64, folder: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(folder)?;
        let start = eg_clock::monotonic();
        let mut chance = next(seed);
        let mut draw = |most: u64| {
            chance = next(chance);
            chance % most
        };
        let mut crystal = || i64::try_from(draw(100_000)).unwrap_or(0) - 50_000;
        let mut course = Course::new(start, Duration::ZERO, crystal());
        (profile.core)(&mut course);
        course.write(&folder.join("core.clocks"))?;
        let slots: Vec<String> = (1..=SLOTS).map(|number| format!("slot-{number:02}")).collect();
        let yaml = format!(
            "listen: 127.0.0.1\ndb: {}/eg.db\nrooms:\n  quiz:\n    slots: [{}]\n    game: buzzer\n    \
             config: {{ roll_call: false, window: {}ms, early: {{ lockout: 0ms }} }}\n",
            folder.display(),
            slots.join(", "),
            profile.window.as_millis(),
        );
        fs::write(folder.join("core.yaml"), yaml)?;
        let (agents, switches, folder) = (Vec::new(), Vec::new(), folder.to_owned());
        let mut room = Self { folder, start, agents, switches, core: None, cookie: String::new() };
        room.start_core()?;
        for (number, slot) in slots.iter().enumerate() {
            let earlier = Duration::from_secs(3 + draw(11 * 86_400));
            let crystal = i64::try_from(draw(100_000)).unwrap_or(0) - 50_000;
            room.start_agent(
                profile,
                number,
                slot,
                Course::new(start, earlier, crystal),
                draw(u64::MAX),
            )?;
        }
        slots.iter().try_for_each(|slot| adopt(API, &room.cookie, slot))?;
        until("every slot knows the core's clock", || {
            let told = room.get("/api/slots").ok()?;
            let all = told.as_array().or_else(|| told.get("items")?.as_array())?.clone();
            let known = all.iter().filter(|slot| slot["clock"]["bound_us"].is_u64()).count();
            (known >= SLOTS).then_some(())
        })?;
        room.post("/api/rooms/quiz/sessions", "{}")?;
        Ok(room)
    }

    fn start_agent(
        &mut self,
        profile: &Profile,
        number: usize,
        slot: &str,
        mut course: Course,
        seed: u64,
    ) -> anyhow::Result<()> {
        (profile.slot)(number, &mut course);
        if let Trouble::Suspend(long) = profile.trouble {
            let long = i64::try_from(long.as_micros()).unwrap_or(0);
            let turns = (0..60).map(stopped).filter(|(_, slots)| slots.contains(&number));
            turns.for_each(|(at, _)| course.at(at, "suspend", long));
        }
        let clocks = self.folder.join(format!("{slot}.clocks"));
        course.write(&clocks)?;
        // The proxies of the profiles before this one still listen.
        let place = PROFILES.iter().position(|known| known.name == profile.name).unwrap_or(0);
        let port = 20_000 + u16::try_from(place * SLOTS + number)?;
        let (out, back) = (profile.link)(number);
        let at = SocketAddr::from(([127, 0, 0, 1], port));
        self.switches.push(proxy::start(at, core_at(), out, back, seed)?);
        let file = self.folder.join(format!("{slot}.yaml"));
        let yaml = format!(
            "slot: {slot}\ncore: {{ host: 127.0.0.1, port: {port} }}\nhal: sim\noutbox: {}/{slot}.db\n\
             page: {{ listen: {} }}\ndevices:\n  panel:\n    driver: button-row\n    \
             config: {{ inputs: [GPIO5], pull: up }}\n    inputs:\n      \
             red: {{ channel: 0, active: low, lockout: 1ms, release: 1ms }}\n",
            self.folder.display(),
            page(number).ip(),
        );
        fs::write(&file, yaml)?;
        let mut agent = Command::new(built("eg-agent"));
        agent.arg("run").arg(&file).env("EG_TEST_CLOCKS", &clocks);
        self.agents.push(Process::start(&mut agent, &self.folder.join(format!("{slot}.log")))?);
        Ok(())
    }

    /// Kills the core, as a power cut would its process.
    pub(super) fn kill_core(&mut self) {
        self.core = None;
    }

    /// Starts the core, and waits until it answers.
    pub(super) fn start_core(&mut self) -> anyhow::Result<()> {
        let mut core = Command::new(built("eg-core"));
        core.args(["run", "--config"]).arg(self.folder.join("core.yaml"));
        core.env("EG_OPERATOR_PASSWORD", PASSWORD);
        core.env("EG_TEST_CLOCKS", self.folder.join("core.clocks"));
        self.core = Some(Process::start(&mut core, &self.folder.join("core.log"))?);
        self.cookie = until("the core answers", || login(API, PASSWORD).ok())?;
        Ok(())
    }

    pub(super) fn act(&self, name: &str) -> anyhow::Result<()> {
        self.post("/api/rooms/quiz/acts", &format!("{{\"name\":\"{name}\"}}"))
    }

    /// The phase of the quiz, by its word.
    pub(super) fn phase(&self) -> Option<String> {
        let room = self.get("/api/rooms/quiz").ok()?;
        Some(room["session"]["operator"]["phase"].as_str()?.to_owned())
    }

    /// Everything that the journal holds of the session.
    pub(super) fn record(&self) -> anyhow::Result<Value> {
        let mut export = Command::new(built("eg-core"));
        export.args(["export", "1", "--db"]).arg(self.folder.join("eg.db"));
        let told = export.output().context("eg-core does not start")?;
        ensure!(told.status.success(), "export: {}", String::from_utf8_lossy(&told.stderr));
        Ok(serde_json::from_slice(&told.stdout)?)
    }

    fn post(&self, path: &str, body: &str) -> anyhow::Result<()> {
        ask(API, "POST", path, &self.cookie, body).map(drop)
    }

    fn get(&self, path: &str) -> anyhow::Result<Value> {
        Ok(serde_json::from_str(&ask(API, "GET", path, &self.cookie, "")?.body)?)
    }
}

/// Where the core's broker listens.
pub(super) fn core_at() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], MQTT))
}

/// Where the page of a slot listens, on which its button is pressed.
pub(super) fn page(number: usize) -> SocketAddr {
    SocketAddr::from(([127, 0, 1, 1 + u8::try_from(number).unwrap_or(0)], 5173))
}

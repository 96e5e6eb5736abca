//! A quiz of four slots: presses in a known order, and what the core says of them.

use std::fmt;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::Value;

use super::adoption::{adopt, until};
use super::http::{ask, login};
use super::link::Place;
use super::proxy;

const SLOTS: u8 = 4;
pub(super) const PASSWORD: &str = "network-checks";
pub(super) const MQTT: u16 = 1883;
pub(super) const API: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8000);

/// Cause of slow links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delays {
    /// The kernel.
    Netem,
    /// A proxy of ours.
    Proxy,
}

/// Results of the pairs, none of them wrong.
pub(super) struct Told {
    pairs: u32,
    ties: u32,
    widest_us: u64,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pairs, ties, widest_us } = self;
        let widest = *widest_us as f64 / 1e3;
        write!(f, "{pairs} pairs, {ties} declared ties, none wrong, at most ± {widest:.1} ms apart")
    }
}

/// A process that ends when this is dropped.
pub(super) struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Plays so many pairs.
///
/// # Errors
/// A pair that was put in the wrong order, a gap that cannot be, or something that did not start.
pub(super) fn play(delays: Delays, pairs: u32, seed: u64) -> anyhow::Result<Told> {
    let folder = std::env::temp_dir().join(format!("eg-net-{}-{delays:?}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let played = Quiz::open(delays, seed, &folder).and_then(|mut quiz| quiz.pairs(pairs));
    match &played {
        Ok(_) => drop(fs::remove_dir_all(&folder)),
        Err(_) => println!("logs: {}", folder.display()),
    }
    played
}

struct Quiz {
    cookie: String,
    chance: u64,
    _agents: Vec<Process>,
    _core: Process,
    _places: Vec<Place>,
}

impl Quiz {
    fn open(delays: Delays, seed: u64, folder: &Path) -> anyhow::Result<Self> {
        let slots: Vec<String> = (1..=SLOTS).map(|n| format!("slot-{n:02}")).collect();
        let settings = folder.join("core.yaml");
        let yaml = format!(
            "listen: 0.0.0.0\ndb: {}/eg.db\nrooms:\n  quiz: {{ slots: [{}], game: buzzer, config: {{ roll_call: false }} }}\n",
            folder.display(),
            slots.join(", ")
        );
        fs::write(&settings, yaml)?;
        let mut core = Command::new(built("eg-core"));
        core.args(["run", "--config"]).arg(&settings).env("EG_OPERATOR_PASSWORD", PASSWORD);
        let core = Process::start(&mut core, &folder.join("core.log"))?;
        let cookie = until("the core answers", || login(API, PASSWORD).ok())?;
        let (mut places, mut agents, mut chance) = (Vec::new(), Vec::new(), proxy::next(seed));
        for (number, slot) in (1..=SLOTS).zip(&slots) {
            let place = Place::make(number)?;
            let mut draw = |most: u64| {
                chance = proxy::next(chance);
                chance % most
            };
            let (out, back, jitter) = (5 + draw(35), 5 + draw(35), 1 + draw(9));
            let mut port = MQTT;
            match delays {
                Delays::Netem => place.delay(number, out, back, jitter.min(out).min(back))?,
                Delays::Proxy => {
                    port = 20_000 + u16::from(number);
                    let way =
                        |least: u64| proxy::Way::micros(least * 1_000, (least + jitter) * 1_000);
                    let at = SocketAddr::from(([10, 77, number, 1], port));
                    let to = SocketAddr::from(([127, 0, 0, 1], MQTT));
                    proxy::start(at, to, way(out), way(back), draw(u64::MAX)).map(drop)?;
                }
            }
            let file = folder.join(format!("{slot}.yaml"));
            let db = folder.join(format!("{slot}.db"));
            fs::write(&file, slot_yaml(slot, number, port, &db))?;
            let mut agent = place.command(&built("eg-agent").display().to_string());
            agent.arg("run").arg(&file);
            agents.push(Process::start(&mut agent, &folder.join(format!("{slot}.log")))?);
            adopt(API, &cookie, slot)?;
            places.push(place);
        }
        let quiz = Self { cookie, chance, _agents: agents, _core: core, _places: places };
        until("every slot knows the core's clock", || {
            let told = quiz.get("/api/slots").ok()?;
            let all = told.as_array().or_else(|| told.get("items")?.as_array())?.clone();
            let known = all.iter().filter(|slot| slot["clock"]["bound_us"].is_u64()).count();
            (known == usize::from(SLOTS)).then_some(())
        })?;
        quiz.post("/api/rooms/quiz/sessions", "{}")?;
        Ok(quiz)
    }

    fn pairs(&mut self, pairs: u32) -> anyhow::Result<Told> {
        let mut told = Told { pairs, ties: 0, widest_us: 0 };
        for number in 0..pairs {
            if number > 0 {
                self.act("dead")?;
                self.act("next")?;
            }
            self.act("arm")?;
            self.pair(&mut told).with_context(|| format!("pair {number}"))?;
        }
        Ok(told)
    }

    /// Two slots press, one surely before the other: the hand moves to the second when the first has answered.
    #[expect(clippy::disallowed_methods, reason = "the truth is what this machine's clock says")]
    fn pair(&mut self, told: &mut Told) -> anyhow::Result<()> {
        let one = 1 + u8::try_from(self.draw(SLOTS.into()))?;
        let other = 1 + (one - 1 + 1 + u8::try_from(self.draw(u64::from(SLOTS) - 1))?) % SLOTS;
        let pause = Duration::from_micros(self.draw(60_000));
        let begun = Instant::now();
        touch(one, true)?;
        let between = Instant::now();
        sleep(pause);
        let before = Instant::now();
        touch(other, true)?;
        let end = Instant::now();
        touch(one, false)?;
        touch(other, false)?;

        let (least, most) = (before - between, end - begun);
        let (first, second) = (format!("slot-{one:02}"), format!("slot-{other:02}"));
        let said = until("both presses are ruled on", || {
            let room = self.get("/api/rooms/quiz").ok()?;
            let why = room["session"]["explain"]["en"].as_str()?.to_owned();
            (why.contains(" before ") || why.contains(" together")).then_some(why)
        })?;
        let (gap, unc) = numbers(&said).with_context(|| format!("no numbers in {said:?}"))?;
        told.widest_us = told.widest_us.max(unc);
        ensure!(said.contains(&first) && said.contains(&second), "{said:?} of {first}, {second}");
        if said.contains(" together") {
            told.ties += 1;
            ensure!(least <= Duration::from_micros(2 * unc + 200), "{said:?}, {least:?} apart");
            return Ok(());
        }
        ensure!(said.starts_with(&format!("{first} before {second} ")), "wrong: {said:?}");
        let (low, high) = (gap.saturating_sub(unc + 200), gap + unc + 200);
        let possible = Duration::from_micros(low) <= most && least <= Duration::from_micros(high);
        ensure!(possible, "{said:?}, in truth {least:?} to {most:?}");
        Ok(())
    }

    fn draw(&mut self, most: u64) -> u64 {
        self.chance = proxy::next(self.chance);
        self.chance % most
    }

    fn act(&self, name: &str) -> anyhow::Result<()> {
        self.post("/api/rooms/quiz/acts", &format!("{{\"name\":\"{name}\"}}"))
    }

    fn post(&self, path: &str, body: &str) -> anyhow::Result<()> {
        ask(API, "POST", path, &self.cookie, body).map(drop)
    }

    fn get(&self, path: &str) -> anyhow::Result<Value> {
        Ok(serde_json::from_str(&ask(API, "GET", path, &self.cookie, "")?.body)?)
    }
}

impl Process {
    /// Starts a process, whose output goes to the end of this file.
    pub(super) fn start(command: &mut Command, log: &Path) -> anyhow::Result<Self> {
        let log = fs::File::options().create(true).append(true).open(log)?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        Ok(Self(command.spawn().with_context(|| format!("{command:?} does not start"))?))
    }

    /// Process id.
    pub(super) fn id(&self) -> u32 {
        self.0.id()
    }
}

/// Presses the button of a slot, or lets it go.
fn touch(number: u8, down: bool) -> anyhow::Result<()> {
    let page = SocketAddr::from(([10, 78, number, 2], 5173));
    ask(page, "POST", "/poke/panel/red", "", &format!("{{\"down\":{down}}}")).map(drop)
}

/// The gap and its uncertainty in a sentence such as `slot-01 before slot-02 by 12.3 ms ± 0.4 ms`, in microseconds.
fn numbers(said: &str) -> Option<(u64, u64)> {
    let mut found = said.split(' ').filter_map(|word| {
        let (whole, tenth) = word.split_once('.')?;
        Some(whole.parse::<u64>().ok()? * 1_000 + tenth.parse::<u64>().ok()? * 100)
    });
    Some((found.next()?, found.next()?))
}

fn slot_yaml(slot: &str, number: u8, port: u16, db: &Path) -> String {
    format!(
        "slot: {slot}\ncore: {{ host: 10.77.{number}.1, port: {port} }}\nhal: sim\noutbox: {}\n\
         page: {{ listen: 10.78.{number}.2 }}\ndevices:\n  panel:\n    driver: button-row\n    \
         config: {{ inputs: [GPIO5], pull: up }}\n    inputs:\n      \
         red: {{ channel: 0, active: low, lockout: 1ms, release: 1ms }}\n",
        db.display()
    )
}

/// Where the programs were built: `debug` or `release`.
static BUILT: OnceLock<&str> = OnceLock::new();

/// To be said once, before anything is started.
pub(super) fn take_from(folder: &'static str) {
    BUILT.get_or_init(|| folder);
}

pub(super) fn built(name: &str) -> PathBuf {
    crate::target().join(BUILT.get_or_init(|| "debug")).join(name)
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn reads_a_ruling() {
        assert_eq!(numbers("slot-01 before slot-02 by 12.3 ms ± 0.4 ms"), Some((12_300, 400)));
        assert_eq!(
            numbers("slot-01 and slot-02 together: 0.5 ms apart, ± 0.7 ms"),
            Some((500, 700))
        );
        assert_eq!(numbers("slot-01 alone"), None);
    }
}

//! `cargo eg torture --attacks`: what an attack costs the core in memory, and everybody else in time. Each attack hits a
//! core of its own; its figures stand beside those of the quiet seconds before it, in the same process.

mod kinds;
mod probe;

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use serde_json::json;

use super::memory;
use super::programs::Program;
use super::room::open::{Ports, core_yaml};
use super::room::until;
use super::slots::{self, Secrets};
use super::watch::Operator;
use kinds::Attack;
use probe::{Latency, Probe};

/// Time for which a core is left alone before it is attacked.
const QUIET: Duration = Duration::from_secs(5);
/// Time for which everything is watched from the first moment of an attack, if that is not longer itself.
const WATCHED: Duration = Duration::from_secs(12);

/// Bytes that one attack may add to the log: no stranger fills a disk with it.
const LOG: u64 = 100_000;
/// Head of the table.
const HEAD: &str = "| attack | memory before | most | press, middle | press, longest | page, longest | log | presses not stored |\n\
     |---|--:|--:|--:|--:|--:|--:|--:|";

/// Core that is attacked. Guests are let in, so that everybody who can be in a room is.
pub(super) struct Target {
    pub(super) broker: SocketAddr,
    /// Broker, WebSocket, API and operator page.
    pub(super) ports: [SocketAddr; 4],
    pub(super) secrets: Secrets,
}

/// Figures of one attack.
#[derive(Clone)]
struct Row {
    attack: Attack,
    /// Memory of the core in bytes, before and at most.
    memory: (u64, u64),
    /// From a press to the core's word that it is stored, before and meanwhile.
    press: (Latency, Latency),
    /// Longest wait of an operator for their page, before and meanwhile.
    page: (Duration, Duration),
    /// Bytes of the log that the attack caused.
    log: u64,
    /// Reason why it was broken off; what a broker refuses was refused.
    broken_off: Option<String>,
    /// The core ended.
    ended: bool,
}

/// Plays every attack, and returns `true` if the core outlived each, stored each press and kept its log short.
///
/// # Errors
/// When a core does not come up.
pub(super) fn run(programs: &Path, as_json: bool) -> anyhow::Result<bool> {
    if !as_json {
        println!("{HEAD}");
    }
    let mut all_borne = true;
    for attack in Attack::ALL {
        let row = play(programs, attack).with_context(|| attack.name().to_owned())?;
        println!("{}", if as_json { row.json() } else { row.line() });
        all_borne &= row.is_borne();
    }
    Ok(all_borne)
}

fn play(programs: &Path, attack: Attack) -> anyhow::Result<Row> {
    let folder = std::env::temp_dir().join(format!("eg-attack-{}", std::process::id()));
    // What an earlier attack left is of no use to this one.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let (mut core, target) = open(programs, &folder)?;
    let mut operator = Operator::new(target.ports[2]);
    until("the core answers", || operator.post("/api/logout", "{}").ok())?;
    let pid = core.pid().context("no core")?;
    let probe = Probe::start(&target)?;
    let over = Arc::new(AtomicBool::new(false));

    let quiet = watch(pid, &probe, &mut operator, QUIET, &over);
    let log = fs::metadata(folder.join("core.log"))?.len();
    let target = Arc::new(target);
    let hit = Arc::clone(&target);
    let done = Arc::clone(&over);
    let thread = thread::spawn(move || {
        let ended = attack.hit(&hit);
        done.store(true, Ordering::Relaxed);
        ended
    });
    let hurt = watch(pid, &probe, &mut operator, WATCHED, &over);
    let held = thread.join().map_err(|_| anyhow::anyhow!("the attack panicked"))?;
    let broken_off = held.err().map(|error| format!("{error:#}"));
    let log = fs::metadata(folder.join("core.log"))?.len() - log;
    let mut latency = hurt.press;
    latency.unanswered = probe.end();
    let ended = core.ended_by_itself().is_some();
    core.kill();
    fs::remove_dir_all(&folder)?;
    Ok(Row {
        attack,
        memory: (quiet.memory, hurt.memory),
        press: (quiet.press, latency),
        page: (quiet.page, hurt.page),
        log,
        broken_off,
        ended,
    })
}

fn open(programs: &Path, folder: &Path) -> anyhow::Result<(Program, Target)> {
    let mut ports = Ports::new();
    let at = [ports.free()?, ports.free()?, ports.free()?, ports.free()?];
    let (yaml, db) = (folder.join("core.yaml"), folder.join("eg.db"));
    fs::write(&yaml, core_yaml(&db, None, at.map(|at| at.port()), true))?;
    let program: PathBuf = programs.join("eg-core");
    let secrets = slots::prepare(&program, &yaml, folder, false)?;
    let command = move || {
        let mut command = Command::new(&program);
        command.args(["run", "--config"]).arg(&yaml);
        command.env("EG_OPERATOR_PASSWORD", Operator::PASSWORD);
        command
    };
    let mut core = Program::new("core", folder, None, command);
    core.start(None)?;
    Ok((core, Target { broker: at[0], ports: at, secrets }))
}

/// Figures of some seconds.
struct Watched {
    memory: u64,
    press: Latency,
    page: Duration,
}

/// Looks at memory and page for this long, and until the attack is over where one is on.
fn watch(
    pid: u32,
    probe: &Probe,
    operator: &mut Operator,
    time: Duration,
    over: &AtomicBool,
) -> Watched {
    let begun = eg_clock::monotonic();
    probe.begin();
    let (mut memory, mut page) = (0, Duration::ZERO);
    let is_quiet = time == QUIET;
    loop {
        memory = memory.max(memory::resident(pid).unwrap_or_default());
        let asked = eg_clock::monotonic();
        // A page that does not answer has cost the time until that was clear.
        let _ = operator.ask("GET", "/api/state", "");
        page = page.max(eg_clock::monotonic() - asked);
        let is_over = is_quiet || over.load(Ordering::Relaxed);
        if eg_clock::monotonic() - begun >= time && is_over {
            return Watched { memory, press: probe.latency(), page };
        }
        thread::sleep(Duration::from_millis(50));
    }
}

impl Row {
    fn is_borne(&self) -> bool {
        !self.ended && self.press.1.unanswered == 0 && self.log <= LOG
    }

    /// Returns the row of the table: memory in MB, all else as a ratio to the quiet seconds before.
    fn line(&self) -> String {
        let ratio = |(before, after): (Duration, Duration)| {
            after.as_secs_f64() / before.as_secs_f64().max(1e-6)
        };
        let (quiet, hurt) = self.press;
        let ended = if self.ended { " **ended**" } else { "" };
        let broken_off = self.broken_off.as_ref().map(|why| format!(" ({why})"));
        format!(
            "| {}{ended}{} | {:.0} MB | × {:.1} | × {:.1} | × {:.1} ({} ms) | × {:.1} ({} ms) | {} kB | {} |",
            self.attack.name(),
            broken_off.unwrap_or_default(),
            self.memory.0 as f64 / 1e6,
            self.memory.1 as f64 / self.memory.0.max(1) as f64,
            ratio((quiet.p50, hurt.p50)),
            ratio((quiet.max, hurt.max)),
            hurt.max.as_millis(),
            ratio(self.page),
            self.page.1.as_millis(),
            self.log / 1_000,
            hurt.unanswered,
        )
    }

    fn json(&self) -> String {
        let micros = |of: Duration| u64::try_from(of.as_micros()).unwrap_or(u64::MAX);
        let press = |of: &Latency| json!({"p50_us": micros(of.p50), "max_us": micros(of.max)});
        json!({
            "attack": self.attack.name(),
            "memory": { "quiet": self.memory.0, "peak": self.memory.1 },
            "press": { "quiet": press(&self.press.0), "meanwhile": press(&self.press.1) },
            "unanswered": self.press.1.unanswered,
            "page_us": { "quiet": micros(self.page.0), "meanwhile": micros(self.page.1) },
            "log_bytes": self.log, "broken_off": self.broken_off, "ended": self.ended,
        })
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attack_is_told_by_its_ratios_to_the_quiet_seconds() {
        let millis = Duration::from_millis;
        let quiet = Latency { p50: millis(2), max: millis(10), unanswered: 0 };
        let hurt = Latency { p50: millis(3), max: millis(80), unanswered: 1 };
        let row = Row {
            attack: Attack::ALL[0],
            memory: (40_000_000, 60_000_000),
            press: (quiet, hurt),
            page: (millis(10), millis(20)),
            log: 12_345,
            broken_off: None,
            ended: false,
        };

        assert_eq!(
            row.line(),
            "| one deep message | 40 MB | × 1.5 | × 1.5 | × 8.0 (80 ms) | × 2.0 (20 ms) | 12 kB | 1 |"
        );
        assert!(!row.is_borne(), "a press was not stored");
        let calm = Latency { unanswered: 0, ..hurt };
        assert!(Row { press: (quiet, calm), ..row.clone() }.is_borne());
        let loud = 1_000_000;
        assert!(!Row { press: (quiet, calm), log: loud, ..row }.is_borne(), "it fills the disk");
    }
}

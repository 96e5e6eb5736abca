//! `cargo eg torture`: the real programs on loopback, presses made from outside, and everything that can happen to them,
//! by a plan that a seed draws. At the end the journal is held against what the wires did: nothing may be lost, doubled,
//! put in another order or made up, and no output may stay on that the core no longer answers for.

mod attacks;
mod builds;
mod clocks;
mod disk;
mod earlier;
mod finding;
mod hands;
mod journal;
mod link;
mod mad;
mod memory;
mod mqtt;
mod plan;
mod programs;
mod report;
mod room;
mod slots;
mod stuck;
mod truth;
mod verdict;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, ensure};

use crate::count::Count;
use crate::step::{self, SKIPPED};
use crate::terminal::{Terminal, Tone};
use crate::tools;
use builds::Builds;
use plan::{Kind, Length};
use report::Report;

/// Broker of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Broker {
    /// The core's own.
    Embedded,
    /// Mosquitto, a process beside it.
    Mosquitto,
}

impl Broker {
    fn name(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Mosquitto => "mosquitto",
        }
    }
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Brokers {
    Embedded,
    Mosquitto,
    Both,
}

/// Arguments of `cargo eg torture`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Seed of the plan; drawn from the date when it is not said
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Acts of each run, as many minutes as they take
    #[arg(long, value_name = "NUMBER", conflicts_with = "minutes")]
    acts: Option<u32>,
    /// Minutes of all runs together
    #[arg(long, value_name = "NUMBER", default_value_t = 2.0)]
    minutes: f64,
    /// Broker: the core's own, Mosquitto, or one after the other
    #[arg(long, value_enum, default_value = "both")]
    broker: Brokers,
    /// Presses a second, over all slots
    #[arg(long, value_name = "NUMBER", default_value_t = 160)]
    presses: u32,
    /// Time from one act to the next, on average
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 1_000)]
    pace: u64,
    /// Leave out these kinds of acts
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = Kind::names())]
    without: Vec<String>,
    /// Take `eg-core` and `eg-agent` from this folder, instead of building them
    #[arg(long, value_name = "FOLDER")]
    programs: Option<PathBuf>,
    /// Play an earlier build against today's: of this commit, or the programs in this folder. Old agents at a new core, new
    /// agents at an old core, updates in mid-run, and a core that keeps old agents out
    #[arg(long, value_name = "COMMIT")]
    earlier: Option<String>,
    /// Leave a disk that is slow now and then, and guests who never read, in the room for all the minutes, and sample memory
    #[arg(long, conflicts_with = "earlier")]
    soak: bool,
    /// Attack a core in each known way, a minute or less each, and print what that costs in memory and in time
    #[arg(long, conflicts_with_all = ["soak", "earlier"])]
    attacks: bool,
    /// Print a JSON object for each run, and nothing else
    #[arg(long)]
    json: bool,
}

/// Plays the runs. The exit code is 1 when a promise was broken.
///
/// # Errors
/// When something does not build or start.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let terminal = Terminal::of_stdout();
    let programs = match &args.programs {
        Some(folder) => folder.clone(),
        None => build()?,
    };
    if args.attacks {
        let borne = attacks::run(&programs, args.json)?;
        return Ok(if borne { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let seed = args.seed.unwrap_or_else(|| u64::from(eg_clock::date().subsec_nanos()) % 100_000);
    let brokers: &[Broker] = match args.broker {
        Brokers::Embedded => &[Broker::Embedded],
        Brokers::Mosquitto => &[Broker::Mosquitto],
        Brokers::Both => &[Broker::Embedded, Broker::Mosquitto],
    };
    let earlier = args.earlier.as_deref().map(earlier::programs).transpose()?;
    let rooms: Vec<(Broker, Builds)> = brokers
        .iter()
        .flat_map(|broker| {
            let builds = match &earlier {
                Some(earlier) => earlier::rooms(&programs, earlier, *broker),
                None if args.soak => vec![Builds::today(programs.clone()).with_compat()],
                None => vec![Builds::today(programs.clone())],
            };
            builds.into_iter().map(|builds| (*broker, builds))
        })
        .collect();
    let minutes = args.minutes / f64::from(u32::try_from(rooms.len())?);
    let length = match args.acts {
        Some(acts) => Length::Acts(acts),
        None => Length::Time(Duration::from_secs_f64(minutes * 60.0)),
    };
    let mut without = args.without.clone();
    if args.soak {
        let others = Kind::names().into_iter().filter(|name| *name != Kind::SlowDisk.name());
        without.extend(others.map(str::to_owned));
    }
    let mut count = Count::default();
    let mut reports = Vec::new();
    for ((broker, builds), seed) in rooms.into_iter().zip(seed..) {
        let missing = missing(broker);
        if let Some(missing) = missing {
            if !args.json {
                let said = format!("skipped {}: no {missing} here", broker.name());
                println!("{}", terminal.paint(Tone::Bad, &said));
            }
            count.skipped += 1;
            continue;
        }
        let settings = room::Settings {
            broker,
            seed,
            length,
            pace: Duration::from_millis(args.pace),
            presses: args.presses,
            without: without.clone(),
            soak: args.soak,
            builds,
            quiet: args.json,
        };
        let report = room::play(&settings)?;
        if args.json {
            println!("{}", report.json());
        } else {
            report.print(terminal);
        }
        if report.is_clean() {
            count.passed += 1
        } else {
            count.failed += 1
        }
        reports.push(report);
    }
    if !args.json {
        if reports.len() > 1 {
            println!("{}", Report::table(&reports));
        }
        println!("torture checks: {count}");
    }
    Ok(match count {
        Count { failed: 1.., .. } => ExitCode::FAILURE,
        Count { skipped: 1.., .. } => ExitCode::from(SKIPPED),
        Count { .. } => ExitCode::SUCCESS,
    })
}

/// Program that this run needs and this machine lacks.
fn missing(broker: Broker) -> Option<&'static str> {
    let path = tools::path();
    let needed = match broker {
        Broker::Embedded => vec![&tools::SQLITE],
        Broker::Mosquitto => vec![&tools::SQLITE, &tools::MOSQUITTO],
    };
    needed.into_iter().find(|tool| !tool.is_present(&path)).map(|tool| tool.program)
}

/// Builds the programs, and returns their folder.
fn build() -> anyhow::Result<PathBuf> {
    let built = step::cargo()
        .args(["build", "--quiet", "--locked", "--package", "eg-core", "--package", "eg-agent"])
        .status()
        .context("cannot start cargo")?;
    ensure!(built.success(), "core and agent do not build");
    Ok(crate::target().join("debug"))
}

//! Measures what a room feels, beside controls of the same rounds: a subscriber that stores nothing on the same broker, the
//! disk's own fdatasync, one thread that does the same work, and the stack that EG replaces. Figures of a shared machine
//! mean little, their ratios within a round do. `bench/README.md` explains each.

mod agent;
mod build;
mod control;
mod event;
mod figure;
mod flood;
mod floor;
mod goal;
mod idle;
mod journal;
mod names;
mod null;
mod packet;
mod page;
mod process;
mod python;
mod room;
mod stack;
mod station;
mod votes;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand, ValueEnum};
use figure::Report;
use names::side;
use stack::{Kind, Programs, Side};
use std::path::{Path, PathBuf};

/// Runs the workloads and prints their ratios.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(flatten)]
    args: Args,
    #[command(subcommand)]
    control: Option<Control>,
}

#[derive(clap::Args)]
struct Args {
    /// The core to measure.
    #[arg(long, default_value = "eg-core")]
    core: PathBuf,
    /// The agent to measure.
    #[arg(long, default_value = "eg-agent")]
    agent: PathBuf,
    /// The core of another commit, measured in turn.
    #[arg(long, requires = "agent_before")]
    core_before: Option<PathBuf>,
    /// The agent of that commit.
    #[arg(long, requires = "core_before")]
    agent_before: Option<PathBuf>,
    /// Folder of the Python with paho, which is made if it is missing.
    #[arg(long, default_value = "target/bench-python")]
    python: PathBuf,
    /// Only these workloads.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Workload>,
    /// Number of rounds; every side is measured once in each, and medians are printed.
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Numbers of idle slots.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 5_000, 20_000])]
    slots: Vec<u32>,
    /// Numbers of entries of the journals.
    #[arg(long, value_delimiter = ',', default_values_t = [100_000, 1_000_000, 10_000_000])]
    entries: Vec<u64>,
    /// One JSON object instead of a table.
    #[arg(long)]
    json: bool,
    /// Write the JSON object to this file as well.
    #[arg(long)]
    save: Option<PathBuf>,
}

/// Controls that run as processes of their own.
#[derive(Subcommand)]
enum Control {
    /// Subscriber that stores nothing
    #[command(hide = true)]
    Null(null::Args),
    /// Broker and store in one thread
    #[command(hide = true)]
    Floor(floor::Args),
}

/// The workloads.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Workload {
    /// One event until its acknowledgement.
    Event,
    /// Nine votes in a burst until the result.
    Votes,
    /// Events stored a second, none lost.
    Flood,
    /// Slots that nobody touches.
    Idle,
    /// Costs of an agent, and the time until a reading is on the wire.
    Agent,
    /// From a clone to the first page, and sizes.
    Build,
    /// Start, pages and steps of journals of different lengths.
    Journal,
    /// Costs of the operator's page in a browser.
    Page,
}

#[tokio::main]
async fn main() -> Result<()> {
    let Cli { args, control } = Cli::parse();
    match control {
        Some(Control::Null(args)) => return null::run(&args),
        Some(Control::Floor(args)) => return floor::run(&args),
        None => {}
    }
    let mut report = Report::default();
    let programs = programs(&args, &mut report);
    let wanted = |workload| args.only.is_empty() || args.only.contains(&workload);
    for round in 1..=args.rounds {
        eprintln!("round {round} of {}", args.rounds);
        control::measure(&mut report)?;
        in_turn(&programs, &args, &mut report, wanted).await;
        if wanted(Workload::Agent)
            && let Err(error) = agent::run(&programs, &mut report).await
        {
            report.skip("agent", side::EG, &format!("{error:#}"));
        }
    }
    if wanted(Workload::Build) {
        build::sizes(&programs, &mut report)?;
        build::first_start(&mut report).await.context("build")?;
    }
    if wanted(Workload::Journal) {
        journal::run(&args.core, &args.entries, &mut report).await.context("journal")?;
    }
    if wanted(Workload::Page) {
        page::run(&args.core, args.rounds, &mut report).await.context("page")?;
    }
    if let Some(file) = &args.save {
        std::fs::write(file, report.json()?).context("cannot save")?;
    }
    match args.json {
        true => println!("{}", report.json()?),
        false => report.print_table(),
    }
    Ok(())
}

/// Measures every side of every workload once.
async fn in_turn(
    programs: &Programs,
    args: &Args,
    report: &mut Report,
    wanted: impl Fn(Workload) -> bool,
) {
    let (sides, missing) = programs.sides();
    for (name, why) in &missing {
        report.skip("all", name, why);
    }
    let stores = |kind: &Kind| !matches!(kind, Kind::NullEmbedded(_) | Kind::NullMosquitto);
    for durability in ["normal", "full"] {
        for side in sides.iter().filter(|_| wanted(Workload::Event)) {
            let ended = event::run(programs, side, durability, report).await;
            said(report, "event", side, ended);
        }
        for side in sides.iter().filter(|(_, kind)| wanted(Workload::Votes) && stores(kind)) {
            let ended = votes::run(programs, side, durability, report).await;
            said(report, "votes", side, ended);
        }
    }
    for side in sides.iter().filter(|_| wanted(Workload::Flood)) {
        let ended = flood::run(programs, side, report).await;
        said(report, "flood", side, ended);
    }
    let own =
        |kind: &Kind| matches!(kind, Kind::Embedded(_) | Kind::Floor | Kind::Python(side::TUNED));
    for &count in args.slots.iter().filter(|_| wanted(Workload::Idle)) {
        for side in sides.iter().filter(|(_, kind)| own(kind)) {
            let ended = idle::run(programs, side, count, report).await;
            said(report, &format!("{}{count} slots", names::idle::PREFIX), side, ended);
        }
    }
}

/// Notes that a side could not be measured: the others go on, and a stack that does not take so much is a figure too.
fn said(report: &mut Report, workload: &str, (name, _): &Side, ended: Result<()>) {
    if let Err(error) = ended {
        report.skip(workload, name, &format!("{error:#}"));
    }
}

/// Returns what is measured, and says what is missing.
fn programs(args: &Args, report: &mut Report) -> Programs {
    let mut path: Vec<_> =
        std::env::var_os("PATH").iter().flat_map(std::env::split_paths).collect();
    path.push(Path::new("/usr/sbin").to_owned());
    let mosquitto = path.iter().map(|folder| folder.join("mosquitto")).find(|file| file.exists());
    let python = std::path::absolute(&args.python).map_err(Into::into);
    let python = python.and_then(|folder| python::ready(&folder)).map_err(|error| {
        report.skip("all", "Python", &format!("{error:#}"));
    });
    Programs {
        core: args.core.clone(),
        agent: args.agent.clone(),
        before: args.core_before.clone().zip(args.agent_before.clone()),
        mosquitto,
        python: python.ok(),
    }
}

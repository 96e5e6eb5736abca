//! Measures what a room feels: how soon nine votes become a result, how many events a second are stored, and what an
//! agent costs. Figures of a shared machine mean little, so each stands beside a control that ran in the same round on
//! the same disk and the same broker: the disk's own fdatasync, and a subscriber that stores nothing.

mod agent;
mod control;
mod echo;
mod figure;
mod flood;
mod page;
mod process;
mod room;
mod votes;
mod wire;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use figure::Report;
use std::path::PathBuf;

/// Runs the workloads and prints their ratios.
#[derive(Parser)]
struct Args {
    /// The core to measure.
    #[arg(long)]
    core: PathBuf,
    /// The agent to measure.
    #[arg(long)]
    agent: PathBuf,
    /// Only these workloads.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Workload>,
    /// Rounds of W1; W2 and W3 grow with it.
    #[arg(long, default_value_t = 60)]
    rounds: u32,
    /// One JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

/// The workloads.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Workload {
    /// Nine votes in a burst until the result, and one event until its acknowledgement.
    W1,
    /// Events stored a second, none lost.
    W2,
    /// Costs of an agent, and the time until a reading is on the wire.
    W3,
    /// Costs of the operator's page in a browser.
    Page,
}

#[tokio::main]
async fn main() -> Result<()> {
    let args = Args::parse();
    let wanted = |workload| args.only.is_empty() || args.only.contains(&workload);
    let mut report = Report::default();
    if wanted(Workload::W1) {
        for durability in ["full", "normal"] {
            votes::run(&args.core, durability, args.rounds, &mut report)
                .await
                .context("W1 votes")?;
            echo::run(&args.core, durability, args.rounds * 10, &mut report)
                .await
                .context("W1 echo")?;
        }
    }
    if wanted(Workload::W2) {
        flood::run(&args.core, args.rounds * 1_000, &mut report).await.context("W2")?;
    }
    if wanted(Workload::W3) {
        agent::run(&args.agent, args.rounds, &mut report).await.context("W3")?;
    }
    if wanted(Workload::Page) {
        page::run(&args.core, args.rounds / 2, &mut report).await.context("page")?;
    }
    if args.json { report.print_json() } else { report.print_table() }
}

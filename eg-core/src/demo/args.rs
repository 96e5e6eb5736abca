//! Arguments of the demo.

use super::ports::Layout;
use std::path::PathBuf;

/// Arguments of `eg-core demo`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Number of slots
    #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u16).range(1..=99))]
    pub(super) slots: u16,
    /// Seed of the night: the same seed is the same night; drawn and printed when it is not given
    #[arg(long)]
    pub(super) seed: Option<u64>,
    /// Keep journal and outboxes in this folder; otherwise in a temporary one
    #[arg(long)]
    pub(super) data: Option<PathBuf>,
    /// Leave all presses to you, on the slots' pages
    #[arg(long)]
    pub(super) manual: bool,
    /// Use this port and the next three for MQTT, WebSocket, API and operator page, and the ports from ten after it
    /// for the slots' pages
    #[arg(long, conflicts_with = "ports", value_parser = clap::value_parser!(u16).range(1..=65_400))]
    pub(super) port_base: Option<u16>,
    /// Choice of ports: `usual`, or `auto` for ports that are free
    #[arg(long)]
    pub(super) ports: Option<Layout>,
    /// Play one night with nobody looking, then end
    #[arg(long, group = "ends", conflicts_with = "manual")]
    pub(super) once: bool,
    /// Print the result as one JSON object; only with --once or --replay
    #[arg(long, requires = "ends")]
    pub(super) json: bool,
    /// Play a recorded session again: its presses on simulated boards at their recorded pace, its acts by themselves.
    /// It fails when it comes out otherwise
    #[arg(long, value_name = "FILE", group = "ends", conflicts_with_all = ["manual", "once", "slots", "seed"])]
    pub(super) replay: Option<PathBuf>,
    /// Factor by which --replay shortens the pauses. The game's own timers are waited for as they are
    #[arg(long, requires = "replay", default_value_t = 1.0, value_parser = speed)]
    pub(super) speed: f64,
}

fn speed(text: &str) -> Result<f64, String> {
    let speed: f64 = text.parse().map_err(|_| "a number is wanted".to_owned())?;
    if (0.1..=1_000.0).contains(&speed) { Ok(speed) } else { Err("0.1 to 1000".to_owned()) }
}

//! W1: nine votes in a burst, until the result is on the wire.

use crate::control::{fdatasync_ms, started};
use crate::figure::{Figure, Report, Times};
use crate::room::Room;
use anyhow::{Result, ensure};
use eg_proto::{NightResult, NightVote, decode, encode};
use std::path::Path;

pub(crate) async fn run(
    core: &Path,
    durability: &str,
    rounds: u32,
    report: &mut Report,
) -> Result<()> {
    let room = Room::open(core, durability).await?;
    let mut watcher = room.station("watcher", &["eg/night/step", "eg/night/result"]).await?;
    let mut players = Vec::new();
    for n in 1..=9 {
        players.push(room.station(&format!("slot-{n:02}"), &[]).await?);
    }
    let mut times = Times::default();
    for step in 1..=rounds {
        room.step(step).await?;
        while watcher.next().await?.topic != "eg/night/step" {}
        let start = started();
        for (n, player) in (1..).zip(&players) {
            let device_id = format!("slot-{n:02}");
            let vote = NightVote { device_id, step, choice: "B".to_owned(), ts: None };
            player.publish("eg/night/vote", encode(&vote)).await?;
        }
        let result: NightResult = decode(&watcher.next().await?.payload)?;
        times.push(start.elapsed());
        ensure!(result.step == step && result.votes == 9, "a wrong result: {result:?}");
    }
    let sync = fdatasync_ms(room.folder.path(), rounds)?;
    room.close().await?;
    let workload = format!("W1 nine votes to result, {durability}");
    for (what, share) in [("p50 ms", 0.5), ("p99 ms", 0.99)] {
        report.add(Figure {
            workload: workload.clone(),
            what,
            value: times.quantile_ms(share),
            control: "fdatasync p50",
            control_value: Some(sync),
        });
    }
    Ok(())
}

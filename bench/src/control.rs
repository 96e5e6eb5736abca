//! The controls: the disk's own fdatasync, and a subscriber that stores nothing.

use crate::figure::Times;
use crate::wire::Station;
use anyhow::Result;
use std::io::Write;
use std::path::Path;
use std::time::Instant;
use tokio::task::JoinHandle;

/// One write of 4 kB with fdatasync, many times over, in this folder: p50 in milliseconds.
pub(crate) fn fdatasync_ms(folder: &Path, rounds: u32) -> Result<f64> {
    let mut file = tempfile::tempfile_in(folder)?;
    let mut times = Times::default();
    for _ in 0..rounds {
        let start = started();
        file.write_all(&[0; 4_096])?;
        file.sync_data()?;
        times.push(start.elapsed());
    }
    Ok(times.quantile_ms(0.5))
}

/// A subscriber of `bench/in` that answers each message on `bench/out` at once.
pub(crate) async fn null_subscriber(port: u16) -> Result<JoinHandle<Result<()>>> {
    let mut station = Station::connect(port, "null", &["bench/in"]).await?;
    Ok(tokio::spawn(async move {
        loop {
            let message = station.next().await?;
            station.publish("bench/out", message.payload.to_vec()).await?;
        }
    }))
}

/// The moment a measurement starts.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
pub(crate) fn started() -> Instant {
    Instant::now()
}

//! Operator of a room of real processes: waits, and adopts its slots.

use std::net::SocketAddr;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::Value;

use super::http::ask;

/// Whatever should happen has happened by then.
const PATIENCE: Duration = Duration::from_secs(30);

#[expect(clippy::disallowed_methods, reason = "real processes take real time")]
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> anyhow::Result<T> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Some(found) = look() {
            return Ok(found);
        }
        sleep(Duration::from_millis(20));
    }
    bail!("waited in vain until {what}")
}

/// Adopts a slot as soon as it waits, by the code that the core shows for it.
pub(crate) fn adopt(api: SocketAddr, cookie: &str, slot: &str) -> anyhow::Result<()> {
    let code = until(&format!("{slot} waits to be adopted"), || {
        let told = ask(api, "GET", "/api/slots/pairing", cookie, "").ok()?;
        let told: Value = serde_json::from_str(&told.body).ok()?;
        let waiting = told["waiting"].as_array()?.iter().find(|waiting| waiting["id"] == slot)?;
        waiting["code"].as_str().map(str::to_owned)
    })?;
    let body = format!("{{\"code\":\"{code}\"}}");
    ask(api, "POST", &format!("/api/slots/{slot}/adopt"), cookie, &body)
        .map(drop)
        .with_context(|| format!("{slot} cannot be adopted"))
}

//! A slot against a real Mosquitto, with a core that the test plays: what reaches the wire, and what survives.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that fails says where")]

mod broker;
mod commands;
mod core;
mod held_port;
mod killing;
mod losing;
mod once;
mod orders;
mod pairing;
mod player;
mod proxy;
mod reloading;
mod saying;
mod silence;
mod times;
mod touching;
mod twins;

use std::future::Future;
use std::time::Duration;
use tokio::time::timeout;

/// Nothing here takes nearly as long; a test that does is wrong.
const TOO_LONG: Duration = Duration::from_secs(60);

/// Waits, but not for ever.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    timeout(TOO_LONG, what).await.expect("what was waited for did not come")
}

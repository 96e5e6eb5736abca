//! Drivers as shared libraries: one made outside EG, loaded into an agent and pressed; and every file that is refused.
//!
//! The library is real: `cargo eg new` makes its crate in a folder of its own, the test puts another chip into it, and
//! `cargo eg build-plugin` builds it. Bad files are made of that one. What builds is in modules called `scaffold`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that fails says where")]

#[path = "../link/broker.rs"]
#[allow(dead_code, reason = "shared with the tests of the link")]
mod broker;
#[path = "../link/core.rs"]
#[allow(dead_code, reason = "shared with the tests of the link")]
mod core;
mod files;
mod guest;
#[path = "../link/held_port.rs"]
mod held_port;
mod panicking;
mod playing;
mod refusing;
mod room;
mod telling;

use std::future::Future;
use std::time::Duration;
use tokio::time::timeout;

/// Nothing here takes nearly as long; a test that does is wrong.
const TOO_LONG: Duration = Duration::from_secs(60);

/// Waits, but not for ever.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    timeout(TOO_LONG, what).await.expect("what was waited for did not come")
}

//! Needs of EG towards a broker. Each is written once and appears twice: as `embedded::…` against the built-in broker,
//! as `mosquitto::…` against a Mosquitto with the settings that ship in `deploy/mosquitto`.

#![allow(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test that fails says where"
)]

mod clients;
mod packet;
mod rights;
mod under_test;

mod adoption;
mod bridge;
mod delivery;
mod greedy;
#[path = "../core/held_port.rs"]
mod held_port;
mod keep_alive;
mod limits;
mod our_client;
mod pages;
mod refusals;
mod remembering;
mod retained;
mod sessions;
mod stopping;
mod strangers;
mod versions;
mod wills;

/// Makes two tests of each need, one against each broker. Both have two threads, so that a client lives on while the
/// test waits for a broker to stop.
macro_rules! needs {
    ($($need:ident),+ $(,)?) => {
        mod embedded {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $need() {
                super::$need(crate::under_test::Target::embedded()).await;
            })+
        }
        mod mosquitto {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $need() {
                super::$need(crate::under_test::Target::mosquitto()).await;
            })+
        }
    };
}
pub(crate) use needs;

/// Longest wait of any test.
const GUARD: std::time::Duration = std::time::Duration::from_secs(45);

/// Waits for a future that a test needs, and panics when it takes too long.
async fn guarded<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(GUARD, future).await {
        Ok(seen) => seen,
        Err(_) => panic!("did not see in time: {what}"),
    }
}

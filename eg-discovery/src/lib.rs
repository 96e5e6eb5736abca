//! Multicast DNS between cores and agents (RFC 6762, RFC 6763): a core says where its broker is, an agent without an
//! address looks for it. Nobody guesses: with several cores in sight an agent takes none, and names them.

mod announcement;
mod found_core;
mod network;
mod search;
mod sighting;

pub use announcement::{Announced, Announcement};
pub use found_core::FoundCore;
pub use network::{DiscoveryError, Network};
pub use search::{Search, look_around};
pub use sighting::Sighting;

/// Kind of the service, as other programs look for it: `avahi-browse -r _eg-core._tcp`.
pub const SERVICE: &str = "_eg-core._tcp.local.";

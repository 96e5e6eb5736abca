//! Features of crates of the registry, stated once; no code.
//!
//! Cargo unites the features that the chosen packages ask for, so `-p eg-driver-relay` and `-p eg-agent` would build `serde_json`,
//! and everything that depends on it, each in a way of its own. A crate of this workspace that depends on this one asks
//! for the same features as all others. Agent, core and tools depend on it; SDKs, drivers and games do in their tests
//! alone, so that it is no part of what they publish.

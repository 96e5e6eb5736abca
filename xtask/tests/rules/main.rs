//! The rules of the workspace, as tests: who may depend on whom, what is registered, how files look.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod edges;
mod files;
mod manifests;
mod promises;
mod registries;
mod tree;

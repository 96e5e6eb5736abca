//! The rules of the workspace, as tests: who may depend on whom, what is registered, how files look.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod circles;
mod edges;
mod features;
mod figures;
mod files;
mod first_boot;
mod layers;
mod manifests;
mod names;
mod pages;
mod promises;
mod registries;
mod schemas;
mod tree;
mod units;
mod unused;
mod words;

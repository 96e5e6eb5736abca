//! Tests of the routes of both ports, as somebody on the network meets them, with an engine that only writes down the
//! commands.

mod access;
mod account;
mod audit;
mod closed;
mod connections;
mod csrf;
mod idempotency;
mod live;
mod metrics;
mod pages;
mod past;
mod refusals;
mod scheme;
mod secrecy;
mod server;
mod slots;
mod users;
mod weight;

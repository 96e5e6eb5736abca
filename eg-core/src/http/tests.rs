//! Tests of the routes of both ports, as somebody on the network meets them, with an engine that only writes down the
//! commands.

mod account;
mod closed;
mod idempotency;
mod live;
mod refusals;
mod scheme;
mod secrecy;
mod server;

//! Promises of the client, against a broker that does exactly what each test writes down.

#![allow(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test that fails says where"
)]

mod acks;
mod ending;
mod limits;
mod losing;
mod scripted;
mod subscribing;

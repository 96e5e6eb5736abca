//! The routes of both ports, as somebody on the network meets them, with an engine that only writes down what it is
//! asked.

mod account;
mod closed;
mod house;
mod live;
mod once;
mod refusals;
mod secrecy;

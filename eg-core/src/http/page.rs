//! Operator page on port 3000: rendered here, kept live by a stream of the parts that change.

mod account;
mod account_routes;
mod act_log;
mod ask;
mod attention;
mod audit;
mod chart;
mod display;
mod door;
mod events;
#[cfg(test)]
mod french;
mod glance;
mod header;
mod hint_library;
mod history;
mod in_clear;
mod invite;
mod keys;
mod live;
mod login;
mod names;
mod operator;
mod places;
mod problem;
mod readable_inputs;
mod room;
mod routes;
mod settings;
mod show;
mod slots;
mod statistics;
mod status_bar;
mod text;
mod users;
mod view;

#[cfg(test)]
pub(crate) use french::{english, everything_is_wrong};
pub(crate) use in_clear::in_clear;
pub(crate) use problem::problem;
pub use routes::routes;
#[cfg(test)]
pub(crate) use routes::table;
pub(crate) use text::words;

//! HTTP: the API on its own port, and beside it the operator page on port 3000.

mod access;
pub mod api;
mod attention;
mod audience;
mod caller;
mod client;
mod connection_limit;
mod context;
mod csv;
mod disk;
mod display_seats;
mod extract;
mod idempotency;
mod listen;
mod locale;
mod localize;
mod metrics;
mod origin;
pub mod page;
mod problem;
mod problem_type;
mod recent;
mod router;
mod scheme;
mod screens;
mod server;
mod session_query;
mod settings;
mod statistics;
#[cfg(test)]
mod tests;

pub use audience::{Audience, Looks};
pub use caller::Caller;
pub use context::Context;
pub use listen::PortError;
pub use problem::Problem;
pub use problem_type::ProblemType;
pub use recent::Recent;
pub use router::{api_port, page_port};
pub use server::{Pages, PagesError, PagesOptions};

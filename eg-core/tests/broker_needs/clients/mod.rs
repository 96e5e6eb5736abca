//! Clients of the broker under test, each of a different make.

mod page;
mod plain;
mod shell;
mod wire;

pub(crate) use page::Page;
pub(crate) use plain::{Arrival, Plain, Wish};
pub(crate) use shell::{ShellSubscriber, shell_publish};
pub(crate) use wire::Wire;

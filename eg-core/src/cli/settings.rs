//! Settings that every command takes from its file and the environment.

use crate::config::{CoreConfig, Environment};
use anyhow::Context;
use eg_config::{Problems, Source};
use eg_log::Levels;
use std::collections::BTreeMap;
use std::path::Path;

/// Environment variable with the log filter, e.g. `eg_core=debug`.
const LOG: &str = "EG_LOG";

pub(super) fn variables() -> BTreeMap<String, String> {
    eg_config::variables().collect()
}

/// Reads file and environment; the error lists every mistake of both.
pub(super) fn read(file: Option<&Path>) -> Result<CoreConfig, Problems> {
    read_with(file, &variables())
}

/// Reads a file and these variables; the error lists every mistake of both.
pub(super) fn read_with(
    file: Option<&Path>,
    variables: &BTreeMap<String, String>,
) -> Result<CoreConfig, Problems> {
    let mut problems = Problems::default();
    let environment = problems.keep(Environment::of(variables)).unwrap_or_default();
    let config = match file.map(|file| Source::read_with(file, variables.clone())) {
        Some(Ok(source)) => CoreConfig::from_source(&source, &environment),
        Some(Err(unread)) => Err(unread),
        None => CoreConfig::without_file(&environment),
    };
    match problems.keep(config) {
        Some(config) => problems.or(config),
        None => Err(problems),
    }
}

/// Starts logging to journald or to standard error, filtered by EG_LOG, or else by `unless_said`.
///
/// # Errors
/// EG_LOG is malformed.
pub(super) fn log(unless_said: &str) -> anyhow::Result<Levels> {
    let variables = variables();
    let wanted = variables.get(LOG).map_or(unless_said, String::as_str);
    let plain = variables.get("NO_COLOR").is_some_and(|said| !said.is_empty());
    eg_log::start("eg-core", wanted, plain).context(LOG)
}

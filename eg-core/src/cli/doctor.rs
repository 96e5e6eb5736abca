//! `doctor`: looks at a core from its file up to its slots, and says what is wrong and what to do.

mod broker;
mod data;
mod ports;
mod room;
mod service_file;
#[cfg(test)]
mod tests;

use super::exit::FAILED;
use super::settings::variables;
use crate::config::CoreConfig;
use eg_config::Problems;
use eg_page::{Checkup, Finding, Lang, Words};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The core's YAML file; /etc/eg/core.yaml when it is left out and there. The variables of the process, and of
    /// core.env beside the file, win over the file.
    file: Option<PathBuf>,
    /// Print a JSON object.
    #[arg(long)]
    json: bool,
}

/// Looks at everything, and tells it.
pub(super) fn examine(args: &Args) -> ExitCode {
    let own = variables();
    let lang = language(&own);
    let words = Words::new(include_str!("doctor/fr.ftl"), include_str!("doctor/en.ftl"));
    let words = match words {
        Ok(words) => words,
        Err(error) => {
            anstream::eprintln!("{error}");
            return ExitCode::from(FAILED);
        }
    };
    let mut checkup = Checkup::new(words, lang, args.json);
    let mut tell = |finding: Finding| {
        if let Some(lines) = checkup.tell(&finding) {
            anstream::println!("{lines}");
        }
    };
    match service_file::settings(args.file.as_deref(), &own) {
        Err(problems) => tell(mistakes(&problems)),
        Ok(service_file::Settings { file, config }) => {
            let rooms = config.rooms.len();
            let read = match file {
                Some(file) => Finding::good("file").with("path", file.display()),
                None => Finding::good("no-file"),
            };
            tell(read.with("core", &config.device_id).with("n", rooms));
            look(&config).into_iter().for_each(tell);
        }
    }
    let (last, is_well) = checkup.end();
    anstream::println!("{last}");
    if is_well { ExitCode::SUCCESS } else { ExitCode::from(FAILED) }
}

fn look(config: &CoreConfig) -> Vec<Finding> {
    let runs = ports::running(config);
    let mut found = data::data(config);
    found.extend(ports::ports(config, runs));
    found.extend(broker::broker(config));
    found.extend(room::slots(config));
    found.extend(room::contract(config));
    found.extend(room::announced(config, runs));
    found.extend(room::clock());
    found
}

fn mistakes(problems: &Problems) -> Finding {
    let first = problems.iter().next();
    let head = first.map(|problem| problem.head()).unwrap_or_default();
    let path = first.map(|problem| problem.file.clone()).unwrap_or_default();
    Finding::bad("file").with("path", path).with("n", problems.len()).because(head)
}

/// The language of the locale, as POSIX looks for it (Base Definitions, 8.2).
pub(super) fn language(variables: &BTreeMap<String, String>) -> Lang {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| variables.get(name).filter(|value| !value.is_empty()));
    said.and_then(|locale| Lang::from_code(locale)).unwrap_or_default()
}

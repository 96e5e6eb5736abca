//! `check`: finds the mistakes in a file before it is run.

use super::exit::{MISTAKE, complain};
use super::settings::read;
use crate::config::{BrokerConfig, CoreConfig};
use crate::engine;
use crate::engine::Forewarning;
use crate::journal::Reader;
use std::path::Path;
use std::process::ExitCode;

pub(super) fn check(file: Option<&Path>, json: bool) -> ExitCode {
    let config = read(file);
    if json {
        let problems = config.err().unwrap_or_default();
        let text = serde_json::to_string_pretty(&problems).unwrap_or_default();
        anstream::println!("{text}");
        return if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(MISTAKE) };
    }
    match config {
        Ok(config) => {
            praise(file, &config);
            forewarn(&config);
            ExitCode::SUCCESS
        }
        Err(problems) => complain(&problems),
    }
}

fn praise(file: Option<&Path>, config: &CoreConfig) {
    let file = file.map_or("no file".to_owned(), |file| file.display().to_string());
    let broker = match &config.broker {
        BrokerConfig::Embedded => "its own broker".to_owned(),
        BrokerConfig::External { host, port, .. } => format!("the broker at {host}:{port}"),
    };
    let rooms = config.rooms.iter().map(|(name, room)| format!("{name} ({})", room.game));
    let rooms: Vec<_> = rooms.collect();
    anstream::println!(
        "{file}: {} is well formed: {broker}, rooms: {}",
        config.device_id,
        rooms.join(", ")
    );
}

/// Prints warnings about rooms that would not fit the slots known to this core, which are no mistake of the file.
fn forewarn(config: &CoreConfig) {
    let Ok(journal) = Reader::open(&config.db) else { return };
    for Forewarning { room, item, why } in engine::forewarn(config, &journal).unwrap_or_default() {
        let item = item.map(|item| format!(", {item} of its show")).unwrap_or_default();
        anstream::println!("warning: room {room}{item}: {}", why.en);
    }
}

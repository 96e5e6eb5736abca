//! `run`: the core, until the process is told to stop.

use super::{USUALLY, complain, finish, log, read};
use crate::clock::SteadyClock;
use crate::config::CoreConfig;
use crate::house::House;
use crate::signal::asked_to_stop;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

pub(super) fn run(file: Option<&Path>) -> ExitCode {
    let config = match read(file) {
        Ok(config) => config,
        Err(problems) => return complain(&problems),
    };
    finish(log(USUALLY).and_then(|()| serve(&config)))
}

fn serve(config: &CoreConfig) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let house = House::open(config, Arc::new(SteadyClock::default()))?;
    welcome(config, &house);
    runtime.block_on(asked_to_stop());
    tracing::info!("stopping");
    drop(house);
    Ok(())
}

/// Says where everything is.
fn welcome(config: &CoreConfig, house: &House) {
    let at = house.addresses();
    anstream::println!("EG core {} runs.\n", config.device_id);
    anstream::println!("  operator   http://{}/", at.page);
    anstream::println!("  API        http://{}/docs", at.api);
    anstream::println!("  MQTT       {}", at.mqtt);
    if let Some(websocket) = at.websocket {
        anstream::println!("  WebSocket  ws://{websocket}/mqtt");
    }
    anstream::println!("  journal    {}", config.db.display());
    if let Some(password) = house.drawn_password() {
        anstream::println!("\nThe operator's password is {password}");
        anstream::println!("It is shown this once; EG_OPERATOR_PASSWORD sets another.");
    }
    if config.compat {
        anstream::println!("\nCompatible mode: older slots and pages act without a password.");
    }
}

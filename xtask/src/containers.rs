//! `cargo eg containers`: a night in the containers of `deploy/`, on an engine of its own.
//!
//! Everything happens in a network namespace that dies with the process: the containers share their host's network, so
//! their ports meet nobody else's here.

mod engine;

use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Command, ExitCode};

use anyhow::{Context, ensure};
use serde_json::Value;

use crate::checks::{self, Check};
use crate::clean::Clean;
use crate::net::adoption::{adopt, until};
use crate::net::http::{ask, login};
use crate::net::link;
use crate::terminal::Terminal;
use crate::tools::{self, DOCKER, DOCKER_COMPOSE, DOCKERD};
use crate::{install, package};
use engine::Engine;

/// Arguments of `cargo eg containers`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Fail where no engine can run, instead of counting the checks as skipped
    #[arg(long)]
    require: bool,
    /// Install and fetch nothing
    #[arg(long, env = "EG_NO_INSTALL")]
    no_install: bool,
    /// Profile of the packages
    #[arg(long, default_value = "dev", value_parser = ["dist", "release", "dev"])]
    profile: String,
    /// We are in the namespace already
    #[arg(long, hide = true)]
    inside: bool,
}

/// Name of the slot that is deployed.
const SLOT: &str = "slot-02";

/// Password of the room's operator.
const PASSWORD: &str = "operator of containers";

/// Promises of the containers, in the order in which a room is set up.
const CHECKS: [Check<Engine>; 5] = [
    ("the_core_s_script_brings_up_a_healthy_core", core_runs),
    ("the_connection_test_says_that_it_connects", connects),
    ("the_slot_s_script_brings_up_a_healthy_slot", slot_runs),
    ("a_night_is_played_through_both", night),
    ("nobody_in_them_is_root_or_may_write_to_the_system", confined),
];

/// Builds the images from the packages, and plays. Its last line counts what held.
///
/// # Errors
/// When something of ours does not build.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let terminal = Terminal::of_stdout();
    if args.inside {
        return Ok(checks::close("container", inside(args, terminal)));
    }
    let needs = [&DOCKERD, &DOCKER, &DOCKER_COMPOSE];
    let base = install::ensure_present(&needs, &tools::path(), !args.no_install)
        .and_then(|()| Clean::ready("install", &["systemd"], !args.no_install));
    if let Err(why) = base {
        let count = checks::skip(&why, CHECKS.len(), args.require, terminal);
        return Ok(checks::close("container", count));
    }
    package::built(package::HERE, &args.profile)?;
    let mut command = Command::new("unshare");
    command.args(["--net", "--"]).arg(std::env::current_exe()?);
    command.args(["containers", "--inside"]).args(args.require.then_some("--require"));
    let status = command.status().context("unshare does not start")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

fn inside(args: &Args, terminal: Terminal) -> crate::count::Count {
    let engine = link::raise("lo").and_then(|()| Clean::ready("install", &["systemd"], false));
    match engine.and_then(|base| Engine::start(&base)) {
        Ok(engine) => checks::run(&engine, &CHECKS, terminal),
        Err(why) => checks::skip(&why, CHECKS.len(), args.require, terminal),
    }
}

fn core_runs(engine: &Engine) -> anyhow::Result<()> {
    let settings = [("NIGHT_EXPECTED_VOTES", "1"), ("EG_OPERATOR_PASSWORD", PASSWORD)];
    engine.deploy("deploy_core.sh", &settings)?;
    engine.healthy("eg-core")
}

fn connects(engine: &Engine) -> anyhow::Result<()> {
    let told = engine.script("agents/test_mqtt_connection.py", &["127.0.0.1"], &[])?;
    ensure!(told.ends_with("✓ Connexion réussie !\n"), "{told}");
    let nobody = [("MQTT_PORT", "1")];
    let elsewhere = engine.script("agents/test_mqtt_connection.py", &["127.0.0.1"], &nobody);
    ensure!(elsewhere.is_err(), "it connects where nobody listens");
    Ok(())
}

fn slot_runs(engine: &Engine) -> anyhow::Result<()> {
    engine.deploy("deploy_slot.sh", &[("SLOT_ID", SLOT), ("CORE_HOST", "127.0.0.1")])?;
    engine.healthy(&format!("eg-{SLOT}"))
}

fn night(_engine: &Engine) -> anyhow::Result<()> {
    let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let (api, page) = (at(8000), at(5173));
    let cookie = login(api, PASSWORD)?;
    adopt(api, &cookie, SLOT)?;
    until("the slot is online", || {
        let told = ask(api, "GET", "/api/slots", &cookie, "").ok()?;
        let told: Value = serde_json::from_str(&told.body).ok()?;
        (told["items"][0]["presence"] == "online").then_some(())
    })?;
    let step = r#"{"step":1,"question":"Who?","options":["A","B"]}"#;
    ask(api, "POST", "/api/night/step", &cookie, step)?;
    ask(page, "POST", "/poke/panel/b", "", r#"{"down":true}"#)?;
    until("the night's step is closed with B", || {
        let told = ask(api, "GET", "/api/events?limit=1000", &cookie, "").ok()?;
        let told: Value = serde_json::from_str(&told.body).ok()?;
        told["items"].as_array()?.iter().any(is_result).then_some(())
    })
}

/// Tells whether an entry of the journal says that B won.
fn is_result(entry: &Value) -> bool {
    entry["kind"] == "result" && entry["body"].to_string().contains("\"B\"")
}

fn confined(engine: &Engine) -> anyhow::Result<()> {
    for name in ["eg-core", &format!("eg-{SLOT}")] {
        let root = engine.docker(&["exec", name, "id", "-u"])?;
        ensure!(root.trim() != "0", "{name} runs as root");
        ensure!(engine.docker(&["exec", name, "touch", "/usr/x"]).is_err(), "{name} writes");
    }
    Ok(())
}

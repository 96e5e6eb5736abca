//! A held maglock whose agent is killed.

use std::fs;
use std::process::Command;

use anyhow::Context;
use eg_proto::DeviceState;

use crate::agent::{Agent, OUTBOX, SLOT, is, with_log};
use crate::check::checks;
use crate::ear::{Core, Ear};
use crate::i2c::{peek, poke};
use crate::place::{same, says, until};

checks!("lock", Root:
    an_agent_that_is_killed_leaves_its_outputs_and_safe_brings_them_back,
    safe_says_which_output_it_could_not_reach,
);

/// The output latches of an MCP23017 (DS20001952C, table 3-2); B0 is the lowest bit of the second.
const OLAT: u64 = 0x14;

/// A maglock on an expander: held by a low output, so that it opens where the wire is cut.
fn slot(port: u16, address: u8) -> String {
    format!(
        "slot: vm
core: {{ host: 127.0.0.1, port: {port} }}
compat: true
hal: linux
outbox: {OUTBOX}
devices:
  doors:
    driver: mcp23017
    config: {{ bus: i2c-1, address: {address}, outputs: [B0] }}
    outputs:
      lock: {{ channel: 0, active: low, safe: off }}
"
    )
}

/// `eg-agent safe`, as systemd calls it when the agent has ended: its exit code, and all that it says.
fn safe() -> anyhow::Result<(Option<i32>, String)> {
    let done = Command::new("/bin/eg-agent").args(["safe", SLOT]).output()?;
    let said = [done.stdout, done.stderr].concat();
    Ok((done.status.code(), String::from_utf8_lossy(&said).into_owned()))
}

fn wait_for(latches: [u8; 2]) -> anyhow::Result<()> {
    until(|| Ok(peek(0x20, OLAT)? == latches)).context("the latches of the lock")
}

fn an_agent_that_is_killed_leaves_its_outputs_and_safe_brings_them_back() -> anyhow::Result<()> {
    with_log(|| {
        poke(0x20, 0, &[0; 0x20])?;
        let mut core = Ear::open(Core::Stores)?;
        let agent = Agent::run(&slot(core.port, 0x20))?;
        core.status(|status| is(status, "doors", DeviceState::Ready))?;
        wait_for([0x00, 0x01])?;

        core.tell("eg/dev/vm/input/cmd/led", br#"{"index":0,"state":true}"#)?;
        wait_for([0x00, 0x00])?;
        agent.kill()?;
        let held = peek(0x20, OLAT)?;
        let (code, said) = safe()?;

        same(held, [0x00, 0x00])?;
        same((code, said.as_str()), (Some(0), "vm/doors: safe: lock\n"))?;
        same(peek(0x20, OLAT)?, [0x00, 0x01])
    })
}

fn safe_says_which_output_it_could_not_reach() -> anyhow::Result<()> {
    fs::write(SLOT, slot(1, 0x27)).context("the slot's file")?;

    let (code, said) = safe()?;

    same(code, Some(1))?;
    says(&said, "vm/doors: NOT safe: lock: i2c-1 address 0x27: ")
}

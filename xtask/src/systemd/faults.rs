//! Promises that hold while things are changed, hang, are killed, or lose their power.

use anyhow::ensure;

use super::machine::Machine;
use crate::checks::Check;

/// In the order in which they leave the room as the next one wants it.
pub(super) const CHECKS: [Check<Machine>; 6] = [
    ("a_reload_takes_a_new_board_and_a_mistake_changes_nothing", reload),
    ("the_watchdog_bites_an_agent_that_hangs", watchdog),
    ("outputs_are_safe_when_the_agent_was_killed", outputs),
    ("a_killed_core_loses_no_press", killed),
    ("a_killed_agent_loses_no_press_that_it_told", killed_agent),
    ("a_press_that_was_acknowledged_outlives_the_power", power),
];

/// Presses in a check that counts them.
const PRESSES: u32 = 60;

fn reload(machine: &Machine) -> anyhow::Result<()> {
    machine.sh("cp /etc/eg/slot.yaml /var/tmp/slot.yaml")?;
    machine.sh("sed -i 's/  panel:/  second:\\n    driver: button-row\\n    config: { inputs: [GPIO7] }\\n    inputs: { c: { channel: 0 } }\\n  panel:/' /etc/eg/slot.yaml")?;
    machine.sh("systemctl reload eg-agent")?;
    machine.until("curl -fsS http://127.0.0.1:5173/board", "second")?;
    machine.sh("echo 'nonsense: true' >> /etc/eg/slot.yaml && systemctl reload eg-agent")?;
    machine.until("journalctl --unit=eg-agent --lines=20", "nonsense")?;
    machine.sh(
        "systemctl is-active eg-agent && curl -fsS http://127.0.0.1:5173/board | grep second",
    )?;
    machine.sh("cp /var/tmp/slot.yaml /etc/eg/slot.yaml && systemctl reload eg-agent")?;
    machine.until_online()
}

fn watchdog(machine: &Machine) -> anyhow::Result<()> {
    let before = machine.restarts("eg-agent")?;
    machine.sh("systemctl kill --signal=STOP eg-agent")?;
    let bitten = "for try in $(seq 120); do test $(systemctl show --property=NRestarts --value eg-agent) -gt BEFORE \
                  && exit; sleep 0.5; done; systemctl status eg-agent; exit 1";
    machine.sh(&bitten.replace("BEFORE", &before.to_string()))?;
    machine.sh("journalctl --unit=eg-agent --lines=40 | grep -i 'watchdog timeout'")?;
    machine.until_online()
}

/// An expander keeps its pins when nobody drives it, so what they are is what the service left.
fn outputs(machine: &Machine) -> anyhow::Result<()> {
    let bus = machine.sh("basename $(ls -d /sys/devices/platform/eg-i2c-regs/i2c-*)")?;
    let board = format!(
        "slot: slot-01\nhal: linux\ndevices:\n  door:\n    driver: mcp23017\n    config: {{ bus: {}, address: 0x20, inputs: [A0], \
         outputs: [B0], pull: up }}\n    inputs:\n      a: {{ channel: 0, active: low }}\n    outputs:\n      \
         lock: {{ channel: 0, safe: off }}",
        bus.trim()
    );
    machine.write("/etc/eg/slot.yaml", &board)?;
    machine.sh("eg-agent check /etc/eg/slot.yaml && systemctl restart eg-agent")?;
    // IODIRB says which pins are driven, OLATB what they are driven to (DS20001952C, table 3-2).
    let pins = "/sys/devices/platform/eg-i2c-regs/regs_20";
    machine.until(&format!("od -A n -t u1 -j 1 -N 1 {pins}"), "254")?;
    let look = format!("od -A n -t u1 -j 21 -N 1 {pins}");
    machine.sh("mkdir -p /run/systemd/system/eg-agent.service.d && printf '[Service]\\nRestart=no\\n' > /run/systemd/system/eg-agent.service.d/once.conf && systemctl daemon-reload")?;
    machine.sh(&format!("printf '\\001' | dd of={pins} bs=1 seek=21 conv=notrunc status=none"))?;
    let on = machine.sh(&look)?;
    machine.sh("systemctl kill --signal=KILL eg-agent")?;
    machine.until("systemctl is-active eg-agent || true", "failed")?;
    let after = machine.sh(&look)?;
    let told = machine.sh("journalctl --unit=eg-agent --output=cat --lines=8")?;
    machine.sh("rm -r /run/systemd/system/eg-agent.service.d && systemctl daemon-reload")?;
    machine.sh("cp /var/tmp/slot.yaml /etc/eg/slot.yaml && systemctl restart eg-agent")?;
    ensure!(on.trim() == "1", "the check drives no pin: {on}");
    ensure!(after.trim() == "0", "wanted the lock off, found the pins at {after}: {told}");
    machine.until_online()
}

fn killed(machine: &Machine) -> anyhow::Result<()> {
    under_presses(machine, "eg-core")
}

fn killed_agent(machine: &Machine) -> anyhow::Result<()> {
    let before = machine.presses()?.len();
    machine.press("a")?;
    machine.sh("systemctl kill --signal=KILL eg-agent")?;
    machine.until_online()?;
    machine.until_pressed(before + 1)
}

/// Presses, and kills a service three times meanwhile.
fn under_presses(machine: &Machine, service: &str) -> anyhow::Result<()> {
    let before = machine.presses()?.len();
    let restarts = machine.restarts(service)?;
    machine.begin_presses(PRESSES)?;
    for part in 1..=3 {
        machine.until("cat /run/pressed 2>&1 || true", &format!("{part}"))?;
        machine.sh(&format!("sleep 1; systemctl kill --signal=KILL {service}"))?;
    }
    machine.until("cat /run/pressed", "end")?;
    machine.until_pressed(before + PRESSES as usize)?;
    let restarts = machine.restarts(service)? - restarts;
    ensure!(restarts >= 2, "it was killed three times, and started {restarts} times");
    machine.presses().map(drop)
}

fn power(machine: &Machine) -> anyhow::Result<()> {
    let start = machine.presses()?.len();
    machine.begin_presses(1000)?;
    machine.sh(
        "for try in $(seq 200); do test $(cat /run/pressed || echo 0) -gt 30 && exit; sleep 0.1; done; exit 1",
    )?;
    // What is in the file by now was acknowledged to the slot.
    let before = machine.presses()?;
    machine.pull_the_plug()?;
    ensure!(before.len() > start + 20, "too few were acknowledged: {}", before.len() - start);
    machine.sh("systemctl is-active eg-core eg-agent")?;
    machine.until_online()?;
    let after = machine.presses()?;
    let lost: Vec<_> = before.difference(&after).collect();
    ensure!(lost.is_empty(), "lost {lost:?}");
    let whole = machine
        .sh("runuser -u eg -- sqlite3 -readonly /var/lib/eg/eg.db 'pragma integrity_check'")?;
    ensure!(whole.trim() == "ok", "{whole}");
    machine.until("curl -fsS http://127.0.0.1:5173/about", "slot")?;
    // What the slot had noted and the core had not follows, so it is waited for the press by its growth.
    let then = machine.presses()?.len();
    machine.press("a")?;
    machine
        .until(&format!("test $({} | wc -l) -gt {then} && echo more", super::room::LIST), "more")
        .map(drop)
}

//! The old installation's guide, followed line by line with what `docs/moving.md` puts in the place of each.

use anyhow::ensure;

use super::machine::Machine;
use crate::checks::Check;

/// In the order of that guide.
pub(super) const CHECKS: [Check<Machine>; 8] = [
    ("the_core_s_file_of_variables_is_read", core_variables),
    ("instead_of_docker_there_are_eg_status_and_eg_logs", every_day),
    ("mosquitto_pub_says_hello_under_compat_alone", hello),
    ("a_slot_is_named_by_its_file_of_variables", slot_variables),
    ("the_connection_test_ends_as_the_guide_says", connection),
    ("ports_and_pages_are_where_they_were", ports),
    ("input_status_says_online_again_after_a_restart", input_status),
    ("an_old_database_is_refused_as_the_journal_and_left_as_it_was", old_database),
];

/// Id of the slot in that guide, and the address of its core.
const GUIDE_SLOT: &str = "slot-02";
const CORE_HOST: &str = "192.168.1.27";

fn core_variables(machine: &Machine) -> anyhow::Result<()> {
    machine.sh("printf 'CORE_DEVICE_ID=core-07\\nNIGHT_EXPECTED_VOTES=9\\n' > /etc/eg/core.env")?;
    machine.sh("systemctl restart eg-core")?;
    machine.until("journalctl --unit=eg-core --output=cat", "EG core core-07 runs.")?;
    machine.sh("rm /etc/eg/core.env && systemctl restart eg-core")?;
    machine.until_online()
}

fn every_day(machine: &Machine) -> anyhow::Result<()> {
    let told = machine.sh("eg-status")?;
    for wanted in
        ["eg-core 0", "eg-agent 0", "eg-core.service", "eg-agent.service", "active (running)"]
    {
        ensure!(told.contains(wanted), "eg-status does not say {wanted}: {told}");
    }
    let told = machine.sh("timeout 5 eg-logs || test $? = 124")?;
    ensure!(told.contains("eg-core[") && told.contains("eg-agent["), "eg-logs says {told}");
    machine.sh("eg-logs --since today --no-pager --lines=1").map(drop)
}

fn hello(machine: &Machine) -> anyhow::Result<()> {
    let hello = "mosquitto_pub -h localhost -t test -m hello";
    ensure!(machine.sh(hello).is_err(), "anybody may publish without compat");
    machine.sh(
        "cp /etc/eg/core.yaml /var/tmp/core.yaml && echo 'compat: true' >> /etc/eg/core.yaml",
    )?;
    machine.sh("eg-core check --config /etc/eg/core.yaml && systemctl restart eg-core")?;
    machine.until(&format!("{hello} && echo said"), "said")?;
    machine.sh("cp /var/tmp/core.yaml /etc/eg/core.yaml && systemctl restart eg-core")?;
    machine.until_online()
}

fn slot_variables(machine: &Machine) -> anyhow::Result<()> {
    machine.sh(&format!(
        "printf 'CORE_HOST={CORE_HOST}\\nSLOT_ID={GUIDE_SLOT}\\n' > /etc/eg/agent.env"
    ))?;
    machine.sh("systemctl restart eg-agent")?;
    machine.adopt(GUIDE_SLOT)
}

fn connection(machine: &Machine) -> anyhow::Result<()> {
    let tests = [
        (format!("LANG=fr_FR.UTF-8 eg-test {CORE_HOST}"), "✓ Connexion réussie !\n"),
        ("LANG=en_GB.UTF-8 eg-test".to_owned(), "✓ Connected\n"),
    ];
    for (line, end) in tests {
        let told = machine.sh(&format!("unset LC_ALL; {line}"))?;
        ensure!(told.ends_with(end), "{line}: wanted {end:?} at the end of {told}");
    }
    let elsewhere = machine.sh("eg-test 192.168.1.99");
    ensure!(elsewhere.is_err(), "it connects where nobody is");
    Ok(())
}

fn ports(machine: &Machine) -> anyhow::Result<()> {
    for port in [1883, 9001, 8000, 3000, 5173] {
        machine.sh(&format!("ss -tuln | grep -w {port}"))?;
    }
    for port in [1883, 9001] {
        let told = machine.sh(&format!("(sleep 1; echo) | telnet {CORE_HOST} {port} || true"))?;
        ensure!(told.contains(&format!("Connected to {CORE_HOST}")), "{told}");
    }
    machine.sh(&format!(
        "curl -fsS http://{CORE_HOST}:8000/health && curl -fsSL http://{CORE_HOST}:3000"
    ))?;
    machine.sh("curl -fsS http://localhost:5173").map(drop)
}

fn input_status(machine: &Machine) -> anyhow::Result<()> {
    machine.sh("ps aux | grep [e]g-agent && systemctl status --no-pager eg-agent")?;
    machine.sh("systemctl restart eg-agent")?;
    machine.until("curl -fsS -H 'Accept-Language: en' http://localhost:5173/board", "online")?;
    machine.sh("rm /etc/eg/agent.env && systemctl restart eg-agent")?;
    machine.until_online()
}

fn old_database(machine: &Machine) -> anyhow::Result<()> {
    machine.sh("mkdir -p /data && sqlite3 /data/eg.db 'create table wallets (id text, balance integer)' && chown -R eg /data")?;
    let before = machine.sh("sha256sum /data/eg.db")?;
    let refused = machine.sh("cd /data && sudo -u eg env DB_PATH=/data/eg.db timeout 60 eg-core run --config /etc/eg/core.yaml");
    let Err(refusal) = refused else { anyhow::bail!("it was taken") };
    ensure!(machine.sh("sha256sum /data/eg.db")? == before, "it was changed: {refusal:#}");
    ensure!(
        format!("{refusal:#}").contains("choose another file with DB_PATH"),
        "it does not say what would have worked: {refusal:#}"
    );
    Ok(())
}

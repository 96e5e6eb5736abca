//! Promises of packages that were just installed.

use anyhow::ensure;

use super::machine::Machine;
use super::room::SLOT;
use crate::checks::Check;

/// In the order in which a room is set up.
pub(super) const CHECKS: [Check<Machine>; 7] = [
    ("apt_installs_both_packages_and_their_services_run", install),
    ("the_user_has_its_groups_and_alone_reads_what_is_kept", user),
    ("boards_belong_to_the_groups_of_the_agent", boards),
    ("systemctl_status_tells_that_all_is_well", status),
    ("both_sandboxes_are_rated_2_5_or_better", sandbox),
    ("a_night_is_played_with_the_password_of_the_journal", night),
    ("the_journal_s_entries_have_priority_slot_and_room", fields),
];

/// Highest rating of systemd's for what a service could do to its system, in tenths.
const EXPOSURE: u32 = 25;

fn install(machine: &Machine) -> anyhow::Result<()> {
    // One vote decides, and it is one of the settings that a file of variables brings.
    machine.sh("mkdir -p /etc/eg && echo NIGHT_EXPECTED_VOTES=1 > /etc/eg/core.env")?;
    machine.sh("apt-get install --yes /srv/now/eg-core.deb /srv/now/eg-agent.deb")?;
    machine.sh("systemctl is-active eg-core eg-agent eg-core-backup.timer")?;
    machine.sh("systemctl is-enabled eg-core eg-agent eg-core-backup.timer")?;
    machine.sh("! systemctl is-enabled eg-kiosk")?;
    machine.sh("eg-agent check /etc/eg/slot.yaml && eg-core check --config /etc/eg/core.yaml")?;
    machine.sh("systemctl --failed --no-legend --plain | grep eg- && exit 1 || true").map(drop)
}

fn user(machine: &Machine) -> anyhow::Result<()> {
    let groups = machine.sh("id --name --groups eg")?;
    for group in ["gpio", "i2c", "spi", "dialout", "input"] {
        ensure!(groups.split_whitespace().any(|its| its == group), "no {group}: {groups}");
    }
    let shell = machine.sh("getent passwd eg")?;
    ensure!(shell.trim().ends_with("nologin"), "eg may sign in: {shell}");
    let kept = machine
        .sh("stat --format='%n %U %a' /var/lib/eg /var/lib/eg/eg.db /var/lib/eg/eg.account.db")?;
    let wanted = "/var/lib/eg eg 700\n/var/lib/eg/eg.db eg 600\n/var/lib/eg/eg.account.db eg 600\n";
    ensure!(kept == wanted, "wanted {wanted}found {kept}");
    let theirs = machine.sh("stat --format='%n %U %a' /etc/eg/slot.yaml /etc/eg/core.yaml")?;
    ensure!(theirs == "/etc/eg/slot.yaml root 644\n/etc/eg/core.yaml root 644\n", "found {theirs}");
    Ok(())
}

fn boards(machine: &Machine) -> anyhow::Result<()> {
    let found = machine.sh("stat --format='%n %G %a' /dev/gpiochip* /dev/i2c-*")?;
    for line in found.lines() {
        let group = if line.starts_with("/dev/gpiochip") { "gpio" } else { "i2c" };
        let is_right = line.ends_with(&format!(" {group} 660"));
        let why = "journalctl --unit=systemd-udevd --output=cat; getent group gpio i2c";
        ensure!(is_right, "{line}: {}", machine.sh(why)?);
    }
    ensure!(found.contains("gpiochip") && found.contains("i2c-"), "no boards: {found}");
    let scanned = machine.sh("runuser -u eg -- eg-agent scan")?;
    ensure!(!scanned.contains("permission denied"), "{scanned}");
    Ok(())
}

fn status(machine: &Machine) -> anyhow::Result<()> {
    for service in ["eg-core", "eg-agent"] {
        let told = machine.sh(&format!("systemctl status --no-pager {service}"))?;
        ensure!(told.contains("active (running)"), "{told}");
    }
    let told = machine.sh("systemctl status --no-pager eg-core-backup.timer")?;
    ensure!(told.contains("active (waiting)"), "{told}");
    machine.sh("systemctl start eg-core-backup && ls /var/lib/eg/backups/*.db").map(drop)
}

fn sandbox(machine: &Machine) -> anyhow::Result<()> {
    for service in ["eg-core", "eg-agent", "eg-core-backup"] {
        let judge = format!("systemd-analyze security --no-pager --threshold={EXPOSURE} {service}");
        let told = machine.sh(&judge)?;
        println!("{}", told.lines().last().unwrap_or_default());
    }
    Ok(())
}

fn night(machine: &Machine) -> anyhow::Result<()> {
    let told = machine.sh("journalctl --output=cat --unit=eg-core | grep 'password is'")?;
    let password = told.trim().rsplit(' ').next().unwrap_or_default();
    machine.sign_in(password)?;
    machine.adopt(SLOT)?;
    machine.ask(
        "POST",
        "/api/night/step",
        r#"{"step":1,"question":"Who?","options":["A","B"]}"#,
    )?;
    machine.press("b")?;
    let results = "runuser -u eg -- sqlite3 -readonly /var/lib/eg/eg.db \"select body from entry where kind = 'result'\"";
    machine.until(results, "\"B\"").map(drop)
}

fn fields(machine: &Machine) -> anyhow::Result<()> {
    let entries = |service: &str, fields: &str| {
        machine.sh(&format!("journalctl --unit={service} --output=json {fields} --lines=20"))
    };
    for (service, field) in [
        ("eg-agent", format!("SLOT={SLOT}")),
        ("eg-core", format!("SLOT={SLOT}")),
        ("eg-core", "ROOM=main".to_owned()),
    ] {
        let found = entries(service, &field)?;
        ensure!(found.contains("\"PRIORITY\":\"6\""), "{service}, {field}: {found:?}");
    }
    let said = machine.sh("journalctl --unit=eg-core --output=cat ROOM=main --lines=1")?;
    ensure!(said.contains("main"), "who reads lines sees no room: {said}");
    Ok(())
}

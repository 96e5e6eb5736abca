//! Promises of packages that are replaced by later ones, and go.

use anyhow::ensure;

use super::machine::Machine;
use crate::checks::Check;

/// In the order of a package's life.
pub(super) const CHECKS: [Check<Machine>; 3] = [
    ("an_upgrade_keeps_edited_files_and_the_journal", upgrade),
    ("a_removed_package_leaves_settings_and_data", remove),
    ("a_purged_package_leaves_nothing", purge),
];

fn upgrade(machine: &Machine) -> anyhow::Result<()> {
    machine.sh("echo '# ours' >> /etc/eg/slot.yaml")?;
    let before = machine.presses()?;
    // `--force-confold` is the answer that dpkg proposes to whoever sits in front of it.
    machine.sh(
        "apt-get install --yes --option Dpkg::Options::=--force-confold /srv/next/eg-core.deb /srv/next/eg-agent.deb",
    )?;
    let found = machine.sh("tail -n 1 /etc/eg/slot.yaml /etc/eg/core.yaml; ls /etc/eg")?;
    ensure!(found.contains("# ours"), "the edited file was replaced: {found}");
    ensure!(found.contains("# later"), "the file that nobody edited stayed: {found}");
    ensure!(found.contains("slot.yaml.dpkg-dist"), "the new default is nowhere: {found}");
    machine.sh("systemctl is-active eg-core eg-agent eg-core-backup.timer")?;
    machine.until_online()?;
    let after = machine.presses()?;
    ensure!(before.is_subset(&after), "the journal lost presses");
    machine.press("a")?;
    machine.until_pressed(after.len() + 1)
}

fn remove(machine: &Machine) -> anyhow::Result<()> {
    machine.sh("apt-get remove --yes eg-core eg-agent")?;
    machine.sh(
        "test ! -e /usr/bin/eg-core && test ! -e /usr/bin/eg-agent && ! command -v eg-status",
    )?;
    machine.sh("! pgrep -x 'eg-core|eg-agent'")?;
    machine
        .sh("ls /etc/eg/slot.yaml /etc/eg/core.yaml /var/lib/eg/eg.db /var/lib/eg/data/*.secret")?;
    let left = machine.sh("systemctl list-units --all --no-legend --plain 'eg-*'")?;
    ensure!(left.trim().is_empty(), "systemd still has {left}");
    // Whoever changes their mind has their room again.
    machine.sh("apt-get install --yes /srv/next/eg-core.deb /srv/next/eg-agent.deb")?;
    machine.until_online()?;
    machine.sh("tail -n 1 /etc/eg/slot.yaml | grep ours").map(drop)
}

fn purge(machine: &Machine) -> anyhow::Result<()> {
    machine.sh("apt-get purge --yes eg-agent")?;
    machine.sh("test ! -e /etc/eg/slot.yaml && test ! -e /var/lib/eg/data")?;
    machine.sh("systemctl is-active eg-core && test -e /var/lib/eg/eg.db && id eg")?;
    machine.sh("apt-get purge --yes eg-core")?;
    let left = machine.sh("ls -d /etc/eg /var/lib/eg /var/lib/eg-kiosk /usr/bin/eg-* /usr/lib/eg-* /etc/systemd/system/*/eg-* 2>/dev/null; true")?;
    ensure!(left.trim().is_empty(), "left behind: {left}");
    machine.sh("! pgrep -u eg").map(drop)
}

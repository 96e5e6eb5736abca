//! Units of systemd: each is one that systemd takes, its commands are in a package, and nothing is switched on that asks first.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::tree::{read, root};

/// Programs that the units start, and others bring.
const PROGRAMS: [&str; 5] = [
    "bin/kill",
    "usr/bin/cage",
    "usr/bin/eg-core",
    "usr/bin/eg-agent",
    "usr/lib/eg-agent/eg-kiosk",
];

fn units() -> Vec<String> {
    let entries = fs::read_dir(root().join("deploy/systemd")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut units: Vec<_> = names.filter(|name| !name.ends_with(".sysusers")).collect();
    units.sort();
    units
}

#[test]
fn systemd_takes_every_unit_as_it_is_written() {
    // Not every machine that builds EG has it.
    if Command::new("systemd-analyze").arg("--version").output().is_err() {
        return;
    }
    let machine = tempfile::tempdir().unwrap();
    let folder = machine.path().join("usr/lib/systemd/system");
    fs::create_dir_all(&folder).unwrap();
    for program in PROGRAMS {
        let program = machine.path().join(program);
        fs::create_dir_all(program.parent().unwrap()).unwrap();
        fs::write(&program, "").unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    }
    for unit in units() {
        fs::write(folder.join(&unit), read(&format!("deploy/systemd/{unit}"))).unwrap();
    }

    for unit in units() {
        let verified = Command::new("systemd-analyze")
            .args(["verify", "--man=no", "--recursive-errors=no", "--root"])
            .args([machine.path(), &folder.join(&unit)])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&verified.stderr);

        assert!(verified.status.success(), "{unit}: {said}");
        assert!(!said.contains(&unit), "{unit}: {said}");
    }
}

#[test]
fn the_kiosk_is_off_until_somebody_wants_it_and_sound_needs_no_touch() {
    let scripts = read("deploy/debian/eg-agent/postinst");
    let browser = read("deploy/commands/eg-kiosk");

    assert!(!scripts.lines().any(|line| line.contains("systemctl") && line.contains("kiosk")));
    assert!(browser.contains("--autoplay-policy=no-user-gesture-required"));
}

#[test]
fn every_unit_is_in_a_package() {
    let package = read("xtask/src/package.rs");

    for unit in units() {
        assert!(package.contains(&format!("\"deploy/systemd/{unit}\"")), "{unit}");
    }
}

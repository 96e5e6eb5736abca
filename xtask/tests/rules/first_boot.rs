//! The first-boot file of a slot's card agrees with itself and with the services.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::tree;

const FILE: &str = "deploy/first-boot/user-data";

/// The lines of the script that the file writes, without their indent.
fn script(text: &str) -> String {
    let from = text.find("#!/bin/sh").unwrap();
    let body = text[from..]
        .lines()
        .take_while(|line| line.is_empty() || line.starts_with("      ") || line.starts_with('#'));
    body.map(|line| line.trim_start_matches("      ").to_owned() + "\n").collect()
}

#[test]
fn the_first_boot_file_names_one_slot_and_the_file_that_the_service_reads() {
    let text = tree::read(FILE);
    let service = tree::read("deploy/systemd/eg-agent.service");
    let host = text.lines().find_map(|line| line.strip_prefix("hostname: ")).unwrap();

    assert!(text.starts_with("#cloud-config\n"), "cloud-init looks at the first line");
    assert!(text.contains(&format!("SLOT_ID={host}\n")), "hostname and SLOT_ID are one slot");
    assert!(text.contains("path: /etc/eg/agent.env"));
    assert!(service.contains("EnvironmentFile=-/etc/eg/agent.env"));
}

#[test]
fn the_script_of_the_first_boot_is_one_that_a_shell_reads() {
    let mut shell = Command::new("sh").arg("-n").stdin(Stdio::piped()).spawn().unwrap();
    let text = script(&tree::read(FILE));
    assert!(text.contains("apt-get install"), "{text}");

    shell.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();

    assert!(shell.wait().unwrap().success(), "{text}");
}

//! An agent whose file names no core, on a network that this test has for itself.

use crate::agent::{Agent, PANEL};
use eg_discovery::{Announced, Announcement, Network};
use std::net::{Ipv4Addr, TcpListener};
use std::process::Command;

/// Set for the test that runs inside the network.
const INSIDE: &str = "EG_TEST_INSIDE";

/// Runs this very test again in a network namespace of its own, with nothing in it but the machine itself; `false` where
/// the machine does not let it.
fn runs_inside(test: &str) -> bool {
    let own = std::env::current_exe().unwrap();
    let tried = Command::new("unshare").args(["-rn", "true"]).status();
    if !tried.is_ok_and(|status| status.success()) {
        println!("skipped: this machine gives nobody a network namespace");
        return false;
    }
    let script = "ip link set lo up && exec \"$0\" --exact --nocapture \"$1\"";
    let inside = ["-rn", "sh", "-c", script].map(std::ffi::OsString::from);
    let mut command = Command::new("unshare");
    let done = command.args(inside).arg(own).arg(test).env(INSIDE, "1").output().unwrap();
    let said = [done.stdout, done.stderr].concat();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&said));
    true
}

fn announce(id: &str, port: u16) -> Announcement {
    let core = Announced { id: id.to_owned(), port, tls: false, version: "1".to_owned() };
    Announcement::start(&core, Network::of(Ipv4Addr::UNSPECIFIED.into())).unwrap()
}

#[test]
fn finds_the_only_core_and_takes_none_of_several() {
    if std::env::var_os(INSIDE).is_none() {
        runs_inside("discovering::finds_the_only_core_and_takes_none_of_several");
        return;
    }
    let broker = TcpListener::bind("127.0.0.1:0").unwrap();
    let _one = announce("core-01", broker.local_addr().unwrap().port());
    let two = announce("core-02", 9);

    let agent = Agent::start_with(|_, folder| {
        let outbox = folder.join("outbox.db");
        let head = format!("slot: slot-01\nhal: sim\noutbox: {}\n", outbox.display());
        std::fs::write(folder.join("slot-01.yaml"), format!("{head}devices:{PANEL}")).unwrap();
    });
    let page = agent.page_with("several cores announce themselves");
    drop(two);
    let (_agent, from) = broker.accept().unwrap();

    assert!(page.contains("core-01 (") && page.contains("core-02 ("), "{page}");
    assert!(from.ip().is_loopback());
}

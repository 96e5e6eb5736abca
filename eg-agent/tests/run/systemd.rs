//! Notices of the agent to systemd (sd_notify(3)).

use crate::agent::Agent;
use rustix::process::Signal;
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

/// The socket that systemd would listen on.
struct Manager {
    socket: UnixDatagram,
    _folder: tempfile::TempDir,
}

impl Manager {
    /// An agent that this one manages; it wants to hear of it once in `watchdog` microseconds.
    fn start(watchdog: Option<u32>) -> (Self, Agent) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let agent = Agent::start_with(|command, _| {
            command.env("NOTIFY_SOCKET", &path);
            watchdog.map(|micros| command.env("WATCHDOG_USEC", micros.to_string()));
        });
        (Self { socket, _folder: folder }, agent)
    }

    fn hears(&self) -> String {
        let mut told = [0; 256];
        let length = self.socket.recv(&mut told).unwrap();
        String::from_utf8(told[..length].to_vec()).unwrap()
    }
}

#[test]
fn systemd_hears_when_it_is_ready_reloads_and_stops() {
    let (manager, agent) = Manager::start(None);

    let ready = manager.hears();
    agent.signal(Signal::HUP);
    let reloading = manager.hears();
    let again = manager.hears();
    agent.signal(Signal::TERM);
    let stopping = manager.hears();

    assert_eq!([&*ready, &*again, &*stopping], ["READY=1\n", "READY=1\n", "STOPPING=1\n"]);
    assert!(reloading.starts_with("RELOADING=1\nMONOTONIC_USEC="), "{reloading}");
    assert!(agent.wait().success());
}

#[test]
fn systemd_hears_that_those_who_read_the_inputs_live() {
    let (manager, _agent) = Manager::start(Some(200_000));

    let told = [manager.hears(), manager.hears(), manager.hears()];

    assert_eq!(told, ["READY=1\n", "WATCHDOG=1\n", "WATCHDOG=1\n"]);
}

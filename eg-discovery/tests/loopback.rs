//! Cores and agents meet on this machine, by the real protocol on ports of their own.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use eg_discovery::{Announced, Announcement, Network, Search, look_around};
use std::net::{Ipv4Addr, UdpSocket};

/// The machine itself, on a port that no other test has.
fn network() -> Network {
    let port = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    Network { listen: Ipv4Addr::LOCALHOST.into(), port }
}

fn announce(id: &str, port: u16, network: Network) -> Announcement {
    let core = Announced { id: id.to_owned(), port, tls: port == 8883, version: "1".to_owned() };
    Announcement::start(&core, network).unwrap()
}

#[tokio::test]
async fn a_core_that_announces_itself_is_found_with_its_port() {
    let network = network();
    let _core = announce("core-01", 8883, network);

    let search = Search::start(network).unwrap();
    let mut seen = search.watch();
    seen.wait_for(|seen| seen.core().is_ok()).await.unwrap();

    let seen = seen.borrow();
    let core = seen.core().unwrap();
    assert_eq!((&*core.name, core.port, core.tls), ("core-01", 8883, true));
    assert_eq!(core.address, Ipv4Addr::LOCALHOST);
}

#[tokio::test]
async fn of_two_cores_none_is_taken_until_one_takes_its_leave() {
    let network = network();
    let _one = announce("core-01", 1883, network);
    let two = announce("core-02", 2883, network);
    let search = Search::start(network).unwrap();
    let mut seen = search.watch();

    seen.wait_for(|seen| seen.cores().count() == 2).await.unwrap();
    let why = seen.borrow().core().unwrap_err().to_owned();
    tokio::task::spawn_blocking(move || drop(two)).await.unwrap();
    seen.wait_for(|seen| seen.core().is_ok()).await.unwrap();

    assert!(why.contains("core-01") && why.contains("core-02"), "{why}");
    assert_eq!(seen.borrow().core().unwrap().name, "core-01");
}

#[tokio::test]
async fn whoever_looks_around_sees_every_core() {
    let network = network();
    let _cores = [announce("core-01", 1, network), announce("core-02", 2, network)];

    let seen = look_around(network).await.unwrap();

    assert_eq!(seen.iter().map(|core| core.port).collect::<Vec<_>>(), [1, 2]);
}

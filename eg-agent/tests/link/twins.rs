//! Two machines of one name, as a copied card makes them.

use crate::broker::Mosquitto;
use crate::core::Core;
use crate::player::Player;

#[tokio::test]
async fn two_machines_of_one_name_tell_of_each_other_and_lose_no_press() {
    let broker = Mosquitto::start();
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let mut core = Core::start(broker.port).await;
    let one = Player::start(broker.port, folders[0].path()).await;
    let two = Player::start(broker.port, folders[1].path()).await;

    core.during(one.play_times(3)).await;
    core.during(two.play_times(3)).await;
    core.during(one.see(|state| state.twin)).await;
    core.during(two.see(|state| state.twin)).await;
    core.until(|core| core.releases() == 6).await;

    for player in [&one, &two] {
        core.during(player.see(|state| state.outbox.waiting == 0)).await;
        let state = player.slot.watch().borrow().clone();
        assert_eq!(state.outbox.error(), None, "no row was given up");
    }
    core.during(two.slot.stop()).await;
    core.during(one.see(|state| state.disconnected.is_none())).await;
}

#[tokio::test]
async fn one_machine_that_is_started_again_is_no_other() {
    let (mut broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    for _ in 0..3 {
        let player = Player::start(broker.port, folder.path()).await;
        core.during(player.settled()).await;
        core.during(player.slot.stop()).await;
    }

    let player = Player::start(broker.port, folder.path()).await;
    core.during(player.settled()).await;
    broker.kill();
    core.during(player.see(|state| state.disconnected.is_some())).await;
    broker.start_again();
    core.during(player.see(|state| state.disconnected.is_none())).await;
    core.during(player.play("a")).await;
    core.during(player.see(|state| state.outbox.waiting == 0)).await;

    assert!(!player.slot.watch().borrow().twin);
}

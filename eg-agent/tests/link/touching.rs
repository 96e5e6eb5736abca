//! Inputs of real boards, touched on the slot's own screen.

use crate::broker::Mosquitto;
use crate::core::Core;
use crate::player;
use crate::soon;
use eg_agent::slot::{Slot, StartOptions};
use eg_proto::{EventKind, Source};
use tokio::runtime::Handle;

/// Starts the slot on real wires, which this machine does not have: its boards are lost, its screen is not.
fn start(port: u16, folder: &std::path::Path, more: &str) -> eg_agent::slot::RunningSlot {
    let text = player::text(port, folder).replace("hal: sim", &format!("hal: linux\n{more}"));
    Slot::start_with(player::read(&text), StartOptions::default(), &Handle::current()).unwrap()
}

#[tokio::test]
async fn a_finger_on_the_screen_presses_a_real_board_once_and_says_that_it_was_no_button() {
    let folder = tempfile::tempdir().unwrap();
    let broker = Mosquitto::start();
    let mut core = Core::start(broker.port).await;
    let slot = start(broker.port, folder.path(), "page: { touch: true }");
    let panel = slot.touch_panel().expect("the file says touch");
    let (board, a) = ("panel".parse().unwrap(), "a".parse().unwrap());
    assert!(panel.takes(&board, &a));
    assert!(!panel.takes(&"reader".parse().unwrap(), &"tag".parse().unwrap()));

    // The outbox may make it wait, which no task may.
    let touching = tokio::task::spawn_blocking(move || {
        for down in [true, true, false] {
            panel.touch(&board, &a, down).unwrap();
        }
    });
    soon(touching).await.unwrap();
    core.until(|core| core.releases() == 1).await;

    assert_eq!(core.played(), [EventKind::Press, EventKind::Release], "a second finger is none");
    assert!(core.stored.values().flatten().all(|event| event.t.src == Source::Synthetic));
    slot.stop().await;
}

#[tokio::test]
async fn without_the_setting_nobody_touches_a_real_board() {
    let folder = tempfile::tempdir().unwrap();
    let broker = Mosquitto::start();

    let slot = start(broker.port, folder.path(), "");

    assert!(slot.touch_panel().is_none());
    slot.stop().await;
}

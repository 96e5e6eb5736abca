//! A file that changes while people play.

use crate::broker::Mosquitto;
use crate::core::Core;
use crate::player::{Player, read, text};
use eg_agent::slot::SlotState;
use eg_proto::{DeviceName, EventKind, Hello, InputName, InputStatus, Set, Topic, decode};
use std::path::Path;

/// A slot that plays, and the core that hears it.
struct Night {
    _broker: Mosquitto,
    core: Core,
    player: Player,
    text: String,
    panel: DeviceName,
    a: InputName,
}

impl Night {
    async fn start(folder: &Path) -> Self {
        let broker = Mosquitto::start();
        let mut core = Core::start(broker.port).await;
        let player = Player::start(broker.port, folder).await;
        core.during(player.settled()).await;
        let text = text(broker.port, folder);
        let (panel, a) = ("panel".parse().unwrap(), "a".parse().unwrap());
        Self { _broker: broker, core, player, text, panel, a }
    }

    async fn press_and_reload(&mut self, text: &str) {
        self.player.slot.press(&self.panel, &self.a).unwrap();
        self.core.during(self.player.see(pressed)).await;
        self.player.slot.reload(read(text)).await.unwrap();
    }
}

fn pressed(state: &SlotState) -> bool {
    state.devices[0].inputs[0].pressed
}

#[tokio::test]
async fn no_press_is_lost_or_doubled_while_another_device_is_swapped() {
    let folder = tempfile::tempdir().unwrap();
    let Night { mut core, mut player, text, panel, a, _broker } = Night::start(folder.path()).await;
    let (hands, mut state) = (player.slot.simulated_inputs().unwrap().clone(), player.slot.watch());

    let playing = async {
        for _ in 0..150 {
            hands.press(&panel, &a).unwrap();
            state.wait_for(pressed).await.unwrap();
            hands.release(&panel, &a).unwrap();
            state.wait_for(|state| !pressed(state)).await.unwrap();
        }
    };
    let swapping = async {
        for round in 1..=20 {
            let other = read(&text.replace("quiet: 0s", &format!("quiet: {round}s")));
            let swap = player.slot.reload(other).await.unwrap();
            assert_eq!((swap.kept.len(), swap.changed.len()), (1, 1));
        }
    };
    core.during(async { tokio::join!(playing, swapping) }).await;
    core.until(|core| core.releases() == 150).await;

    assert_eq!((core.presses(), core.releases()), (150, 150));
    assert_eq!(core.boots.len(), 1, "one row of numbers, and the core insists on their order");
}

#[tokio::test]
async fn a_button_that_is_held_while_its_device_is_swapped_is_pressed_and_released_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut night = Night::start(folder.path()).await;

    let other = night.text.replace("lockout: 1ms", "lockout: 2ms");
    night.press_and_reload(&other).await;
    night.core.during(night.player.see(pressed)).await;
    night.player.slot.release(&night.panel, &night.a).unwrap();
    night.core.until(|core| core.releases() == 1).await;
    night.core.during(night.player.play("a")).await;
    night.core.until(|core| core.releases() == 2).await;

    let both = [EventKind::Press, EventKind::Release];
    assert_eq!(night.core.played(), [both.clone(), both].concat());
}

#[tokio::test]
async fn a_button_that_nobody_listens_to_any_more_is_released() {
    let folder = tempfile::tempdir().unwrap();
    let mut night = Night::start(folder.path()).await;

    let other = night.text.replace("      a: {", "      c: {");
    night.press_and_reload(&other).await;
    night.core.until(|core| core.releases() == 1).await;

    assert_eq!(night.core.played(), [EventKind::Press, EventKind::Release]);
}

#[tokio::test]
async fn the_core_learns_of_other_devices_at_once_and_they_of_the_link() {
    let folder = tempfile::tempdir().unwrap();
    let Night { mut core, mut player, text, _broker, .. } = Night::start(folder.path()).await;
    core.heard.clear();

    let bell = "  bell:\n    driver: relay\n    config: { outputs: [GPIO20] }\n";
    let output = "    outputs:\n      bell: { channel: 0, safe_after: 0s }\n";
    player.slot.reload(read(&format!("{text}{bell}{output}"))).await.unwrap();
    // They travel in one connection, but the order in which they are told is not promised.
    let ready = |core: &Core| {
        let said = core.last(Topic::InputStatus).unwrap_or_default();
        let status = said.contains("\"bell\"") && said.contains("\"online\"");
        status && core.last(Topic::Hello).is_some_and(|hello| hello.contains("\"bell\""))
    };
    core.until(ready).await;

    let hello: Hello = decode(core.last(Topic::Hello).unwrap().as_bytes()).unwrap();
    let status: InputStatus = decode(core.last(Topic::InputStatus).unwrap().as_bytes()).unwrap();
    let names: Vec<&str> = hello.devices.iter().map(|device| device.name.as_str()).collect();
    assert_eq!(names, ["panel", "reader", "bell"]);
    assert_eq!((status.devices.len(), status.led_count), (3, 3));
    // Were it not told of the link, it would be back at its safe state at once.
    player.slot.set_output(&"bell".parse().unwrap(), &"bell".parse().unwrap(), Set::On).await;
    core.until(|core| core.last(Topic::Leds).is_some_and(|said| said.contains(",true]"))).await;
    assert!(Player::is_on(&player.slot.watch().borrow(), "bell"));
}

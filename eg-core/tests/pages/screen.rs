//! Slot whose boards are simulated, with its agent in the test, at a core of the test.

use crate::venue::Venue;
use eg_agent::config::{Overrides, read_slot};
use eg_agent::page::{self, PageOptions, ServedPage};
use eg_agent::slot::{RunningSlot, Slot};
use eg_config::Source;
use eg_core::engine::command::Command;
use serde_json::{Map, Value};
use tempfile::TempDir;
use tokio::runtime::Handle;

/// Slot with its page.
pub(crate) struct Screen {
    slot: RunningSlot,
    page: ServedPage,
    _folder: TempDir,
}

impl Screen {
    /// Starts the agent of `slot-01` at the core of a venue, which has adopted it. Its panel has buttons a to d.
    pub(crate) async fn open(venue: &Venue) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let yaml = format!(
            "slot: slot-01
core: {{ host: 127.0.0.1, port: {} }}
hal: sim
outbox: {}
devices:
  panel:
    driver: button-row
    config: {{ inputs: [GPIO5, GPIO6, GPIO13, GPIO19] }}
    inputs: {{ a: {{ channel: 0 }}, b: {{ channel: 1 }}, c: {{ channel: 2 }}, d: {{ channel: 3 }} }}
",
            venue.mqtt(),
            folder.path().join("outbox.db").display(),
        );
        let config = read_slot(Source::text("slot.yaml", yaml), &Overrides::default());
        let config = config.unwrap_or_else(|problems| panic!("{problems}"));
        let digest = config.secret.open().unwrap().digest();
        venue.access().enlist(&config.slot, digest, None, "", "test").unwrap();
        let slot = Slot::start(config, &Handle::current()).unwrap();
        let inputs = slot.simulated_inputs().ok().cloned();
        let options = PageOptions { inputs, ..PageOptions::default() };
        let address = ([127, 0, 0, 1], 0).into();
        let page = page::serve(address, slot.watch(), options).await.unwrap();
        Self { slot, page, _folder: folder }
    }

    /// The address of the players' page.
    pub(crate) fn address(&self) -> String {
        format!("http://{}/", self.page.address)
    }

    /// Presses a button of the panel, and lets it go.
    pub(crate) fn press(&self, input: &str) {
        let (panel, input) = ("panel".parse().unwrap(), input.parse().unwrap());
        self.slot.press(&panel, &input).unwrap();
        self.slot.release(&panel, &input).unwrap();
    }

    pub(crate) async fn close(self) {
        self.page.stop().await;
        self.slot.stop().await;
    }
}

/// Act in the room of a venue.
pub(crate) fn act(name: &str, args: Value) -> Command {
    let args: Map<String, Value> = serde_json::from_value(args).unwrap();
    let (room, name) = ("main".parse().unwrap(), name.to_owned());
    Command::Act { room, name, args, reason: Some("test".to_owned()) }
}

/// Start of a game in the room of a venue, with these settings.
pub(crate) fn start(game: &str, config: Value) -> Command {
    let (room, game) = ("main".parse().unwrap(), Some(game.to_owned()));
    Command::Start { room, game, config: Some(config), reason: Some("test".to_owned()) }
}

//! Core with its pages, in a folder of its own, that can be stopped and started again.

use crate::browser::{Browser, ENTER};
use crate::held_port::HeldPort;
use crate::players::{SLOTS, secret};
use eg_config::Source;
use eg_core::access::Access;
use eg_core::clock::SteadyClock;
use eg_core::config::{CoreConfig, Environment};
use eg_core::engine::command::{Actor, Command};
use eg_core::server::Server;
use std::collections::BTreeMap;
use std::sync::Arc;
use tempfile::TempDir;

const PASSWORD: &str = "correct-horse";

const ROOM: &str = r#"
ports: { mqtt: 0, websocket: 0, api: 0, page: 0 }
rooms:
  main:
    slots: [slot-01, slot-02, slot-03]
    game: night-vote
    hint_time: 2m
    hint_aloud: true
    hints:
      - { group: Candles, label: First, text: "Count the candles" }
      - { group: Candles, text: "Six of them are lit" }
      - { group: Safe, label: Mat, text: { fr: "Regardez sous le tapis", en: "Look under the carpet" } }
    config:
      secrecy: live
      grace: 0s
      steps:
        - { question: "Who leaves the village?", options: [Ada, Bob] }
"#;

/// Core of one test. Its folder and its ports stay while the core is stopped.
pub(crate) struct Venue {
    config: CoreConfig,
    running: Option<Server>,
    _held: [HeldPort; 3],
    _folder: TempDir,
}

impl Venue {
    pub(crate) fn open() -> Self {
        Self::of(ROOM)
    }

    /// Opens a core with these settings; its ports are chosen here.
    pub(crate) fn of(yaml: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let said = BTreeMap::from([
            ("EG_OPERATOR_PASSWORD".to_owned(), PASSWORD.to_owned()),
            ("DB_PATH".to_owned(), folder.path().join("eg.db").display().to_string()),
        ]);
        let environment = Environment::of(&said).unwrap();
        let source = Source::text("core.yaml", yaml);
        let mut config = CoreConfig::from_source(&source, &environment).unwrap();
        let held = [HeldPort::take(), HeldPort::take(), HeldPort::take()];
        [config.ports.mqtt, config.ports.page, config.ports.api] =
            [held[0].number, held[1].number, held[2].number];
        let mut venue = Self { config, running: None, _held: held, _folder: folder };
        venue.light();
        let access = venue.access();
        for slot in SLOTS {
            let (id, digest) = (slot.parse().unwrap(), secret(slot).digest());
            access.enlist(&id, digest, None, "", "test").unwrap();
        }
        venue
    }

    /// Starts the core, each time on the same ports.
    pub(crate) fn light(&mut self) {
        let house = Server::open(&self.config, Arc::new(SteadyClock::default())).unwrap();
        self.running = Some(house);
    }

    /// Returns the identities of the slots.
    pub(crate) fn access(&self) -> Arc<Access> {
        self.running.as_ref().unwrap().core().access()
    }

    /// Carries out a command, as the operator's page would.
    pub(crate) async fn ask(&self, command: Command) {
        let handle = self.running.as_ref().unwrap().core().handle();
        handle.ask(Actor("operator".to_owned()), command).await.unwrap();
    }

    /// Stops the core.
    pub(crate) fn dark(&mut self) {
        self.running = None;
    }

    pub(crate) fn page(&self) -> String {
        format!("http://127.0.0.1:{}", self.config.ports.page)
    }

    pub(crate) fn mqtt(&self) -> u16 {
        self.config.ports.mqtt
    }

    /// Opens a browser in which the operator has signed in by keyboard.
    pub(crate) async fn operator(&self, language: &str) -> Browser {
        let browser = Browser::open(language).await;
        browser.go(&self.page()).await;
        browser.until("location.pathname === '/login'").await;
        browser.types(PASSWORD).await;
        browser.keys([ENTER]).await;
        browser.until("location.pathname === '/' && document.querySelector('[id^=room-]')").await;
        browser
    }
}

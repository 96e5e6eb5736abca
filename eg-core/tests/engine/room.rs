//! Test room: an engine, its clock, its files, and slots that number their presses.

use eg_config::Source;
use eg_core::clock::{Clock, StoppedClock};
use eg_core::config::{CoreConfig, Environment, Seeds};
use eg_core::engine::command::{Actor, Command, Refused, Request};
use eg_core::engine::handle::Handle;
use eg_core::engine::read_model::{ReadModel, Session};
use eg_core::engine::{Committed, Engine, replay};
use eg_core::ingest::{Arrival, BrokerNews, Delivery};
use eg_core::journal::Entry;
use eg_core::journal::{Durability, Journal, Reader};
use eg_game::Widget;
use eg_proto::{
    Boot, DeviceHello, Event, EventKind, EventTime, Hello, InputName, Presence, RoomId, SlotId,
    Timestamp,
};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::process::Command as Process;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::oneshot;

pub(crate) const START: Timestamp = Timestamp(1_764_000_000_000_000);

pub(crate) fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(crate) fn slot(number: usize) -> SlotId {
    SlotId::new(format!("slot-{number:02}")).unwrap()
}

pub(crate) fn main_room() -> RoomId {
    RoomId::new("main").unwrap()
}

/// Builds the settings of a room of `slots` slots, with a night of the given `config`.
pub(crate) fn night(slots: usize, config: &str) -> String {
    let slots: Vec<_> = (1..=slots).map(|number| slot(number).to_string()).collect();
    let slots = slots.join(", ");
    format!("rooms: {{ main: {{ slots: [{slots}], game: night-vote, config: {config} }} }}")
}

/// Folder of a journal. When it is dropped, every session in it is replayed: whatever a test does, its journal tells
/// the same again.
struct Folder(TempDir);

impl Drop for Folder {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        // A test may have left something that is no journal any more.
        let Ok(journal) = Reader::open(self.0.path().join("eg.db")) else { return };
        for session in journal.sessions(usize::MAX).unwrap() {
            let record = journal.record(session.id).unwrap().unwrap();
            if let Err(difference) = replay(&record) {
                panic!("{difference}");
            }
        }
    }
}

pub(crate) struct Room {
    pub(crate) config: CoreConfig,
    pub(crate) clock: Arc<StoppedClock>,
    pub(crate) engine: Engine,
    pub(crate) handle: Handle,
    folder: Folder,
    boots: BTreeMap<SlotId, Boot>,
}

impl Room {
    pub(crate) fn open(yaml: &str) -> Self {
        Self::with(yaml, &Environment::default())
    }

    pub(crate) fn with(yaml: &str, environment: &Environment) -> Self {
        Self::build(yaml, environment, Durability::Normal)
    }

    /// Opens a room whose journal is on disk before anything is acknowledged, as outside of tests.
    pub(crate) fn durable(yaml: &str) -> Self {
        Self::build(yaml, &Environment::default(), Durability::Full)
    }

    fn build(yaml: &str, environment: &Environment, durability: Durability) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let source = Source::text("core.yaml", yaml);
        let mut config = CoreConfig::from_source(&source, environment).unwrap();
        config.db = folder.path().join("eg.db");
        config.durability = durability;
        config.sessions.seeds = Seeds::From(1);
        let clock = Arc::new(StoppedClock::at(START));
        let (engine, handle) = engine(&config, &clock);
        let boots = BTreeMap::new();
        Self { config, clock, engine, handle, folder: Folder(folder), boots }
    }

    /// Kills the core and starts another at once, which finds the files as they were at that moment.
    pub(crate) fn crash(&mut self) {
        let found = self.copy();
        self.move_to(found);
    }

    /// Stops the core, archives everything that is over, and starts another core. Returns the command's output.
    pub(crate) fn archive(&mut self) -> String {
        let found = self.copy();
        let mut command = Process::new(env!("CARGO_BIN_EXE_eg-core"));
        command.args(["archive", "--older", "1s"]).env("DB_PATH", found.path().join("eg.db"));
        let done = command.output().unwrap();
        let said = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
        assert!(done.status.success(), "{said}");
        self.move_to(found);
        said
    }

    /// Copies the files as they are at this moment.
    pub(crate) fn copy(&self) -> TempDir {
        let found = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(self.folder()).unwrap() {
            let file = file.unwrap();
            if file.file_type().unwrap().is_file() {
                std::fs::copy(file.path(), found.path().join(file.file_name())).unwrap();
            }
        }
        found
    }

    fn move_to(&mut self, found: TempDir) {
        self.config.db = found.path().join("eg.db");
        (self.engine, self.handle) = engine(&self.config, &self.clock);
        self.folder = Folder(found);
    }

    /// Does the same as [`crash`](Self::crash), with the next start `outage` later.
    pub(crate) fn crash_for(&mut self, outage: Duration) {
        self.clock.pass(outage);
        self.crash();
    }

    /// Connects the core to the broker.
    pub(crate) fn connect(&mut self) -> Committed {
        self.arrive([Arrival::Broker(BrokerNews::Connected)])
    }

    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.0.path()
    }

    /// Lets time pass, and runs a round whenever one is due.
    pub(crate) fn pass(&mut self, span: Duration) {
        let end = self.clock.now() + span;
        while let Some(due) = self.engine.deadline().filter(|due| *due <= end) {
            self.clock.pass(due.since(self.clock.now()));
            self.engine.round(Vec::new(), Vec::new());
        }
        self.clock.pass(end.since(self.clock.now()));
        self.engine.round(Vec::new(), Vec::new());
    }

    pub(crate) fn clock_now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn clock_passes_without_a_round(&mut self, span: Duration) {
        self.clock.pass(span);
    }

    /// Builds the event of a press as it would arrive.
    pub(crate) fn event(&mut self, number: usize, seq: u64, input: &str) -> Arrival {
        let slot = slot(number);
        let boot = *self.boots.entry(slot.clone()).or_insert_with(|| Boot(ulid::Ulid::new()));
        Arrival::Event(slot, Box::new(self.press_of(boot, seq, input)))
    }

    /// Builds the event of a release as it would arrive.
    pub(crate) fn release(&mut self, number: usize, seq: u64, input: &str) -> Arrival {
        let mut arrival = self.event(number, seq, input);
        if let Arrival::Event(_, event) = &mut arrival {
            event.kind = EventKind::Release;
        }
        arrival
    }

    /// Builds the event of a press at the first slot, after a new start of its agent.
    pub(crate) fn press_anew(&self) -> Arrival {
        Arrival::Event(slot(1), Box::new(self.press_of(Boot(ulid::Ulid::new()), 1, "a")))
    }

    fn press_of(&self, boot: Boot, seq: u64, input: &str) -> Event {
        let t = EventTime {
            core_us: Some(self.clock.now()),
            unc_us: 300,
            src: eg_proto::Source::Kernel,
            core: None,
        };
        Event {
            boot,
            seq,
            device: "panel".parse().unwrap(),
            input: InputName::new(input).unwrap(),
            kind: EventKind::Press,
            t,
            late: false,
            sim: true,
        }
    }

    /// Delivers these arrivals, each in a message of its own, in one round.
    pub(crate) fn arrive(&mut self, arrivals: impl IntoIterator<Item = Arrival>) -> Committed {
        let at = self.clock.now();
        let delivery = |arrival| Delivery { at, what: vec![arrival], token: None };
        let came = arrivals.into_iter().map(delivery).collect();
        let round = self.engine.round(came, Vec::new());
        self.engine.publish();
        round
    }

    /// Delivers a press of a slot.
    pub(crate) fn press(&mut self, number: usize, seq: u64, input: &str) -> Committed {
        let event = self.event(number, seq, input);
        self.arrive([event])
    }

    /// Brings a slot online and delivers its hello.
    pub(crate) fn greet(&mut self, number: usize) {
        let device = DeviceHello {
            name: "panel".parse().unwrap(),
            driver: "button-row".to_owned(),
            inputs: ["a", "b", "c"].map(|name| InputName::new(name).unwrap()).into(),
            outputs: vec!["lamp-a".parse().unwrap(), "lock".parse().unwrap()],
            kinds: None,
            version: None,
        };
        let hello = Hello {
            kind: "slot".to_owned(),
            version: "0.1.0".to_owned(),
            ts: None,
            boot: None,
            devices: vec![device],
            agent: None,
        };
        let hello = Arrival::Hello(slot(number), Box::new(hello));
        self.arrive([Arrival::Presence(slot(number), Presence::Online), hello]);
    }

    /// Cuts a slot off.
    pub(crate) fn leave(&mut self, number: usize) {
        self.arrive([Arrival::Presence(slot(number), Presence::Offline)]);
    }

    pub(crate) fn ask(&mut self, by: Actor, command: Command) -> (Result<i64, Refused>, Committed) {
        let (reply, mut answered) = oneshot::channel();
        let round = self.engine.round(Vec::new(), vec![Request { by, command, reply }]);
        (answered.try_recv().unwrap().map(|receipt| receipt.number), round)
    }

    pub(crate) fn start(&mut self) -> Result<i64, Refused> {
        self.start_game(None, None)
    }

    pub(crate) fn start_game(
        &mut self,
        game: Option<&str>,
        config: Option<Value>,
    ) -> Result<i64, Refused> {
        self.start_because(game, config, None)
    }

    pub(crate) fn start_because(
        &mut self,
        game: Option<&str>,
        config: Option<Value>,
        reason: Option<&str>,
    ) -> Result<i64, Refused> {
        let (room, game, by) = (main_room(), game.map(str::to_owned), operator());
        let reason = reason.map(str::to_owned);
        self.ask(by, Command::Start { room, game, config, reason }).0
    }

    pub(crate) fn roll_call(&mut self, on: bool) -> Result<(), Refused> {
        let (room, by) = (main_room(), operator());
        self.ask(by, Command::RollCall { room, on }).0.map(drop)
    }

    /// Sends a command of the operator's.
    pub(crate) fn command(&mut self, command: Command) -> Result<i64, Refused> {
        self.ask(operator(), command).0
    }

    pub(crate) fn act(&mut self, name: &str, args: Value) -> Result<i64, Refused> {
        self.act_round(name, args).0
    }

    /// Does the same as [`act`](Self::act), and returns the output of the round too.
    pub(crate) fn act_round(
        &mut self,
        name: &str,
        args: Value,
    ) -> (Result<i64, Refused>, Committed) {
        let args: Map<String, Value> = serde_json::from_value(args).unwrap();
        let (room, name, by) = (main_room(), name.to_owned(), operator());
        let reason = Some("a test".to_owned());
        self.ask(by, Command::Act { room, name, args, reason })
    }

    pub(crate) fn state(&mut self) -> Arc<ReadModel> {
        self.engine.publish();
        self.handle.state()
    }

    pub(crate) fn session(&mut self) -> Session {
        self.state().rooms[&main_room()].session.clone().unwrap()
    }

    /// Returns the number of votes, and the number that is expected.
    pub(crate) fn turnout(&mut self) -> (u32, u32) {
        let turnout = |part: &Widget| {
            let Widget::Turnout { votes, expected, .. } = part else { return None };
            Some((*votes, *expected))
        };
        self.session().operator.parts.iter().find_map(turnout).unwrap()
    }

    pub(crate) fn reader(&self) -> Reader {
        self.engine.journal().reader()
    }

    /// Returns every entry of the journal.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.reader().entries(0, 100_000).unwrap()
    }

    pub(crate) fn entries_of(&self, kind: &str) -> Vec<Entry> {
        self.entries().into_iter().filter(|entry| entry.kind.word() == kind).collect()
    }
}

pub(crate) fn operator() -> Actor {
    Actor("operator".to_owned())
}

fn engine(config: &CoreConfig, clock: &Arc<StoppedClock>) -> (Engine, Handle) {
    let journal = Journal::open(&config.db, config.durability).unwrap();
    let clock: Arc<dyn Clock> = clock.clone();
    let (engine, handle, _) = Engine::open(config, journal, clock).unwrap();
    (engine, handle)
}

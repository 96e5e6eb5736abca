//! One running slot: its devices, its outbox and its link, wired together.

pub use crate::hands::{Hands, TouchError};
pub use crate::state::{DeviceView, InputView, OutputView, SlotState, Status};

use crate::config::{Hal, SlotConfig};
use crate::core_clock::CoreClock;
use crate::host::{Order, Outcome, Place, Running, Sinks};
use crate::link::{Link, Parts};
use crate::outbox::{Limits, Outbox, Settings};
use crate::state::Board;
use eg_config::Problems;
use eg_hal::backend::Backend;
use eg_hal::backend::linux::Linux;
use eg_hal::sim::{Bench, Poke};
use eg_hal::{Claims, clock};
use eg_mqtt::OptionsError;
use eg_proto::{Boot, DeviceName, InputName, OutputName, Set};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{oneshot, watch};
use tokio::time::timeout;

/// How long a slot waits for its devices when it stops; a driver that hangs is left behind.
const STOP_LIMIT: Duration = Duration::from_secs(3);

/// Starts slots.
#[derive(Debug)]
pub struct Slot;

/// Why a slot did not start. A missing board, broker or disk is no such reason: those are shown and tried again.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The slot's file does not fit its drivers.
    #[error(transparent)]
    File(#[from] Problems),
    /// No broker would take the slot's settings.
    #[error(transparent)]
    Link(#[from] OptionsError),
    /// The system has no thread or descriptor left.
    #[error("cannot start the slot's threads: {0}")]
    System(#[from] io::Error),
    /// This agent was built without it.
    #[error("this agent has no hal: {wanted}; it has linux and sim")]
    NoHal {
        /// What the file wants.
        wanted: &'static str,
    },
}

/// A running slot. [`stop`](Self::stop) ends it in good order; dropping it cuts the connection, and the broker tells
/// that it is offline.
#[derive(Debug)]
pub struct RunningSlot {
    // Dropped in this order: first nothing comes in any more, last the outbox writes what it has.
    devices: Vec<(DeviceName, Running)>,
    link: Option<Link>,
    hands: Option<Hands>,
    board: Board,
    outbox: Outbox,
}

impl Slot {
    /// Starts the slot's threads, and its link on `runtime`. Several slots may share one runtime.
    ///
    /// # Errors
    /// [`StartError`]: nothing runs then.
    pub fn start(config: SlotConfig, runtime: &Handle) -> Result<RunningSlot, StartError> {
        Self::start_with(config, Limits::default(), runtime)
    }

    /// As [`start`](Self::start), with an outbox of another size.
    ///
    /// # Errors
    /// As for [`start`](Self::start).
    pub fn start_with(
        config: SlotConfig,
        limits: Limits,
        runtime: &Handle,
    ) -> Result<RunningSlot, StartError> {
        let config = Arc::new(config);
        let (backend, hands) = open_hal(&config)?;
        let (boot, clock) = (Boot(ulid::Ulid::new()), CoreClock::default());
        let board = Board::new(&config, boot, backend.simulated(), clock::now());
        let settings = Settings { path: config.outbox.clone(), boot, limits, clock: clock.clone() };
        let reported = board.clone();
        let outbox = Outbox::start(settings, move |health| reported.outbox(health))?;
        let claims = Claims::default();
        let mut devices = Vec::new();
        for (place, device) in config.devices.iter().enumerate() {
            let sinks = Sinks { intake: outbox.intake(), board: board.clone(), place };
            let at = Place {
                config: device.clone(),
                file: Arc::clone(&config.source),
                holder: format!("{}/{}", config.slot, device.name),
                backend: Arc::clone(&backend),
                claims: claims.clone(),
            };
            devices.push((device.name.clone(), Running::start(at, sinks)?));
        }
        let mailboxes =
            devices.iter().map(|(name, device)| (name.clone(), device.mailbox().clone())).collect();
        let parts = Parts {
            config,
            board: board.clone(),
            clock,
            mailboxes: Arc::new(mailboxes),
            hands: hands.clone(),
            testing: Arc::default(),
        };
        let link = Some(Link::start(parts, outbox.outlet(), runtime)?);
        Ok(RunningSlot { devices, link, hands, board, outbox })
    }
}

fn open_hal(config: &Arc<SlotConfig>) -> Result<(Arc<dyn Backend>, Option<Hands>), StartError> {
    match config.hal {
        Hal::Linux => Ok((Arc::new(Linux::new()), None)),
        Hal::Sim => {
            let bench = Bench::live();
            let hands = Hands::new(Arc::clone(config), &bench)?;
            Ok((Arc::new(bench), Some(hands)))
        }
        Hal::Rppal => Err(StartError::NoHal { wanted: "rppal" }),
    }
}

impl RunningSlot {
    /// What the slot is doing, now and from now on.
    pub fn watch(&self) -> watch::Receiver<SlotState> {
        self.board.watch()
    }

    /// Hands at its boards, to be given to the page or to players.
    ///
    /// # Errors
    /// [`TouchError::Real`] when the boards are not simulated.
    pub fn hands(&self) -> Result<&Hands, TouchError> {
        self.hands.as_ref().ok_or(TouchError::Real)
    }

    /// Does something to an input of a simulated board; see [`Hands::poke`].
    ///
    /// # Errors
    /// [`TouchError`].
    pub fn poke(
        &self,
        device: &DeviceName,
        input: &InputName,
        poke: &Poke,
    ) -> Result<(), TouchError> {
        self.hands()?.poke(device, input, poke)
    }

    /// Presses an input of a simulated board.
    ///
    /// # Errors
    /// [`TouchError`].
    pub fn press(&self, device: &DeviceName, input: &InputName) -> Result<(), TouchError> {
        self.hands()?.press(device, input)
    }

    /// Lets an input of a simulated board go.
    ///
    /// # Errors
    /// [`TouchError`].
    pub fn release(&self, device: &DeviceName, input: &InputName) -> Result<(), TouchError> {
        self.hands()?.release(device, input)
    }

    /// Sets an output, as a command of the core would.
    pub async fn set_output(&self, device: &DeviceName, output: &OutputName, set: Set) -> Outcome {
        let Some((_, running)) = self.devices.iter().find(|(name, _)| name == device) else {
            return Outcome::Refused(format!("no device called {device:?}"));
        };
        let (answer, outcome) = oneshot::channel();
        let (output, answer) = (output.clone(), Some(answer));
        running.mailbox().order(Order { output, set, expires: None, answer });
        outcome.await.unwrap_or_else(|_| Outcome::Refused("the device has stopped".to_owned()))
    }

    /// Brings every output to its safe state, keeps what happened, tells that the slot is offline and ends. Takes at
    /// most about ten seconds, usually none.
    pub async fn stop(mut self) {
        let devices = std::mem::take(&mut self.devices);
        devices.iter().for_each(|(_, device)| device.mailbox().stop());
        let joined = tokio::task::spawn_blocking(move || drop(devices));
        if timeout(STOP_LIMIT, joined).await.is_err() {
            tracing::error!("a device does not stop; it is left behind");
        }
        if let Some(link) = self.link.take() {
            link.stop().await;
        }
        let outbox = self.outbox;
        if tokio::task::spawn_blocking(move || drop(outbox)).await.is_err() {
            tracing::error!("the outbox panicked when it stopped");
        }
    }
}

//! One running slot: its devices, its outbox and its link, wired together.

mod start_error;

pub use start_error::StartError;

pub use crate::simulated_inputs::{SimulatedInputs, TouchError};
pub use crate::state::{DeviceView, InputView, OutputView, SlotState, Status};

use crate::config::{DeviceConfig, Hal, InputKind, SlotConfig};
use crate::core_clock::CoreClock;
use crate::host::{CommandOutcome, DeviceCommand, DeviceThread, OpenContext, Sinks, stop_all};
use crate::link::{Layout, Link, Parts};
use crate::normalize::Memory;
use crate::outbox::{Draft, Limits, Outbox, Settings};
use crate::pairing::PinnedAuthority;
use crate::reload::{ReloadError, Swap, refused, same_board};
use crate::running_file::RunningFile;
use crate::state::{Generation, SlotStatus};
use crate::touch_panel::TouchPanel;
use eg_config::Problems;
use eg_hal::backend::Backend;
use eg_hal::backend::linux::Linux;
use eg_hal::sim::{Bench, Poke};
use eg_hal::{Claims, Source, clock};
use eg_mqtt::SharedAddress;
use eg_proto::{Boot, DeviceName, Event, EventKind, InputName, OutputName, Set};
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot, watch};

/// A driver's call that takes longer hangs. The slowest that is well, a bus that times out a few times in a row, takes
/// half of that.
const HANG_TIMEOUT: Duration = Duration::from_secs(5);

/// Starts slots.
#[derive(Debug)]
pub struct Slot;

/// Bounds and listeners of a slot that is started; the default has those of an agent in a room.
#[derive(Clone, Debug)]
pub struct StartOptions {
    /// Size of the outbox.
    pub limits: Limits,
    /// Time after which a driver's call counts as hanging; 5 s by default.
    pub hang_timeout: Duration,
    /// Receives every event as soon as it has its number; an event that finds no room there is not given.
    pub events: Option<SyncSender<Event>>,
    /// Address of the core where the file names none and it is looked for.
    pub core: Option<SharedAddress>,
    /// Receives a word when the core restarts this agent; `None` where nothing would start it again.
    pub restarts: Option<mpsc::Sender<()>>,
}

impl Default for StartOptions {
    fn default() -> Self {
        let (events, core, restarts) = (None, None, None);
        Self { limits: Limits::default(), hang_timeout: HANG_TIMEOUT, events, core, restarts }
    }
}

/// A running slot. [`stop`](Self::stop) ends it in good order; dropping it cuts the connection, and the broker tells
/// that it is offline.
#[derive(Debug)]
pub struct RunningSlot {
    // Dropped in this order: first nothing comes in any more, last the outbox writes what it has.
    devices: Vec<DeviceThread>,
    link: Option<Link>,
    layout: watch::Sender<Arc<Layout>>,
    inputs: Option<SimulatedInputs>,
    opener: Opener,
    config: Arc<SlotConfig>,
    outbox: Outbox,
}

/// Backend, claims and sinks that every device of a slot is opened with.
struct Opener {
    backend: Arc<dyn Backend>,
    claims: Claims,
    sinks: Sinks,
    /// The one that was taken last.
    generation: Generation,
}

impl Slot {
    /// Starts the slot's threads, and its link on `runtime`. Several slots may share one runtime.
    ///
    /// # Errors
    /// [`StartError`]: nothing runs then.
    pub fn start(config: SlotConfig, runtime: &Handle) -> Result<RunningSlot, StartError> {
        Self::start_with(config, StartOptions::default(), runtime)
    }

    /// Starts a slot as [`start`](Self::start) does, with other bounds or a listener.
    ///
    /// # Errors
    /// As for [`start`](Self::start).
    pub fn start_with(
        config: SlotConfig,
        options: StartOptions,
        runtime: &Handle,
    ) -> Result<RunningSlot, StartError> {
        let StartOptions { limits, hang_timeout, events, core, restarts } = options;
        let config = Arc::new(config);
        let secret = Arc::new(config.secret.open()?);
        let authority = config.core.tls.then(|| PinnedAuthority::beside(config.secret.path()));
        let authority = authority.transpose()?;
        let (boot, clock) = (Boot(ulid::Ulid::new()), CoreClock::default());
        let slot_status = SlotStatus::new(config.slot.clone(), boot, config.hal == Hal::Sim);
        let (backend, bench) = open_hal(config.hal)?;
        let inputs = bench
            .map(|bench| SimulatedInputs::new(Arc::clone(&config), bench, slot_status.clone()));
        let inputs = inputs.transpose()?;
        let path = Some(config.outbox.clone());
        let settings = Settings { path, boot, limits, clock: clock.clone(), events };
        let reported = slot_status.clone();
        let outbox = Outbox::start(settings, move |health| reported.outbox(health))?;
        let sinks =
            Sinks { intake: outbox.intake(), slot_status: slot_status.clone(), hang_timeout };
        let (claims, generation) = (Claims::default(), Generation::default());
        let mut opener = Opener { backend, claims, sinks, generation };
        let devices: io::Result<Vec<_>> =
            config.devices.iter().map(|device| opener.prepare(&config, device)).collect();
        let mut devices = devices?;
        let layout = watch::Sender::new(Layout::of(&config, &devices));
        let parts = Parts {
            config: Arc::clone(&config),
            slot_status,
            secret,
            authority,
            core,
            clock,
            layout: layout.subscribe(),
            inputs: inputs.clone(),
            restarts,
            testing: Arc::default(),
        };
        opener.show(&devices);
        devices.iter_mut().for_each(|device| device.go(Memory::new()));
        let link = Some(Link::start(parts, outbox.outlet(), runtime)?);
        Ok(RunningSlot { devices, link, layout, inputs, opener, config, outbox })
    }
}

impl Opener {
    fn prepare(&mut self, config: &SlotConfig, device: &DeviceConfig) -> io::Result<DeviceThread> {
        self.generation = self.generation.next();
        let context = OpenContext::new(config, device, &self.backend, &self.claims);
        DeviceThread::prepare(context, self.generation, self.sinks.clone())
    }

    /// Shows these devices as the slot's, now.
    fn show(&self, devices: &[DeviceThread]) {
        let seated = devices.iter().map(|device| (device.config(), device.generation()));
        self.sinks.slot_status.set_devices(seated, clock::now());
    }
}

impl Layout {
    fn of(config: &Arc<SlotConfig>, devices: &[DeviceThread]) -> Arc<Self> {
        let mailbox =
            |device: &DeviceThread| (device.config().name.clone(), device.mailbox().clone());
        let mailboxes = devices.iter().map(mailbox).collect();
        Arc::new(Self { config: Arc::clone(config), mailboxes })
    }
}

/// Opens the backend of a slot's devices; gives the bench too where it is simulated.
pub(crate) fn open_hal(hal: Hal) -> Result<(Arc<dyn Backend>, Option<Bench>), StartError> {
    match hal {
        Hal::Linux => Ok((Arc::new(Linux::new()), None)),
        Hal::Sim => {
            let bench = Bench::live();
            Ok((Arc::new(bench.clone()), Some(bench)))
        }
        #[cfg(feature = "rppal")]
        Hal::Rppal => Ok((Arc::new(eg_hal::backend::rppal::Rppal::new()?), None)),
        #[cfg(not(feature = "rppal"))]
        Hal::Rppal => Err(StartError::NoRppal),
    }
}

impl RunningSlot {
    /// Subscribes to the slot's state, now and from now on.
    pub fn watch(&self) -> watch::Receiver<SlotState> {
        self.opener.sinks.slot_status.watch()
    }

    /// Returns the inputs of its simulated boards, to be touched by the page or by players.
    ///
    /// # Errors
    /// [`TouchError::Real`] when the boards are not simulated.
    pub fn simulated_inputs(&self) -> Result<&SimulatedInputs, TouchError> {
        self.inputs.as_ref().ok_or(TouchError::Real)
    }

    /// Returns the file that it goes by, for the technician's page.
    pub fn file(&self) -> RunningFile {
        RunningFile::new(self.layout.subscribe())
    }

    /// Returns the inputs of its real boards, to be touched on the slot's own screen; `None` unless the file says so.
    pub fn touch_panel(&self) -> Option<TouchPanel> {
        let Sinks { intake, slot_status, .. } = &self.opener.sinks;
        let panel =
            || TouchPanel::new(intake.clone(), slot_status.clone(), self.layout.subscribe());
        (self.config.touch && self.inputs.is_none()).then(panel)
    }

    /// Does something to an input of a simulated board; see [`SimulatedInputs::poke`].
    ///
    /// # Errors
    /// [`TouchError`].
    pub fn poke(
        &self,
        device: &DeviceName,
        input: &InputName,
        poke: &Poke,
    ) -> Result<(), TouchError> {
        self.simulated_inputs()?.poke(device, input, poke)
    }

    /// Presses an input of a simulated board.
    ///
    /// # Errors
    /// [`TouchError`].
    pub fn press(&self, device: &DeviceName, input: &InputName) -> Result<(), TouchError> {
        self.simulated_inputs()?.press(device, input)
    }

    /// Lets an input of a simulated board go.
    ///
    /// # Errors
    /// [`TouchError`].
    pub fn release(&self, device: &DeviceName, input: &InputName) -> Result<(), TouchError> {
        self.simulated_inputs()?.release(device, input)
    }

    /// Sets an output, as a command of the core would.
    pub async fn set_output(
        &self,
        device: &DeviceName,
        output: &OutputName,
        set: Set,
    ) -> CommandOutcome {
        let Some(running) = self.devices.iter().find(|known| known.config().name == *device) else {
            return CommandOutcome::Refused(format!("no device called {device:?}"));
        };
        let (answer, outcome) = oneshot::channel();
        let (output, answer) = (output.clone(), Some(answer));
        let (expires, pressed) = (None, None);
        running.mailbox().command(DeviceCommand { output, set, expires, pressed, answer });
        outcome
            .await
            .unwrap_or_else(|_| CommandOutcome::Refused("the device has stopped".to_owned()))
    }

    /// Checks a changed file for everything that this slot cannot take over while it runs.
    ///
    /// # Errors
    /// Each with its place in the file.
    pub fn accepts(&self, config: &SlotConfig) -> Result<(), Problems> {
        refused(&self.config, config).or(())
    }

    /// Swaps the devices that differ from those of a changed file. The others notice nothing: same thread, same numbers.
    ///
    /// # Errors
    /// [`ReloadError`]: everything goes on as it was.
    pub async fn reload(&mut self, config: SlotConfig) -> Result<Swap, ReloadError> {
        self.accepts(&config)?;
        let (old, config) = (Arc::clone(&self.config), Arc::new(config));
        let swap = Swap::between(&old, &config);
        let prepared: io::Result<Vec<DeviceThread>> = config
            .devices
            .iter()
            .filter(|device| !swap.kept.contains(&device.name))
            .map(|device| self.opener.prepare(&config, device))
            .collect();
        let prepared = prepared?;

        let (stay, go): (Vec<_>, Vec<_>) = std::mem::take(&mut self.devices)
            .into_iter()
            .partition(|device| swap.kept.contains(&device.config().name));
        let all = prepared.into_iter().chain(stay);
        let mut all: BTreeMap<DeviceName, DeviceThread> =
            all.map(|device| (device.config().name.clone(), device)).collect();
        let order = config.devices.iter();
        self.devices = order.filter_map(|device| all.remove(&device.name)).collect();
        // A board that nobody reads any more is not shown open: a hand at it would be missed.
        self.opener.show(&self.devices);
        let told = tokio::task::spawn_blocking(move || stop_all(go)).await.unwrap_or_default();
        let mut told = self.let_go(&old, &config, told);
        if let Some(inputs) = &self.inputs {
            let find = |config: &SlotConfig, name: &DeviceName| {
                config.devices.iter().find(|device| device.name == *name).cloned()
            };
            let stays = |name: &DeviceName| {
                let devices = find(&old, name).zip(find(&config, name));
                devices.is_some_and(|(one, two)| same_board(&old, &one, &config, &two))
            };
            if let Err(problems) = inputs.rebuild(Arc::clone(&config), stays) {
                tracing::error!(%problems, "a changed board is not simulated");
            }
        }
        for device in &mut self.devices {
            device.go(told.remove(&device.config().name).unwrap_or_default());
        }
        self.layout.send_replace(Layout::of(&config, &self.devices));
        self.config = config;
        Ok(swap)
    }

    /// Ends what was told of inputs that nobody listens to any more: buttons are released, tags removed. Gives what was
    /// told of all.
    fn let_go(
        &self,
        old: &SlotConfig,
        new: &SlotConfig,
        told: Vec<(DeviceName, Memory)>,
    ) -> BTreeMap<DeviceName, Memory> {
        let input = |config: &SlotConfig, device: &DeviceName, input: &InputName| {
            let device = config.devices.iter().find(|known| known.name == *device)?;
            device.input(input.as_str()).map(|input| input.kind)
        };
        let mut left = Vec::new();
        for (device, inputs) in &told {
            for (name, told) in inputs {
                let before =
                    input(old, device, name).filter(|_| input(new, device, name).is_none());
                let Some(kind) = before else { continue };
                let released = told.on && kind == InputKind::Momentary;
                let removed = |uid: &String| EventKind::TagRemoved { uid: uid.clone() };
                let ends = released.then_some(EventKind::Release).into_iter();
                left.extend(ends.chain(told.tags().iter().map(removed)).map(|kind| Draft {
                    device: device.clone(),
                    input: name.clone(),
                    kind,
                    at: clock::now(),
                    unc_us: 0,
                    src: Source::Driver,
                    sim: self.inputs.is_some(),
                }));
            }
        }
        if self.opener.sinks.intake.record(left).is_err() {
            tracing::error!("events lost: no outbox");
        }
        told.into_iter().collect()
    }

    /// Waits until every device's thread has shown that it lives. One whose driver hangs is known, and not waited for.
    pub async fn roll_call(&self) {
        let calls: Vec<_> =
            self.devices.iter().map(|device| device.mailbox().roll_call()).collect();
        for call in calls {
            // A thread that ends meanwhile has nothing more to show.
            let _ = call.await;
        }
    }

    /// Brings every output to its safe state, keeps what happened, tells that the slot is offline and ends. Takes at
    /// most about ten seconds, usually none.
    pub async fn stop(mut self) {
        self.opener.sinks.slot_status.update(|state| !std::mem::replace(&mut state.stopping, true));
        let devices = std::mem::take(&mut self.devices);
        if tokio::task::spawn_blocking(move || drop(stop_all(devices))).await.is_err() {
            tracing::error!("the devices' threads panicked when they stopped");
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

impl std::fmt::Debug for Opener {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Opener").field("generation", &self.generation).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

//! A device's life under virtual time on a virtual bench.

mod dating;
mod fuse;
mod input;
mod losing;
mod order;
mod output;
mod showing;

use super::device::{Host, OpenContext};
use super::mailbox::{CommandOutcome, DeviceCommand, Mail};
use crate::config::{Overrides, SlotConfig, read_slot};
use crate::normalize::Action;
use eg_config::Source;
use eg_hal::backend::Backend;
use eg_hal::sim::{Bench, Wire};
use eg_hal::{Claims, LineName, Moment, PortName, Woken};
use eg_proto::{EventKind, OutputName, Set};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// One device on a bench whose clock a test moves.
struct Rig {
    bench: Bench,
    host: Host,
    link_lost: Option<Moment>,
}

fn config(device: &str) -> SlotConfig {
    let indented = device.trim().replace('\n', "\n    ");
    let text = format!(
        "slot: slot-01\ncore: {{ host: 127.0.0.1 }}\nhal: sim\ndevices:\n  device:\n    {indented}\n"
    );
    read_slot(Source::text("slot-01.yaml", text), &Overrides::default())
        .unwrap_or_else(|problems| panic!("{problems}"))
}

impl Rig {
    fn new(device: &str) -> Self {
        Self::on(Bench::virtual_time(), device)
    }

    fn on(bench: Bench, device: &str) -> Self {
        let slot = config(device);
        let backend: Arc<dyn Backend> = Arc::new(bench.clone());
        let context = OpenContext::new(&slot, &slot.devices[0], &backend, &Claims::default());
        Self { host: Host::new(context, bench.now()), bench, link_lost: None }
    }

    fn wire(&self, line: &str) -> Wire {
        self.bench.wire(&LineName::from(line))
    }

    fn pipe(&self) -> eg_hal::sim::Pipe {
        self.bench.pipe(&PortName::from("/dev/ttyUSB0"))
    }

    fn step_with(&mut self, commands: impl IntoIterator<Item = DeviceCommand>) -> Vec<EventKind> {
        let mail = Mail {
            commands: commands.into_iter().collect(),
            link_lost: self.link_lost,
            ..Mail::default()
        };
        let device = self.host.waits().is_some_and(eg_hal::Waits::ready);
        let mut actions: Vec<Action> = Vec::new();
        let woken = Woken { device, nudge: false };
        self.host.step(self.bench.now(), woken, mail, &mut actions);
        actions.into_iter().map(|action| action.kind).collect()
    }

    /// Does what the thread would do now, were it woken.
    fn step(&mut self) -> Vec<EventKind> {
        self.step_with([])
    }

    /// Lets time pass as the thread would: it wakes at every deadline.
    fn wait(&mut self, millis: u64) -> Vec<EventKind> {
        let end = self.bench.now() + Duration::from_millis(millis);
        let mut all = Vec::new();
        while let Some(due) = self.host.deadline().filter(|due| *due <= end) {
            self.bench.advance(due.since(self.bench.now()));
            all.extend(self.step());
        }
        self.bench.advance(end.since(self.bench.now()));
        all.extend(self.step());
        all
    }

    fn command(&mut self, output: &str, set: Set, expires: Option<Moment>) -> CommandOutcome {
        let (answer, mut outcome) = oneshot::channel();
        let output = OutputName::new(output).unwrap();
        let (pressed, answer) = (None, Some(answer));
        self.step_with([DeviceCommand { output, set, expires, pressed, answer }]);
        outcome.try_recv().unwrap()
    }
}

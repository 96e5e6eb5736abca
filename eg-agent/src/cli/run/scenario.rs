//! `--scenario`: a course of presses and faults on simulated boards, checked before anything starts.

use crate::config::{Hal, SlotConfig};
use crate::slot::{DeviceView, SimulatedInputs, SlotState};
use eg_config::{KeyPath, Problem, Problems, Source};
use eg_hal::sim::scenario::{Scenario, What};
use std::path::Path;
use tokio::sync::watch;

/// Reads a scenario for these slots, of which there must be one.
pub(super) fn read(path: &Path, slots: &[SlotConfig]) -> Result<Scenario, Problems> {
    let refuse = |why: &str| Err(Problem::with_file("--scenario", why).into());
    let [slot] = slots else { return refuse("it plays on one slot; name one file") };
    if slot.hal != Hal::Sim {
        return refuse("it plays on simulated boards; add --hal sim");
    }
    let source = Source::read(path)?;
    let scenario = Scenario::read(&source)?;
    let mut problems = Problems::default();
    for (index, step) in scenario.steps.iter().enumerate() {
        let What::Act { device, input, .. } = &step.what else { continue };
        let problem =
            |message: String| source.problem_at(&KeyPath::from(["steps"]).index(index), message);
        match slot.devices.iter().find(|known| known.name.as_str() == device) {
            None => {
                let known = slot.devices.iter().map(|device| device.name.as_str());
                problems.push(problem(format!("no device called {device:?}")).known(device, known));
            }
            Some(known) if known.input(input).is_none() => {
                let inputs = known.inputs.iter().map(|input| input.name.as_str());
                let message = format!("{device} has no input called {input:?}");
                problems.push(problem(message).known(input, inputs));
            }
            Some(_) => {}
        }
    }
    problems.or(scenario)
}

/// Plays it as long as it takes, in a thread of its own: a live bench waits.
pub(super) async fn play(
    scenario: Scenario,
    mut inputs: SimulatedInputs,
    mut state: watch::Receiver<SlotState>,
) {
    let tried = |state: &SlotState| state.devices.iter().all(DeviceView::was_tried);
    if state.wait_for(tried).await.is_err() {
        return;
    }
    let play = move || {
        let bench = inputs.bench().clone();
        match scenario.play(&bench, &mut inputs) {
            Ok(()) => tracing::info!(name = scenario.name, "the scenario is over"),
            Err(error) => tracing::error!(%error, "the scenario stopped"),
        }
    };
    if let Err(error) = std::thread::Builder::new().name("scenario".to_owned()).spawn(play) {
        tracing::error!(%error, "the scenario has no thread");
    }
}

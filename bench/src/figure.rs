//! Figures: a measurement, its control, and the ratio of the two.

use anyhow::Result;
use comfy_table::Table;
use serde::Serialize;
use std::time::Duration;

/// All figures of a run.
#[derive(Default, Serialize)]
pub(crate) struct Report {
    figures: Vec<Figure>,
}

/// One measurement beside its control.
#[derive(Serialize)]
pub(crate) struct Figure {
    /// Name of the workload, e.g. `W1 votes, full`.
    pub(crate) workload: String,
    /// Measured quantity, with its unit.
    pub(crate) what: &'static str,
    /// The measurement.
    pub(crate) value: f64,
    /// Name of the control that it stands beside.
    pub(crate) control: &'static str,
    /// The control's value in the same unit; none for a figure that stands alone.
    pub(crate) control_value: Option<f64>,
}

impl Figure {
    fn ratio(&self) -> Option<f64> {
        self.control_value.filter(|control| *control > 0.0).map(|control| self.value / control)
    }
}

impl Report {
    /// Adds a figure and says so on standard error: a long run shows that it moves.
    pub(crate) fn add(&mut self, figure: Figure) {
        let ratio = figure.ratio().map(|ratio| format!(", {ratio:.2} × {}", figure.control));
        let ratio = ratio.unwrap_or_default();
        eprintln!("{}: {} {:.3}{ratio}", figure.workload, figure.what, figure.value);
        self.figures.push(figure);
    }

    pub(crate) fn print_table(&self) -> Result<()> {
        let mut table = Table::new();
        table.load_style(comfy_table::presets::UTF8_HORIZONTAL_ONLY);
        table.set_header(["workload", "what", "value", "control", "its value", "ratio"]);
        for figure in &self.figures {
            let control = figure.control_value.map(|value| format!("{value:.3}"));
            let ratio = figure.ratio().map(|ratio| format!("{ratio:.2}"));
            table.add_row([
                figure.workload.clone(),
                figure.what.to_owned(),
                format!("{:.3}", figure.value),
                figure.control.to_owned(),
                control.unwrap_or_default(),
                ratio.unwrap_or_default(),
            ]);
        }
        println!("{table}");
        Ok(())
    }

    pub(crate) fn print_json(&self) -> Result<()> {
        println!("{}", serde_json::to_string_pretty(self)?);
        Ok(())
    }
}

/// Measured times of one thing.
#[derive(Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn push(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// The time that a share of all stays under, in milliseconds; 0 when nothing was measured.
    pub(crate) fn quantile_ms(&mut self, share: f64) -> f64 {
        self.0.sort_unstable();
        let last = self.0.len().saturating_sub(1);
        let index = (last as f64 * share).round() as usize;
        self.0.get(index).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    }
}

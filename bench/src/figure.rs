//! Figures: measurements of rounds, their medians, and the ratios to the controls of the same rounds.

use crate::goal::{self, short};
use crate::names::side::{self, BEHIND, EMBEDDED, NULL_EMBEDDED, NULL_MOSQUITTO};
use anyhow::Result;
use serde::Serialize;
use std::time::Duration;

/// Controls that do all the work in another way.
const STACKS: [&str; 3] = [side::FLOOR, side::TUNED, side::PY];

/// All figures of a run.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
    /// Workloads and sides that could not be measured, and why.
    skipped: Vec<[String; 3]>,
}

/// One measured quantity of one side.
struct Row {
    workload: String,
    what: String,
    side: String,
    /// One value a round.
    values: Vec<f64>,
}

/// One measurement that stands alone or beside one control.
pub(crate) struct Figure {
    /// Name of the workload, e.g. `journal`.
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

/// A row as it is printed and saved.
#[derive(Serialize)]
struct Line<'r> {
    workload: &'r str,
    what: &'r str,
    side: &'r str,
    median: f64,
    values: &'r [f64],
    /// Median as a multiple of each control's.
    ratios: Vec<(&'r str, f64)>,
    goal: Option<goal::Goal>,
}

impl Report {
    /// Adds one round's measurement of a side, and says so on standard error: a long run shows that it moves.
    pub(crate) fn note(&mut self, workload: &str, what: &str, side: &str, value: f64) {
        eprintln!("{workload}: {what}: {side}: {}", short(value));
        let same =
            |row: &&mut Row| row.workload == workload && row.what == what && row.side == side;
        match self.rows.iter_mut().find(same) {
            Some(row) => row.values.push(value),
            None => self.rows.push(Row {
                workload: workload.to_owned(),
                what: what.to_owned(),
                side: side.to_owned(),
                values: vec![value],
            }),
        }
    }

    /// Adds a measurement of the product that stands alone or beside one control.
    pub(crate) fn add(&mut self, figure: Figure) {
        let Figure { workload, what, value, control, control_value } = figure;
        self.note(&workload, what, side::EG, value);
        if let Some(value) = control_value {
            self.note(&workload, what, control, value);
        }
    }

    /// Says that something could not be measured here.
    pub(crate) fn skip(&mut self, workload: &str, side: &str, why: &str) {
        let entry = [workload, side, why].map(str::to_owned);
        if !self.skipped.contains(&entry) {
            eprintln!("{workload}: {side}: skipped: {why}");
            self.skipped.push(entry);
        }
    }

    /// Returns the median of what was measured so far.
    fn median(&self, workload: &str, what: &str, side: &str) -> Option<f64> {
        let same = |row: &&Row| row.workload == workload && row.what == what && row.side == side;
        self.rows.iter().find(same).map(Row::median)
    }

    fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.rows.iter().map(|row| {
            let same = |other: &&Row| other.workload == row.workload && other.what == row.what;
            let controls = self.rows.iter().filter(same);
            let controls = controls.filter(|other| is_control(&row.side, &other.side));
            let ratios = controls.filter(|control| control.median() > 0.0);
            let ratio = |control: &Row| row.median() / control.median();
            Line {
                workload: &row.workload,
                what: &row.what,
                side: &row.side,
                median: row.median(),
                values: &row.values,
                ratios: ratios.map(|control| (control.side.as_str(), ratio(control))).collect(),
                goal: goal::of(
                    |workload, what, side| self.median(workload, what, side),
                    [&row.workload, &row.what, &row.side],
                ),
            }
        })
    }

    /// Prints a table for people: the sides of one quantity stand below each other, the product first.
    pub(crate) fn print_table(&self) {
        let lines: Vec<_> = self.lines().collect();
        let mut said: Vec<(&str, &str)> = Vec::new();
        for Line { workload, what, .. } in &lines {
            if said.contains(&(*workload, *what)) {
                continue;
            }
            said.push((*workload, *what));
            println!("\n{workload}: {what}");
            for line in lines.iter().filter(|line| line.workload == *workload && line.what == *what)
            {
                let ratios = line.ratios.iter().map(|(name, ratio)| format!("{ratio:.2} × {name}"));
                let ratios = ratios.collect::<Vec<_>>().join(", ");
                let goal = line.goal.as_ref().map(|goal| goal.say(line.median));
                let text = format!(
                    "  {:28} {:>9}  {ratios}  {}",
                    line.side,
                    short(line.median),
                    goal.unwrap_or_default()
                );
                println!("{}", text.trim_end());
            }
        }
        if !self.skipped.is_empty() {
            println!("\nskipped");
        }
        for [workload, side, why] in &self.skipped {
            println!("  {workload}: {side}: {why}");
        }
    }

    /// Returns everything as JSON.
    ///
    /// # Errors
    /// When a number is none, such as a ratio of two zeros.
    pub(crate) fn json(&self) -> Result<String> {
        let lines: Vec<_> = self.lines().collect();
        let all = serde_json::json!({ "figures": lines, "skipped": self.skipped });
        Ok(serde_json::to_string_pretty(&all)?)
    }
}

impl Row {
    fn median(&self) -> f64 {
        let mut values = self.values.clone();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(0.0)
    }
}

/// Returns `true` if one side is what the other is compared with.
fn is_control(of: &str, other: &str) -> bool {
    if other == side::before(of) {
        return true;
    }
    match of {
        EMBEDDED => other == NULL_EMBEDDED || STACKS.contains(&other),
        BEHIND => other == NULL_MOSQUITTO || STACKS.contains(&other),
        side::EG => other != of,
        _ => false,
    }
}

/// Measured times of one thing.
#[derive(Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn push(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// Returns the time that a share of all stays under, in microseconds; 0 when nothing was measured.
    pub(crate) fn quantile_us(&mut self, share: f64) -> f64 {
        self.quantile_ms(share) * 1_000.0
    }

    /// Returns the time that a share of all stays under, in milliseconds; 0 when nothing was measured.
    pub(crate) fn quantile_ms(&mut self, share: f64) -> f64 {
        self.0.sort_unstable();
        let last = self.0.len().saturating_sub(1);
        let index = (last as f64 * share).round() as usize;
        self.0.get(index).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_stands_beside_the_controls_of_its_own_broker() {
        let mut report = Report::default();
        for value in [300.0, 100.0, 200.0] {
            report.note("event", "p50", EMBEDDED, value);
            report.note("event", "p50", NULL_EMBEDDED, value / 2.0);
            report.note("event", "p50", NULL_MOSQUITTO, value);
        }

        let line = report.lines().next().unwrap();
        assert_eq!(line.median, 200.0);
        assert_eq!(line.ratios, [(NULL_EMBEDDED, 2.0)]);
    }
}

//! Outcome of a run, for a person and for a program.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

use super::finding::{Fault, Finding};
use super::memory::Curve;
use super::plan::Kind;
use super::verdict::Sums;
use crate::terminal::{Terminal, Tone, say_duration};

/// Findings of one kind that are printed; all of them stand in the folder.
const SHOWN: usize = 3;

/// Outcome of one run.
pub(super) struct Report {
    /// Broker, and which builds ran.
    pub(super) room: String,
    pub(super) seed: u64,
    pub(super) took: Duration,
    pub(super) sums: Sums,
    pub(super) acts: BTreeMap<Kind, usize>,
    /// Outputs that were seen to go off in time.
    pub(super) made_safe: u32,
    /// Looks at a slot that saw the operator's command obeyed.
    pub(super) seen_on: u32,
    pub(super) findings: Vec<Finding>,
    /// Folder of the logs; removed after a clean run.
    pub(super) folder: PathBuf,
    /// Memory of each program, where the run is a soak.
    pub(super) memory: Vec<Curve>,
    /// Kinds that were left out because of this machine, each with its reason.
    pub(super) skipped: Vec<String>,
}

impl Report {
    /// Returns `true` if every promise was kept.
    pub(super) fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    fn count(&self, fault: Fault) -> usize {
        self.findings.iter().filter(|finding| finding.fault == fault).count()
    }

    fn acts(&self) -> usize {
        self.acts.values().sum()
    }

    /// Returns one line of JSON.
    pub(super) fn json(&self) -> String {
        let Sums { made, taken, sure, stored } = self.sums;
        let acts: BTreeMap<_, _> =
            self.acts.iter().map(|(kind, count)| (kind.name(), count)).collect();
        let faults: BTreeMap<_, _> =
            Fault::ALL.iter().map(|fault| (fault.name(), self.count(*fault))).collect();
        json!({
            "broker": self.room, "seed": self.seed, "seconds": self.took.as_secs(),
            "presses": { "made": made, "taken": taken, "sure": sure, "stored": stored },
            "acts": acts, "acts_sum": self.acts(), "made_safe": self.made_safe,
            "seen_on": self.seen_on, "faults": faults,
            "first": self.findings.first().map(ToString::to_string),
            "folder": (!self.is_clean()).then(|| self.folder.display().to_string()),
            "skipped": self.skipped,
            "memory": self.memory.iter().map(|curve| {
                json!({ "program": curve.name, "warm": curve.second, "end": curve.last, "peak": curve.peak })
            }).collect::<Vec<_>>(),
        })
        .to_string()
    }

    /// Prints what happened, and what was broken.
    pub(super) fn print(&self, terminal: Terminal) {
        println!("{}", Self::table(std::slice::from_ref(self)));
        let acts: Vec<_> =
            self.acts.iter().map(|(kind, count)| format!("{} {count}", kind.name())).collect();
        println!("acts: {}; commands were seen obeyed {} times", acts.join(", "), self.seen_on);
        for Curve { name, second, last, peak } in &self.memory {
            let ratio = |bytes: &u64| *bytes as f64 / (*second).max(1) as f64;
            let said = format!(
                "memory of {name}: {:.1} MB when warm, × {:.2} at the end, × {:.2} at most",
                *second as f64 / 1e6,
                ratio(last),
                ratio(peak)
            );
            println!("{}", terminal.paint(Tone::Quiet, &said));
        }
        for why in &self.skipped {
            println!("{}", terminal.paint(Tone::Quiet, &format!("left out: {why}")));
        }
        if self.is_clean() {
            let said = format!("ok {}, seed {}", self.room, self.seed);
            println!("{}", terminal.paint(Tone::Good, &said));
            return;
        }
        let said =
            format!("FAILED {}, seed {}; logs in {}", self.room, self.seed, self.folder.display());
        println!("{}", terminal.paint(Tone::Bad, &said));
        for fault in Fault::ALL {
            for finding in self.findings.iter().filter(|found| found.fault == fault).take(SHOWN) {
                println!("  {finding}");
            }
        }
    }

    /// Returns a table with a row for each run, and their sum.
    pub(super) fn table(reports: &[Self]) -> String {
        let mut text =
            String::from("| seed | broker | time | acts | presses | sure | stored | made safe |");
        for fault in Fault::ALL {
            text.push_str(&format!(" {} |", fault.name()));
        }
        text.push_str("\n|--:|---|--:|--:|--:|--:|--:|--:|");
        text.push_str(&"--:|".repeat(Fault::ALL.len()));
        let mut row = |first: String, of: &[Self]| {
            let sum = |value: fn(&Self) -> usize| of.iter().map(value).sum::<usize>();
            let took = of.iter().map(|report| report.took).sum();
            // Writing to a text cannot fail.
            let _ = write!(
                text,
                "\n| {first} | {} | {} | {} | {} | {} | {} |",
                say_duration(took),
                sum(Self::acts),
                sum(|report| report.sums.made),
                sum(|report| report.sums.sure),
                sum(|report| report.sums.stored),
                sum(|report| report.made_safe as usize),
            );
            for fault in Fault::ALL {
                let count: usize = of.iter().map(|report| report.count(fault)).sum();
                let _ = write!(text, " {count} |");
            }
        };
        for report in reports {
            row(format!("{} | {}", report.seed, report.room), std::slice::from_ref(report));
        }
        if reports.len() > 1 {
            row(" | together".to_owned(), reports);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(findings: Vec<Finding>) -> Report {
        let sums = Sums { made: 12, taken: 11, sure: 10, stored: 11 };
        let (took, acts) = (Duration::from_secs(61), BTreeMap::from([(Kind::Kill, 2)]));
        let (folder, skipped) = (PathBuf::from("logs"), Vec::new());
        let (room, seed) = ("embedded".to_owned(), 7);
        Report {
            room,
            seed,
            took,
            sums,
            acts,
            made_safe: 1,
            seen_on: 1,
            findings,
            folder,
            memory: Vec::new(),
            skipped,
        }
    }

    #[test]
    fn a_table_sums_its_runs_up() {
        let lost = Finding { fault: Fault::Lost, what: "slot-01 tag A1".to_owned() };
        let table = Report::table(&[report(Vec::new()), report(vec![lost])]);
        let last = table.lines().last().unwrap();

        assert_eq!(
            last,
            "|  | together | 2 min 02 s | 4 | 24 | 20 | 22 | 2 | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |"
        );
    }

    #[test]
    fn a_program_reads_the_first_finding_and_where_the_logs_are() {
        let lost = Finding { fault: Fault::Lost, what: "slot-01 tag A1".to_owned() };
        let clean: serde_json::Value = serde_json::from_str(&report(Vec::new()).json()).unwrap();
        let broken: serde_json::Value = serde_json::from_str(&report(vec![lost]).json()).unwrap();

        assert_eq!((&clean["faults"]["lost"], &clean["folder"]), (&json!(0), &json!(null)));
        assert_eq!(broken["first"], "lost: slot-01 tag A1");
        assert_eq!(broken["folder"], "logs");
    }
}

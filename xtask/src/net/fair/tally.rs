//! Presses as the journal has them, held against the truth.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Context, ensure};
use serde_json::Value;

use super::play::Press;
use super::profile::SLOTS;
use super::watch::Watch;

/// Results of a profile.
#[derive(Default)]
pub(super) struct Tally {
    /// Presses that the journal holds, and those that it does not.
    pub(super) events: usize,
    pub(super) missing: usize,
    /// Number of presses without a time.
    pub(super) undated: usize,
    /// Number of presses whose time is not true within its bound, and the worst of them, in microseconds.
    pub(super) outside: usize,
    worst_us: i64,
    pairs: usize,
    /// Number of pairs that their times tell apart against the truth.
    pub(super) wrong: usize,
    tied: usize,
    rulings: usize,
    /// Number of verdicts where somebody else was surely first: told to the operator as too late by rule, and not told.
    flagged: usize,
    pub(super) unflagged: usize,
    unc_us: Vec<u64>,
    waited_us: Vec<u64>,
}

/// One press, as the journal tells it and as it was.
struct Told {
    press: Press,
    /// Time and its uncertainty, in microseconds of the core's clock; `None` for a press without a time.
    time: Option<(i64, i64)>,
    flagged: bool,
}

impl Tally {
    /// Counts what a record says of rounds of presses.
    pub(super) fn count(
        rounds: &[Vec<Press>],
        record: &Value,
        watch: &Watch,
    ) -> anyhow::Result<Self> {
        let entries = record["entries"].as_array().context("no entries")?;
        let mut tally = Self::default();
        let told = tally.presses(rounds, entries, watch);
        let verdicts = verdicts(entries);
        ensure!(
            verdicts.len() >= rounds.len(),
            "{} verdicts of {} rounds",
            verdicts.len(),
            rounds.len()
        );
        for (round, verdict) in told.iter().zip(&verdicts) {
            tally.judge_pairs(round);
            if let Some(first) = verdict {
                tally.judge(round, first);
            }
        }
        Ok(tally)
    }

    /// Finds each press in the journal: a slot's presses stand there in the order in which they were made.
    fn presses(
        &mut self,
        rounds: &[Vec<Press>],
        entries: &[Value],
        watch: &Watch,
    ) -> Vec<Vec<Told>> {
        let is_press =
            |entry: &&Value| entry["kind"] == "event" && entry["body"]["kind"] == "press";
        let mut of_slot: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
        for entry in entries.iter().filter(is_press) {
            let slot = entry["slot"].as_str().unwrap_or_default().to_owned();
            of_slot.entry(slot).or_default().push(entry);
        }
        of_slot.values_mut().for_each(|all| all.sort_by_key(|entry| entry["body"]["seq"].as_u64()));
        let played: BTreeMap<i64, &Value> = entries
            .iter()
            .filter(|entry| entry["kind"] == "played")
            .filter_map(|entry| Some((entry["body"]["entry"].as_i64()?, entry)))
            .collect();
        let refused: BTreeMap<i64, &str> = entries
            .iter()
            .filter(|entry| entry["kind"] == "refused")
            .filter_map(|entry| {
                Some((entry["cause"].as_i64()?, entry["body"]["why"]["en"].as_str()?))
            })
            .collect();
        let mut next = [0; SLOTS];
        let mut all = Vec::new();
        for round in rounds {
            let mut told = Vec::new();
            for press in round {
                let name = format!("slot-{:02}", press.slot + 1);
                let entry = of_slot.get(&name).and_then(|all| all.get(next[press.slot]));
                next[press.slot] += 1;
                let Some(entry) = entry else {
                    self.missing += 1;
                    continue;
                };
                self.events += 1;
                let body = played.get(&entry["id"].as_i64().unwrap_or(0));
                let why = body.and_then(|body| refused.get(&body["id"].as_i64()?)).copied();
                let overtaken = body.is_some_and(|body| body["body"]["overtaken"] == true);
                self.waited_us.extend(body.and_then(|body| body["body"]["waited_us"].as_u64()));
                let flagged = overtaken || why.is_some_and(|why| !why.contains("somebody else"));
                let time = self.time(entry, press, watch);
                told.push(Told { press: *press, time, flagged });
            }
            all.push(told);
        }
        all
    }

    /// Holds the time of a press against the truth.
    fn time(&mut self, entry: &Value, press: &Press, watch: &Watch) -> Option<(i64, i64)> {
        let t = &entry["body"]["t"];
        let unc_us = t["unc_us"].as_u64().unwrap_or(0);
        let Some(at) = t["core_us"].as_i64() else {
            self.undated += 1;
            return None;
        };
        self.unc_us.push(unc_us);
        let unc = i64::try_from(unc_us).unwrap_or(i64::MAX);
        if let Some((from, to)) = watch.core(press.from, press.to, t["core"].as_str()) {
            let off = (from - at - unc).max(at - unc - to);
            if off > 0 {
                self.outside += 1;
                self.worst_us = self.worst_us.max(off);
            }
        }
        Some((at, unc))
    }

    fn judge_pairs(&mut self, round: &[Told]) {
        for (place, one) in round.iter().enumerate() {
            for other in &round[place + 1..] {
                self.pairs += 1;
                let (Some(its), Some(others)) = (one.time, other.time) else {
                    self.tied += 1;
                    continue;
                };
                let before = |one: (i64, i64), other: (i64, i64)| one.0 + one.1 < other.0 - other.1;
                let truly = |one: &Told, other: &Told| one.press.to < other.press.from;
                if before(its, others) {
                    self.wrong += usize::from(truly(other, one));
                } else if before(others, its) {
                    self.wrong += usize::from(truly(one, other));
                } else {
                    self.tied += 1;
                }
            }
        }
    }

    /// A verdict is wrong when somebody whom it leaves out pressed surely before everybody whom it names.
    fn judge(&mut self, round: &[Told], first: &[String]) {
        self.rulings += 1;
        let named = |told: &&Told| first.contains(&format!("slot-{:02}", told.press.slot + 1));
        let Some(earliest) = round.iter().filter(named).map(|told| told.press.from).min() else {
            return;
        };
        let mut surely = round.iter().filter(|told| !named(told) && told.press.to < earliest);
        let (flagged, any) = surely
            .try_fold((true, false), |(all, _), told| Some((all && told.flagged, true)))
            .unwrap_or_default();
        self.flagged += usize::from(any && flagged);
        self.unflagged += usize::from(any && !flagged);
    }

    /// Returns `true` if nothing is wrong that nobody was told of.
    pub(super) fn holds(&self) -> bool {
        self.unflagged == 0 && self.wrong == 0 && self.outside == 0 && self.events > 0
    }
}

/// The first ruling after each arming: whom it names as perhaps first.
fn verdicts(entries: &[Value]) -> Vec<Option<Vec<String>>> {
    let mut verdicts: Vec<Option<Vec<String>>> = Vec::new();
    for entry in entries {
        if entry["kind"] == "act" && entry["body"]["name"] == "arm" {
            verdicts.push(None);
        }
        let tied = entry["body"]["ruling"]["tied"].as_array();
        if let (Some(tied), Some(verdict)) = (tied, verdicts.last_mut()) {
            let names = tied.iter().filter_map(|slot| slot.as_str().map(str::to_owned));
            verdict.get_or_insert_with(|| names.collect());
        }
    }
    verdicts
}

/// The heads of the columns.
pub(super) fn heads() -> String {
    format!(
        "{:16} {:>6} {:>6} {:>5} {:>9} {:>9} {:>15} {:>4} {:>20} {:>18}",
        "profile",
        "events",
        "pairs",
        "wrong",
        "winners",
        "tied",
        "outside",
        "none",
        "± p50/p95/max ms",
        "wait p50/p99/max ms"
    )
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |all: &[u64], share: f64| {
            let mut all = all.to_vec();
            all.sort_unstable();
            let place = ((all.len() as f64 - 1.0).max(0.0) * share).round() as usize;
            all.get(place).copied().unwrap_or(0) as f64 / 1e3
        };
        let shares = |all: &[u64], high: f64| [0.5, high, 1.0].map(|share| part(all, share));
        let [unc, unc_high, unc_max] = shares(&self.unc_us, 0.95);
        let [wait, wait_high, wait_max] = shares(&self.waited_us, 0.99);
        let tied = self.tied as f64 * 100.0 / self.pairs.max(1) as f64;
        write!(
            f,
            "{:>6} {:>6} {:>5} {:>9} {:>9} {:>15} {:>4} {:>20} {:>18}",
            self.events,
            self.pairs,
            self.wrong,
            format!("{}+{}/{}", self.unflagged, self.flagged, self.rulings),
            format!("{} {tied:.0} %", self.tied),
            format!("{} ≤ {:.1} ms", self.outside, self.worst_us as f64 / 1e3),
            self.undated,
            format!("{unc:.2}/{unc_high:.2}/{unc_max:.1}"),
            format!("{wait:.0}/{wait_high:.0}/{wait_max:.0}"),
        )?;
        if self.missing > 0 {
            write!(f, "  {} still in outboxes", self.missing)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use serde_json::json;

    fn press(slot: usize, at: u64) -> Press {
        Press { slot, from: Duration::from_millis(at), to: Duration::from_millis(at + 1) }
    }

    /// Two presses, 10 ms apart in truth, told with these times, and a verdict.
    fn tally(times: [i64; 2], first: &str, overtaken: bool) -> Tally {
        let event = |id: i64, slot: &str, at: i64| json!({"id": id, "kind": "event", "slot": slot, "body": {"kind": "press", "seq": 1, "t": {"core_us": at, "unc_us": 300}}});
        let played = |id: i64, of: i64| json!({"id": id, "kind": "played", "body": {"entry": of, "waited_us": 5_000, "overtaken": overtaken && of == 2}});
        let record = json!({"entries": [
            {"id": 1, "kind": "act", "body": {"name": "arm"}},
            event(2, "slot-01", times[0]), event(3, "slot-02", times[1]), played(4, 2), played(5, 3),
            {"id": 6, "kind": "note", "body": {"ruling": {"tied": [first]}}},
        ]});
        Tally::count(&[vec![press(0, 100), press(1, 110)]], &record, &Watch::default()).unwrap()
    }

    #[test]
    fn an_order_against_the_truth_is_wrong() {
        let (right, wrong, tied) = (
            tally([0, 10_000], "slot-01", false),
            tally([10_000, 0], "slot-01", false),
            tally([0, 500], "slot-01", false),
        );

        assert_eq!((right.wrong, wrong.wrong, tied.wrong, tied.tied), (0, 1, 0, 1));
    }

    #[test]
    fn a_winner_who_was_second_is_wrong_unless_the_operator_was_told() {
        let counts = [
            tally([0, 10_000], "slot-01", false),
            tally([0, 10_000], "slot-02", false),
            tally([0, 10_000], "slot-02", true),
        ]
        .map(|tally| (tally.unflagged, tally.flagged));

        assert_eq!(counts, [(0, 0), (1, 0), (0, 1)]);
    }
}

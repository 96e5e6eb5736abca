//! Goals: what a figure is to stay under or to reach, mostly a multiple of controls of the same rounds.

use crate::names::side::{self, BEHIND, EG, EMBEDDED};
use crate::names::{agent, build, disk, event, flood, idle, votes};
use serde::Serialize;

/// A goal of one figure.
#[derive(Serialize)]
pub(crate) struct Goal {
    limit: f64,
    /// `true` if more is better.
    at_least: bool,
    because: &'static str,
}

impl Goal {
    /// Says the goal and whether a value meets it.
    pub(crate) fn say(&self, value: f64) -> String {
        let (sign, met) = match self.at_least {
            true => ("≥", value >= self.limit),
            false => ("≤", value <= self.limit),
        };
        let met = if met { "met" } else { "MISSED" };
        let because = match self.because {
            "" => String::new(),
            because => format!(" ({because})"),
        };
        format!("| goal {sign} {}{because}: {met}", short(self.limit))
    }
}

/// Returns a number with as many digits as tell something.
pub(crate) fn short(value: f64) -> String {
    match value.abs() {
        100.0.. => format!("{value:.0}"),
        1.0.. => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    }
}

/// Returns the goal of a figure, by workload, quantity and side, if it has one and its controls were measured: `median`
/// knows by the same three.
pub(crate) fn of(
    median: impl Fn(&str, &str, &str) -> Option<f64>,
    [workload, what, side]: [&str; 3],
) -> Option<Goal> {
    let null_of = |workload: &str, what: &str| {
        let null = if side == EMBEDDED { side::NULL_EMBEDDED } else { side::NULL_MOSQUITTO };
        median(workload, what, null)
    };
    let sync = || median(disk::NAME, disk::SYNC, side::DISK);
    let most = |limit, because| Some(Goal { limit, at_least: false, because });
    let least = |limit, because| Some(Goal { limit, at_least: true, because });
    match (workload, what, side) {
        (event::NORMAL, event::P50, EMBEDDED) => most(1.2 * null_of(workload, what)?, "1.2 × null"),
        (event::NORMAL, event::P50, BEHIND) => most(1.5 * null_of(workload, what)?, "1.5 × null"),
        (event::FULL, event::P50, EMBEDDED | BEHIND) => {
            most(1.2 * (null_of(workload, what)? + sync()?), "1.2 × (null + fdatasync)")
        }
        (votes::NORMAL | votes::FULL, votes::FROM_LAST, EMBEDDED) => {
            let null = null_of(event::NORMAL, event::P50)?;
            most(3.0 * sync()? + 1.5 * null, "3 × fdatasync + 1.5 × null")
        }
        (flood::NAME, flood::RATE, EMBEDDED) => least(1.5 * null_of(workload, what)?, "1.5 × null"),
        (flood::NAME, flood::RATE, BEHIND) => least(0.95 * null_of(workload, what)?, "0.95 × null"),
        (flood::NAME, flood::CPU_ALL, EMBEDDED) => most(12.0, ""),
        (flood::NAME, flood::CPU_CORE, BEHIND) => most(8.0, ""),
        (flood::NAME, flood::RSS, EMBEDDED | BEHIND) => most(25.0, ""),
        (_, idle::CPU, EMBEDDED) => most(5.0 * share(workload)?, "5 % for 5,000 slots"),
        (_, idle::RSS, EMBEDDED) => most(70.0 * share(workload)?, "70 MB for 5,000 slots"),
        (agent::NAME, agent::RSS, EG) => most(6.0, ""),
        (agent::NAME, agent::TAG, EG) => {
            let loopback = median(agent::NAME, agent::TAG, side::LOOPBACK)?;
            most(1.5 * loopback, "1.5 × publish to a subscriber")
        }
        (build::NAME, build::FIRST_START, EG) => most(240.0, ""),
        (build::NAME, build::CORE_SIZE, EG) => most(15.0, ""),
        (build::NAME, build::AGENT_SIZE, EG) => most(6.0, ""),
        _ => None,
    }
}

/// Returns how many times 5,000 the slots of an idle workload are; 1,000 have at least the share of 5,000 that is fixed.
fn share(workload: &str) -> Option<f64> {
    let slots: f64 = workload.strip_prefix(idle::PREFIX)?.split(' ').next()?.parse().ok()?;
    Some((slots / 5_000.0).max(0.5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_waits_for_the_controls_that_it_is_made_of() {
        let wanted = [event::FULL, event::P50, EMBEDDED];
        assert!(of(|_, _, _| None, wanted).is_none());

        let goal = of(|_, what, _| Some(if what == disk::SYNC { 100.0 } else { 300.0 }), wanted);
        let goal = goal.unwrap();
        assert_eq!(goal.say(480.0), "| goal ≤ 480 (1.2 × (null + fdatasync)): met");
        assert_eq!(goal.say(481.0), "| goal ≤ 480 (1.2 × (null + fdatasync)): MISSED");
    }
}

//! Faults of a device that is open.

use crate::normalize::Action;
use eg_proto::{EventKind, Fault, InputName};
use std::collections::BTreeMap;

/// Faults that are not over yet.
#[derive(Debug, Default)]
pub(super) struct Faults(BTreeMap<InputName, (Fault, u64)>);

impl Faults {
    /// Takes note of faults and of their ends among what happened.
    pub(super) fn note(&mut self, actions: &[Action]) {
        for action in actions {
            if let EventKind::Fault { what, count } = &action.kind {
                let known = self.0.entry(action.input.clone()).or_insert((*what, 0));
                *known = (*what, known.1.saturating_add(*count));
            } else if action.kind == EventKind::Recovered {
                self.0.remove(&action.input);
            }
        }
    }

    /// The device was opened anew.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }

    /// All of them in one line.
    pub(super) fn error(&self) -> Option<String> {
        let words = self.0.iter().map(|(input, (what, count))| match what {
            Fault::Stuck => format!("{input} is stuck"),
            Fault::BounceStorm => format!("{input} bounces more than a hand can"),
            Fault::BusError => format!("{input}: {count} transfers failed"),
            Fault::LostEdges => format!("{input}: {count} edges were lost"),
            Fault::Ghost => {
                format!("{input} may be a ghost of the other keys that are down: let one go")
            }
        });
        let words: Vec<String> = words.collect();
        (!words.is_empty()).then(|| words.join("; "))
    }
}

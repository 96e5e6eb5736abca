//! Outputs that are never on together: two doors of a lock, two directions of a motor.

use eg_hal::prelude::*;

/// Groups of channels of which one at most is on.
pub(crate) struct Interlock(Vec<Vec<Channel>>);

impl Interlock {
    pub(crate) fn new(groups: Vec<Vec<Channel>>) -> Self {
        Self(groups)
    }

    /// Checks the groups: no channels that are not there, and no groups that lock nothing.
    pub(crate) fn check(&self, outputs: usize) -> SettingProblems {
        let mut wrong = SettingProblems::default();
        for (number, group) in self.0.iter().enumerate() {
            let path = KeyPath::from("interlock").index(number);
            for (place, channel) in group.iter().enumerate() {
                if usize::from(*channel) >= outputs {
                    let last = outputs.saturating_sub(1);
                    let problem = format!("there is no output {channel}; it has 0 to {last}");
                    wrong.push(path.index(place), problem);
                }
            }
            let twice = (1..group.len()).any(|n| group[..n].contains(&group[n]));
            if group.len() < 2 || twice {
                wrong.push(path, "this is no group; name two different outputs or more");
            }
        }
        wrong
    }

    /// Every channel that is in a group.
    pub(crate) fn members(&self) -> impl Iterator<Item = Channel> + '_ {
        self.0.iter().flatten().copied()
    }

    /// The channels that have to be off while this one is on.
    pub(crate) fn rivals(&self, channel: Channel) -> Vec<Channel> {
        let groups = self.0.iter().filter(|group| group.contains(&channel));
        groups.flatten().copied().filter(|rival| *rival != channel).collect()
    }
}

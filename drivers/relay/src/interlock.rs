//! Outputs that are never on together: two doors of a lock, two directions of a motor.

use eg_hal::OpenError;
use eg_hal::prelude::*;

/// Groups of channels of which one at most is on.
pub(crate) struct Interlock(Vec<Vec<Channel>>);

impl Interlock {
    /// Refuses channels that are not there, and groups that lock nothing.
    pub(crate) fn new(groups: Vec<Vec<Channel>>, outputs: usize) -> Result<Self, OpenError> {
        let refuse = |problem: String| Err(OpenError::setting("interlock", problem));
        for (number, group) in groups.iter().enumerate() {
            if let Some(channel) = group.iter().find(|channel| usize::from(**channel) >= outputs) {
                let last = outputs.saturating_sub(1);
                return refuse(format!("there is no output {channel}; it has 0 to {last}"));
            }
            let twice = (1..group.len()).any(|n| group[..n].contains(&group[n]));
            if group.len() < 2 || twice {
                return refuse(format!(
                    "[{number}] is no group; name two different outputs or more"
                ));
            }
        }
        Ok(Self(groups))
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

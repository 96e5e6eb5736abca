//! Keys that were reported as down: the state that a resync compares with.

use std::collections::BTreeSet;

/// The keys last reported as down, by evdev code.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeysDown(BTreeSet<u16>);

impl KeysDown {
    /// Begins with the keys that are down at the start.
    pub(crate) fn new(down: impl IntoIterator<Item = u16>) -> Self {
        Self(down.into_iter().collect())
    }

    /// Notes a change; `false` when it is none.
    pub(crate) fn note(&mut self, code: u16, down: bool) -> bool {
        if down { self.0.insert(code) } else { self.0.remove(&code) }
    }

    /// `true` if a key was last reported as down.
    pub(crate) fn contains(&self, code: u16) -> bool {
        self.0.contains(&code)
    }

    /// Takes over the true states and tells each key that differs: released ones first, then pressed ones, by code.
    pub(crate) fn resync(&mut self, down: impl IntoIterator<Item = u16>) -> Vec<(u16, bool)> {
        let now: BTreeSet<u16> = down.into_iter().collect();
        let released = self.0.difference(&now).map(|code| (*code, false));
        let pressed = now.difference(&self.0).map(|code| (*code, true));
        let changes = released.chain(pressed).collect();
        self.0 = now;
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::KeysDown;

    #[test]
    fn a_resync_tells_only_what_differs() {
        let mut keys = KeysDown::new([2, 3]);

        let changes = keys.resync([3, 4]);

        assert_eq!(changes, [(2, false), (4, true)]);
        assert_eq!(keys.resync([3, 4]), []);
    }

    #[test]
    fn a_repeated_state_is_no_change() {
        let mut keys = KeysDown::default();

        assert!(keys.note(2, true));
        assert!(!keys.note(2, true));
        assert!(keys.note(2, false));
    }
}

//! Secrecy of a session: while its choices are secret, nothing may be told that shows one.

use super::live::LiveSession;

impl LiveSession {
    /// Returns `true` while nobody may be told what the players choose. A game that goes by the state of every input is no
    /// ballot: its players stand around it.
    pub(in crate::engine) fn keeps_secrets(&self) -> bool {
        self.is_running() && !self.revealed && !self.goes_by_state
    }
}

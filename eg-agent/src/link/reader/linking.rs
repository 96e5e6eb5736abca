//! Begin and end of the link to the core: its first word on a connection, its silence, and the loss of the connection.

use super::{Reader, ResendTimer};
use crate::link::pairing::is_refused;
use eg_hal::clock;
use eg_mqtt::DisconnectError;

/// Reason while only the broker has answered.
const NOT_YET: &str = "the broker is there, and the core has not answered yet";
/// Reason after the core has been silent for too long.
const SILENT: &str = "the core is silent; does it still run";

impl Reader {
    pub(super) async fn connected(&mut self, refused: &[String]) {
        if !refused.is_empty() {
            tracing::warn!(?refused, "the broker did not grant these subscriptions");
        }
        self.told_its_own = false;
        self.pairing.admitted();
        tracing::info!(slot = %self.parts.config.slot, "connected to the broker");
        self.show(NOT_YET);
        self.greet().await;
    }

    /// Sends everything that waits, from the oldest on.
    pub(super) fn send_all(&mut self) {
        self.sender.stopwatch.stop();
        self.sender.outlet.rewind();
        self.draining = true;
    }

    /// A word of the core came.
    pub(super) fn heard(&mut self) {
        if self.core.heard(clock::now()) {
            self.parts.slot_status.update(|state| state.disconnected.take().is_some());
            tracing::info!(slot = %self.parts.config.slot, "linked to the core");
            self.parts.link(None);
            self.resend_timer = ResendTimer::default();
            self.send_all();
        }
    }

    /// The core has been silent for too long. The connection stays as long as the broker answers: the next word of the
    /// core comes over it.
    pub(super) fn silent(&mut self) {
        self.part();
        self.no_link(SILENT);
    }

    /// The link to the core is lost, and has been since its last word.
    fn part(&mut self) {
        self.draining = false;
        self.sender.stopwatch.stop();
        if let Some(last) = self.core.lost() {
            self.sender.outlet.pause();
            self.parts.link(Some(last));
        }
    }

    /// Tells page and log why there is no link to the core.
    fn no_link(&self, why: &str) {
        if self.show(why) {
            tracing::warn!(slot = %self.parts.config.slot, why, "no link to the core");
        }
    }

    /// Shows why there is no link to the core. Returns `true` if that is news.
    fn show(&self, why: &str) -> bool {
        let mut changed = false;
        self.parts.slot_status.update(|state| {
            changed = state.disconnected.as_deref() != Some(why);
            state.disconnected = Some(why.to_owned());
            changed
        });
        changed
    }

    pub(super) fn lost(&mut self, error: &DisconnectError) {
        let has_twin = self.twin.is_there(clock::now());
        let hung_up = matches!(error, DisconnectError::Closed | DisconnectError::Protocol { .. });
        let hung_up = hung_up && !has_twin;
        let given_up = self.sender.shared.poison().lost(hung_up);
        if let Some(id) = given_up {
            let why = format!("the broker closed the connection whenever this was sent: {error}");
            self.sender.outlet.dead_letter(id, why);
        }
        self.tick = None;
        self.part();
        let slot = &self.parts.config.slot;
        let why = if has_twin && matches!(error, DisconnectError::Closed) {
            format!(
                "another machine calls itself {slot}, and the broker lets in one at a time; give one of them another id"
            )
        } else {
            error.to_string()
        };
        if is_refused(error) {
            // Who has to do what is told by the pairing.
            self.pairing.refused();
            self.show(&why);
        } else {
            self.pairing.lost();
            self.no_link(&why);
        }
    }
}

//! Notices to systemd (`sd_notify(3)`); none where it did not start this process.

use sd_notify::{NotifyState, notify, watchdog_enabled};
use std::future::Future;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

/// Tells that everything runs, or runs again.
pub(super) fn ready() {
    tell(&[NotifyState::Ready]);
}

/// The files are being read again: [`ready`] follows.
pub(super) fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(error) => tracing::warn!(%error, "systemd was not told of the reload"),
    }
}

/// The end has begun.
pub(super) fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// Shows systemd that the process lives, where the unit has `WatchdogSec=`: twice in that time, as it advises.
pub(super) fn pulse() -> Pulse {
    let every = watchdog_enabled().map(|limit| limit / 2).filter(|every| !every.is_zero());
    Pulse(every.map(|every| {
        let mut beat = interval_at(Instant::now() + every, every);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        beat
    }))
}

pub(super) struct Pulse(Option<tokio::time::Interval>);

impl Pulse {
    /// Waits for the next beat; for ever where nobody wants one.
    pub(super) async fn due(&mut self) {
        match &mut self.0 {
            Some(beat) => drop(beat.tick().await),
            None => std::future::pending().await,
        }
    }

    /// Tells that the process lives, when those who read the inputs have shown that they do. Otherwise systemd starts
    /// it anew, and the outbox has what happened.
    pub(super) async fn beat(&self, roll_call: impl Future<Output = ()>) {
        let roll_call_timeout = self.0.as_ref().map_or(Duration::ZERO, |beat| beat.period());
        if timeout(roll_call_timeout, roll_call).await.is_ok() {
            tell(&[NotifyState::Watchdog]);
        } else {
            tracing::error!(
                "a device's thread does not answer; systemd is not told that all is well"
            );
        }
    }
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = notify(state) {
        tracing::warn!(%error, ?state, "systemd was not told");
    }
}

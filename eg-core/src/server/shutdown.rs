//! Shutdown: signals that a running core answers.

use std::io;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Request that came as a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignalRequest {
    /// SIGTERM or SIGINT (Ctrl-C): stop.
    Stop,
    /// SIGHUP: check the file of the settings again. It also comes when the terminal of a process closes.
    CheckSettings,
    /// SIGUSR1: log what EG's own crates do in detail.
    DetailedLog,
    /// SIGUSR2: log what was logged at the start.
    UsualLog,
}

/// Signals of this process. From [`listen`](Self::listen) on none of them ends it.
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
    detail: Signal,
    usual: Signal,
}

impl Signals {
    /// Takes over the signals, within a tokio runtime. Those that come before the first [`next`](Self::next) wait.
    ///
    /// # Errors
    /// Error of the system, if it gives no handler.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
            detail: signal(SignalKind::user_defined1())?,
            usual: signal(SignalKind::user_defined2())?,
        })
    }

    /// Waits for the next signal.
    pub(crate) async fn next(&mut self) -> SignalRequest {
        tokio::select! {
            _ = self.terminate.recv() => SignalRequest::Stop,
            _ = self.interrupt.recv() => SignalRequest::Stop,
            _ = self.hang_up.recv() => SignalRequest::CheckSettings,
            _ = self.detail.recv() => SignalRequest::DetailedLog,
            _ = self.usual.recv() => SignalRequest::UsualLog,
        }
    }
}

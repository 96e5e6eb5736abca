//! Thread of the identities: tells journal, slots, pages and Mosquitto what was decided about slots, and lets commands on
//! the same machine decide.

use crate::access::Access;
use crate::access::control::{self, ControlAnswer, ControlRequest};
use crate::access::mosquitto::MosquittoFiles;
use crate::engine::command::{Actor, Command};
use crate::engine::handle::Handle;
use crate::mqtt::Outbound;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

/// Time within which a command says what it wants.
const PATIENCE: Duration = Duration::from_secs(5);
/// Delay before the journal or the disk is tried again after it has refused.
const RETRY: Duration = Duration::from_secs(10);
/// Shortest interval between two rounds of telling: what changes faster is told together.
const PACE: Duration = Duration::from_millis(100);
/// Longest time without a look at who waits in vain.
const IDLE: Duration = Duration::from_secs(3600);

/// Parts that the thread connects.
pub(super) struct IdentityParts {
    pub(super) access: Arc<Access>,
    pub(super) handle: Handle,
    pub(super) outbound: Arc<Outbound>,
    /// Path of the socket for commands.
    pub(super) socket: PathBuf,
    /// Files of a Mosquitto that serves as the broker, if the core keeps them.
    pub(super) files: Option<MosquittoFiles>,
}

/// Thread of the identities. Dropping it stops it, and waits.
#[derive(Debug)]
pub(super) struct IdentityTask {
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for IdentityTask {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the thread of the identities had panicked");
        }
    }
}

impl IdentityTask {
    /// Starts the thread. Commands can be given as soon as this returns.
    ///
    /// # Errors
    /// The operating system gives no thread.
    pub(super) fn start(parts: IdentityParts) -> io::Result<Self> {
        let (stop, mut wanted) = watch::channel(false);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _inside = runtime.enter();
            listen(&parts.socket)
        };
        let body = move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = wanted.wait_for(|stop| *stop) => {}
                    () = parts.serve(listener.as_ref()) => {}
                    () = parts.settle_for_ever() => {}
                }
            });
            if listener.is_some()
                && let Err(error) = std::fs::remove_file(&parts.socket)
            {
                tracing::debug!(%error, "the socket for commands was gone before");
            }
        };
        let thread = std::thread::Builder::new().name("eg-identity".to_owned()).spawn(body)?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

/// Listens for commands of this user alone. Without the socket commands change the file, and the core goes by it from
/// its next start on.
fn listen(socket: &Path) -> Option<UnixListener> {
    // Beside its place first: nobody else can connect before the rights are set. The rename replaces one that an earlier
    // core has left: two cores never share a journal.
    let new = socket.with_extension("new");
    drop(std::fs::remove_file(&new));
    let listener = UnixListener::bind(&new).and_then(|listener| {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(&new, mode)?;
        std::fs::rename(&new, socket).map(|()| listener)
    });
    match listener {
        Ok(listener) => Some(listener),
        Err(error) => {
            let socket = socket.display();
            tracing::warn!(%socket, %error, "commands such as `eg-core slots` cannot reach this core");
            None
        }
    }
}

impl IdentityParts {
    /// Answers commands, one after the other. Never ends.
    async fn serve(&self, listener: Option<&UnixListener>) {
        let Some(listener) = listener else { return std::future::pending().await };
        loop {
            let answered = match listener.accept().await {
                Ok((stream, _)) => timeout(PATIENCE, self.answer(stream)).await,
                Err(error) => {
                    tracing::warn!(%error, "a command cannot reach the core");
                    sleep(RETRY).await;
                    continue;
                }
            };
            if !matches!(answered, Ok(Ok(()))) {
                tracing::debug!(?answered, "a command did not hear its answer");
            }
        }
    }

    async fn answer(&self, stream: UnixStream) -> io::Result<()> {
        let mut stream = BufReader::new(stream.take(control::LINE));
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let answer = match serde_json::from_str::<ControlRequest>(&line) {
            Ok(request) => {
                let access = Arc::clone(&self.access);
                spawn_blocking(move || control::carry_out(&access, request)).await?
            }
            Err(error) => {
                ControlAnswer::Refused(format!("this core is of another version: {error}"))
            }
        };
        let mut line = serde_json::to_vec(&answer)?;
        line.push(b'\n');
        stream.into_inner().into_inner().write_all(&line).await
    }

    /// Tells everybody what has changed, each time that something has. Never ends.
    async fn settle_for_ever(&self) {
        let mut changed = self.access.changed();
        loop {
            changed.mark_unchanged();
            let settled = self.settle().await;
            if let Err(error) = &settled {
                tracing::warn!(%error, "what was decided about slots is not told everybody yet");
            }
            sleep(PACE).await;
            let deadline = self.access.expire();
            let wait = deadline.map_or(IDLE, |at| at.since(self.access.clock().now()));
            let wait = if settled.is_ok() { wait } else { RETRY };
            tokio::select! {
                alive = changed.changed() => if alive.is_err() { return },
                () = sleep(wait) => {}
            }
        }
    }

    async fn settle(&self) -> anyhow::Result<()> {
        for (slot, answer) in self.access.take_answers() {
            self.outbound.answer(slot, answer);
        }
        // First the acts, then the files: what was decided in between is in the files already and is told next time, never
        // told before Mosquitto could know of it.
        let access = Arc::clone(&self.access);
        let acts: Vec<_> = spawn_blocking(move || access.acts()).await??;
        self.write_files().await?;
        let last = acts.last().map(|(number, _)| *number);
        let acts = acts.into_iter().map(|(_, act)| act).collect();
        let command = Command::Identity { acts, alerts: self.access.alerts() };
        self.handle.ask(Actor("core".to_owned()), command).await?;
        if let Some(last) = last {
            let access = Arc::clone(&self.access);
            spawn_blocking(move || access.forget_acts(last)).await??;
        }
        Ok(())
    }

    /// Writes the files of Mosquitto, and says how it takes them over.
    async fn write_files(&self) -> anyhow::Result<()> {
        let Some(files) = self.files.clone() else { return Ok(()) };
        let access = Arc::clone(&self.access);
        let write = move || files.write(access.acl(), &access.adopted());
        if spawn_blocking(write).await?? {
            tracing::warn!(
                "Mosquitto has to read its passwords and rules again: systemctl reload mosquitto, or SIGHUP"
            );
        }
        Ok(())
    }
}

//! Writer of journald's own protocol: one datagram an event, with fields to search by
//! (<https://systemd.io/JOURNAL_NATIVE_PROTOCOL/>).

use crate::fields::Fields;
use rustix::fs::fstat;
use std::env;
use std::io;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// Where journald listens.
const SOCKET: &str = "/run/systemd/journal/socket";

/// Variable that names what journald reads lines from, as `device:inode`: standard error, where a service runs.
const STREAM: &str = "JOURNAL_STREAM";

/// Writer of events to journald. Priority, target and each field of an event are fields there; its message has them too, for
/// whoever reads lines.
#[derive(Debug)]
pub struct Journald {
    socket: UnixDatagram,
    program: String,
}

impl Journald {
    /// Returns the writer of a process whose standard error journald reads, and of no other.
    pub fn of_service(program: &str) -> Option<Self> {
        let stream = env::var(STREAM).ok()?;
        let (device, inode) = stream.split_once(':')?;
        let stderr = fstat(io::stderr()).ok()?;
        let is_ours = device.parse() == Ok(stderr.st_dev) && inode.parse() == Ok(stderr.st_ino);
        is_ours.then(|| Self::at(Path::new(SOCKET), program).ok()).flatten()
    }

    /// Returns a writer to the socket at a path, in the name of a program.
    ///
    /// # Errors
    /// Nobody listens there.
    pub fn at(socket: &Path, program: &str) -> io::Result<Self> {
        let ours = UnixDatagram::unbound()?;
        ours.connect(socket)?;
        Ok(Self { socket: ours, program: program.to_owned() })
    }
}

/// Priority of syslog, which journald takes over.
fn priority(level: Level) -> &'static str {
    match level {
        Level::ERROR => "3",
        Level::WARN => "4",
        Level::INFO => "6",
        Level::DEBUG | Level::TRACE => "7",
    }
}

impl<S: Subscriber> Layer<S> for Journald {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let meta = event.metadata();
        let mut fields = Fields::default();
        fields.add("PRIORITY", priority(*meta.level()));
        fields.add("SYSLOG_IDENTIFIER", &self.program);
        fields.add("TARGET", meta.target());
        event.record(&mut fields);
        if self.socket.send(&fields.datagram()).is_err() {
            // journald is being started anew: its stream is held by systemd, and takes the line.
            eprintln!("{}: {}", meta.target(), meta.name());
        }
    }
}

//! TLS of the core: a room's own authority, its certificates, and the server's side of connections.
//!
//! One port serves both: the first byte of a connection tells TLS from everything else. Those in clear are told why they
//! are refused, where their protocol has words for it.

mod pending;
mod room;
mod server;

pub(crate) use pending::PendingStream;
pub use room::{CA_FILE, CERT_FILE, KEY_FILE, Renewed, RoomError, RoomFiles};
pub(crate) use server::ServerStream;
pub use server::{PortTls, ServerTls, TlsFileError, TlsFiles};

#[cfg(test)]
mod tests;

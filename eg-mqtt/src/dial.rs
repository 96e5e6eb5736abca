//! Connects a host name to a TCP stream, saying which step failed.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::SockRef;
use thiserror::Error;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

/// Time for the name to become addresses.
const RESOLVE_LIMIT: Duration = Duration::from_secs(4);
/// Time for one address to accept.
const CONNECT_LIMIT: Duration = Duration::from_secs(4);

/// Time within which the other side confirms what it was sent, or is gone.
const UNCONFIRMED: Duration = Duration::from_secs(7);

/// The step that failed. Travels inside an [`io::Error`] through the client library.
#[derive(Debug, Error)]
pub(crate) enum DialError {
    #[error("cannot resolve `{host}`")]
    Resolve { host: String, source: io::Error },
    #[error("{0}")]
    NotFound(String),
    #[error("cannot connect to {address}")]
    Connect { address: String, source: io::Error },
}

/// Resolves `host` and tries its addresses in turn; the stream sends small packets at once.
///
/// # Errors
/// [`DialError::Resolve`] when no address is known, [`DialError::Connect`] with the last address
/// tried when none accepts.
pub(crate) async fn dial(host: &str, port: u16) -> Result<TcpStream, DialError> {
    let unresolved = |source| DialError::Resolve { host: host.to_owned(), source };
    let addresses: Vec<SocketAddr> = match timeout(RESOLVE_LIMIT, lookup_host((host, port))).await {
        Ok(found) => found.map_err(unresolved)?.collect(),
        Err(_) => return Err(unresolved(io::ErrorKind::TimedOut.into())),
    };

    let mut last = unresolved(io::ErrorKind::NotFound.into());
    for address in addresses {
        let attempt = match timeout(CONNECT_LIMIT, TcpStream::connect(address)).await {
            Ok(attempt) => attempt,
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        };
        match attempt.and_then(|stream| prepared(&stream).map(|()| stream)) {
            Ok(stream) => return Ok(stream),
            Err(source) => last = DialError::Connect { address: address.to_string(), source },
        }
    }
    Err(last)
}

/// Lets small packets go at once, and the system give a connection up on which nothing is confirmed (tcp(7),
/// `TCP_USER_TIMEOUT`): what is left in a cut one does not linger for a quarter of an hour.
fn prepared(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    SockRef::from(stream).set_tcp_user_timeout(Some(UNCONFIRMED))
}

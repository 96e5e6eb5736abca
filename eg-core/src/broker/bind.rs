//! Listening on a port, with errors that name it.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};

use super::StartError;

/// Connections the kernel completes while the accept loop is busy: a whole room that comes back at
/// once.
const BACKLOG: u32 = 1024;

/// Listens on `address`; a port that was just freed can be taken again at once.
///
/// # Errors
/// [`StartError`] naming `what` the port is for.
pub(super) fn listen(what: &'static str, address: SocketAddr) -> Result<TcpListener, StartError> {
    let attempt = || {
        let socket = match address {
            SocketAddr::V4(_) => TcpSocket::new_v4()?,
            SocketAddr::V6(_) => TcpSocket::new_v6()?,
        };
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    attempt().map_err(|source: io::Error| {
        let kind = source.kind();
        if kind == io::ErrorKind::AddrInUse {
            StartError::PortTaken { what, address }
        } else if kind == io::ErrorKind::PermissionDenied {
            StartError::PortForbidden { what, address }
        } else if kind == io::ErrorKind::AddrNotAvailable {
            StartError::NotOurAddress { what, address }
        } else {
            StartError::Listen { what, address, source }
        }
    })
}

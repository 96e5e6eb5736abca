//! Listening on a port, with errors that name it.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};

use super::BrokerError;

/// Connections the kernel completes while the accept loop is busy: a whole room that comes back at
/// once.
const BACKLOG: u32 = 1024;

/// Listens on `address`; a port that was just freed can be taken again at once.
///
/// # Errors
/// [`BrokerError`] naming `what` the port is for.
pub(super) fn listen(what: &'static str, address: SocketAddr) -> Result<TcpListener, BrokerError> {
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
            BrokerError::PortTaken { what, address }
        } else if kind == io::ErrorKind::PermissionDenied {
            BrokerError::PortForbidden { what, address }
        } else if kind == io::ErrorKind::AddrNotAvailable {
            BrokerError::NotOurAddress { what, address }
        } else {
            BrokerError::Listen { what, address, source }
        }
    })
}

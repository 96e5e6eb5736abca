//! HTTP servers on ports that were bound before anything started.

use super::connection_limit::{ConnectionLimit, HEAD_TIMEOUT};
use super::context::Context;
use axum::Router;
use axum_server::Handle;
use hyper_util::rt::TokioTimer;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;
use tokio::task::JoinSet;

/// Longest wait for answers under way when the core stops. Streams end by themselves.
const FAREWELL: Duration = Duration::from_secs(2);

/// Error of a port that cannot be listened on.
#[derive(Debug, thiserror::Error)]
pub enum PortError {
    /// The port is taken by another process.
    #[error(
        "port {port} for {what} is taken on {ip}; stop what uses it (another core?), or choose another port",
        port = address.port(), ip = address.ip()
    )]
    Taken {
        /// Purpose of the port, e.g. `the API`.
        what: &'static str,
        /// Address asked for.
        address: SocketAddr,
    },
    /// Listening failed for another reason.
    #[error("cannot listen on {address} for {what}: {source}")]
    Listen {
        /// Purpose of the port, e.g. `the API`.
        what: &'static str,
        /// Address asked for.
        address: SocketAddr,
        /// Error of the system.
        source: io::Error,
    },
}

/// Binds a port; 0 takes a free one. `what` names it in errors, e.g. `the API`.
///
/// # Errors
/// [`PortError`], which names the port.
pub(super) fn bind(what: &'static str, address: SocketAddr) -> Result<TcpListener, PortError> {
    let bound = TcpListener::bind(address);
    bound.map_err(|source| match source.kind() == io::ErrorKind::AddrInUse {
        true => PortError::Taken { what, address },
        false => PortError::Listen { what, address, source },
    })
}

/// Serves the API on one port, and the operator page with the same API on the other, until `context.stop` becomes true.
/// Follows the engine for the pages' list of the latest entries meanwhile.
///
/// # Errors
/// [`io::Error`] of a listener that cannot be used at all.
pub(super) async fn serve(api: TcpListener, page: TcpListener, context: Context) -> io::Result<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(on(api, super::router::api_port(context.clone()), context.clone()));
    tasks.spawn(on(page, super::router::page_port(context.clone()), context.clone()));
    let follow = tokio::spawn({
        let (recent, live) = (context.recent.clone(), context.handle.live());
        async move { recent.follow(live).await }
    });
    let look = tokio::spawn(context.disk.follow(context.journal.path().to_owned()));
    let mut ended = Ok(());
    while let Some(served) = tasks.join_next().await {
        ended = ended.and(served.unwrap_or_else(|panic| Err(io::Error::other(panic))));
    }
    follow.abort();
    look.abort();
    ended
}

async fn on(listener: TcpListener, router: Router, context: Context) -> io::Result<()> {
    let handle = Handle::new();
    let mut stop = context.stop.clone();
    let guard = tokio::spawn({
        let handle = handle.clone();
        async move {
            let stopped = stop.wait_for(|stop| *stop).await;
            drop(stopped);
            handle.graceful_shutdown(Some(FAREWELL));
        }
    });
    listener.set_nonblocking(true)?;
    let seats = ConnectionLimit::new(context.tls.clone());
    // Not `http1_only`: that serves no upgrades, and pages are followed over WebSockets.
    let mut server = axum_server::from_tcp(listener)?.handle(handle).acceptor(seats);
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    let served = server.serve(router.into_make_service_with_connect_info::<SocketAddr>()).await;
    guard.abort();
    served
}

//! Listener of the WebSocket port whose connections may be under TLS.

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use eg_page::{GuardedListener, Guest, Pass};
use std::io;

use crate::tls::{PendingStream, PortTls};

/// Listener behind whose door a handshake may follow.
pub(super) struct SecuredListener {
    inner: GuardedListener,
    tls: Option<PortTls>,
}

impl SecuredListener {
    pub(super) fn new(inner: GuardedListener, tls: Option<PortTls>) -> Self {
        Self { inner, tls }
    }
}

impl Listener for SecuredListener {
    type Io = PendingStream<Guest>;
    type Addr = SecuredPass;

    async fn accept(&mut self) -> (PendingStream<Guest>, SecuredPass) {
        let (guest, pass) = self.inner.accept().await;
        (PendingStream::new(guest, pass.peer().ip(), self.tls.as_ref()), SecuredPass(pass))
    }

    fn local_addr(&self) -> io::Result<SecuredPass> {
        self.inner.local_addr().map(SecuredPass)
    }
}

/// Pass of a connection that came through a [`SecuredListener`].
#[derive(Clone, Debug)]
pub(super) struct SecuredPass(pub(super) Pass);

impl Connected<IncomingStream<'_, SecuredListener>> for SecuredPass {
    fn connect_info(stream: IncomingStream<'_, SecuredListener>) -> Self {
        stream.remote_addr().clone()
    }
}

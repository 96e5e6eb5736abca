//! A port that stays a test's own, whether somebody listens there or not.

use tokio::net::TcpSocket;

/// Port on loopback that the system gives to nobody else while this lives. It is bound and does not listen: a client is
/// refused until a server listens there, which every server may that reuses addresses (`SO_REUSEADDR`, socket(7)).
pub(crate) struct HeldPort {
    pub(crate) number: u16,
    _socket: TcpSocket,
}

impl HeldPort {
    /// Takes a port that is free.
    pub(crate) fn take() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
        Self { number: socket.local_addr().unwrap().port(), _socket: socket }
    }
}

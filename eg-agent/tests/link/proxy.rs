//! A cable to the broker that can be cut without a word: connections stay, and nothing passes.

use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

pub(crate) struct Proxy {
    pub(crate) port: u16,
    frozen: Arc<watch::Sender<bool>>,
}

impl Proxy {
    /// Leads from a port of its own to that of the broker.
    pub(crate) async fn start(broker: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let frozen = Arc::new(watch::Sender::new(false));
        let cut = Arc::clone(&frozen);
        tokio::spawn(async move {
            while let Ok((slot, _)) = listener.accept().await {
                let (up, down) = (cut.subscribe(), cut.subscribe());
                tokio::spawn(async move {
                    let Ok(broker) = TcpStream::connect(("127.0.0.1", broker)).await else {
                        return;
                    };
                    let (from_slot, to_slot) = slot.into_split();
                    let (from_broker, to_broker) = broker.into_split();
                    tokio::select! {
                        () = pass(from_slot, to_broker, up) => {}
                        () = pass(from_broker, to_slot, down) => {}
                    }
                });
            }
        });
        Self { port, frozen }
    }

    /// Lets nothing pass, in either direction, or all that has waited since.
    pub(crate) fn freeze(&self, frozen: bool) {
        self.frozen.send_replace(frozen);
    }
}

async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut frozen: watch::Receiver<bool>,
) {
    let mut bytes = vec![0; 4_096];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if frozen.wait_for(|frozen| !frozen).await.is_err() {
            return;
        }
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

//! Accepts connections, hands MQTT clients to the engine, and disconnects everyone at the end.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::time::Duration;

use eg_page::HalfOpenPermit;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at, sleep, timeout};
use tokio_util::either::Either;

use super::Limits;
use super::admission::not_authorized;
use super::connect_sniff;
use super::connect_sniff::{Greeting, UNKNOWN_VERSION, Unwelcome};
use super::engine::BrokerThread;
use super::report::BrokerReport;
use crate::broker::HANDSHAKE_TIMEOUT;
use crate::broker::thread::Stop;
use crate::tls::{PortTls, ServerStream};

/// Pause after a failed accept: the process is out of file descriptors, and trying again at once
/// would only burn a processor.
const BREATH: Duration = Duration::from_millis(50);
/// Longest wait for clients to disconnect when the broker stops.
const FAREWELL: Duration = Duration::from_secs(5);
/// Interval at which expired sessions are forgotten.
const SWEEP: Duration = Duration::from_secs(60 * 60);

/// Serves clients within these limits, until told to stop.
pub(super) async fn serve(
    listener: TcpListener,
    engine: BrokerThread,
    limits: Limits,
    tls: Option<PortTls>,
    report: BrokerReport,
    mut stop: Stop,
) {
    let most = limits.connections;
    let mut guests = JoinSet::new();
    let remembering = tokio::spawn(engine.clone().remember(stop.clone()));
    let watching = tokio::spawn(engine.clone().watch(stop.clone()));
    let mut sweep = interval_at(Instant::now() + SWEEP, SWEEP);
    loop {
        let accepted = tokio::select! {
            biased;
            () = stop.wanted() => break,
            Some(ended) = guests.join_next() => {
                if ended.is_err() {
                    tracing::error!("serving a client panicked; the others go on");
                }
                continue;
            }
            _ = sweep.tick() => {
                engine.sweep().await;
                continue;
            }
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) if guests.len() < most => {
                let place = report.half_open.enter(peer.ip());
                guests.spawn(welcome(
                    (stream, peer),
                    place,
                    limits.packet,
                    tls.clone(),
                    engine.clone(),
                    report.clone(),
                    stop.clone(),
                ));
            }
            Ok((_, peer)) => {
                report.turned_away.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(%peer, most, "the broker is full");
            }
            Err(error) => {
                tracing::warn!(%error, "the broker cannot accept a connection");
                sleep(BREATH).await;
            }
        }
    }
    drop(listener);

    engine.dismiss();
    let all_gone = timeout(FAREWELL, async { while guests.join_next().await.is_some() {} }).await;
    if all_gone.is_err() {
        tracing::warn!(left = guests.len(), "some clients did not let go in time");
        guests.shutdown().await;
    }
    if watching.await.is_err() {
        tracing::error!("watching over who may stay panicked");
    }
    if remembering.await.is_err() {
        tracing::error!("remembering what older clients subscribed to panicked");
    }
    engine.close().await;
}

async fn welcome(
    (stream, peer): (TcpStream, SocketAddr),
    mut place: HalfOpenPermit,
    most: usize,
    tls: Option<PortTls>,
    engine: BrokerThread,
    report: BrokerReport,
    mut stop: Stop,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%peer, %error, "small packets to this client may be late");
    }
    let heard = tokio::select! {
        biased;
        () = stop.wanted() => return,
        heard = timeout(HANDSHAKE_TIMEOUT, hear(stream, peer, tls, most)) => heard.ok(),
        () = place.displaced() => None,
    };
    drop(place);
    match heard {
        Some(Ok((stream, Ok(greeting)))) => {
            let level = greeting.level;
            if let Err(mut stream) = engine.serve(stream, peer, greeting).await {
                report.turned_away.fetch_add(1, Ordering::Relaxed);
                answer(&mut stream, peer, not_authorized(level)).await;
            }
        }
        Some(Ok((stream, Err(why)))) => {
            report.turned_away.fetch_add(1, Ordering::Relaxed);
            refuse(stream, peer, &why).await;
        }
        Some(Err(error)) => {
            report.turned_away.fetch_add(1, Ordering::Relaxed);
            if error.kind() == io::ErrorKind::PermissionDenied {
                tracing::warn!(%peer, %error, "a client was turned away");
            } else {
                tracing::debug!(%peer, %error, "a TLS handshake failed");
            }
        }
        None => {
            report.turned_away.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Reads the CONNECT packet, under TLS or, from who may come so, in clear.
async fn hear(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<PortTls>,
    most: usize,
) -> io::Result<(ServerStream, Result<Greeting, Unwelcome>)> {
    let mut stream = match tls {
        None => Either::Left(stream),
        Some(tls) => tls.accept(stream, peer.ip()).await?,
    };
    let heard = connect_sniff::hear(&mut stream, most).await;
    Ok((stream, heard))
}

/// Reports why a connection is refused, to the log and, where MQTT has a code for it, to the client.
async fn refuse(mut stream: ServerStream, peer: SocketAddr, why: &Unwelcome) {
    match why {
        Unwelcome::Gone(_) | Unwelcome::Strange => {
            tracing::debug!(%peer, %why, "a connection was turned away");
        }
        Unwelcome::Text { .. } => tracing::warn!(%peer, %why, "a client was turned away"),
        Unwelcome::Version => {
            tracing::warn!(%peer, %why, "a client was turned away");
            answer(&mut stream, peer, UNKNOWN_VERSION).await;
        }
    }
}

/// Says to a client why it is refused.
async fn answer(stream: &mut ServerStream, peer: SocketAddr, connack: &[u8]) {
    let said = timeout(HANDSHAKE_TIMEOUT, async {
        stream.write_all(connack).await?;
        stream.shutdown().await
    });
    if !matches!(said.await, Ok(Ok(()))) {
        tracing::debug!(%peer, "the client was gone before it heard why");
    }
}

//! Accepts connections, lets those in who speak MQTT, and sees everyone out at the end.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at, sleep, timeout};

use super::engine::Engine;
use super::{News, greeting};
use crate::broker::half_open::{PATIENCE, Place};
use crate::broker::thread::Stop;

/// Pause after a failed accept: the process is out of file descriptors, and trying again at once
/// would only burn a processor.
const BREATH: Duration = Duration::from_millis(50);
/// Time for clients to be let go at the end.
const FAREWELL: Duration = Duration::from_secs(5);
/// How often expired sessions are forgotten.
const SWEEP: Duration = Duration::from_secs(60 * 60);

/// Serves until told to stop, at most `most` connections at a time.
pub(super) async fn serve(
    listener: TcpListener,
    engine: Engine,
    most: usize,
    news: News,
    mut stop: Stop,
) {
    let mut guests = JoinSet::new();
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
                let place = news.half_open.enter();
                guests.spawn(welcome(
                    stream,
                    peer,
                    place,
                    engine.clone(),
                    news.clone(),
                    stop.clone(),
                ));
            }
            Ok((_, peer)) => {
                news.turned_away.fetch_add(1, Ordering::Relaxed);
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
    engine.close().await;
}

async fn welcome(
    stream: TcpStream,
    peer: SocketAddr,
    mut place: Place,
    engine: Engine,
    news: News,
    mut stop: Stop,
) {
    let spoke = tokio::select! {
        biased;
        () = stop.wanted() => return,
        heard = timeout(PATIENCE, greeting::heard(&stream)) => matches!(heard, Ok(Ok(()))),
        () = place.displaced() => false,
    };
    drop(place);
    if !spoke {
        news.turned_away.fetch_add(1, Ordering::Relaxed);
        return;
    }
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%peer, %error, "small packets to this client may be late");
    }
    engine.serve(stream, peer).await;
}

//! The task that polls the connection, and only polls and forwards.

use std::sync::Arc;
use std::time::Duration;

use rumqttc::{
    AckMode, AsyncClient, ConnectionError, Event, EventLoop, LastWill, MqttOptions, NetworkOptions,
    Packet, Publish, QoS, SubAck, SubscribeFilter, SubscribeReasonCode,
};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::either::Either;

use crate::back_off::BackOff;
use crate::client::{AckToken, Client};
use crate::dial::{DialError, dial};
use crate::disconnect::DisconnectError;
use crate::incoming::{Incoming, Message, Notice};
use crate::link::{Link, Phase};
use crate::options::{MAX_PACKET, Options, OptionsError, Qos, Subscription};
use crate::shared_address::SharedAddress;
use crate::tls::secure;

/// Time for resolving, connecting and the broker's answer together; and for one flush.
const NETWORK_LIMIT_S: u64 = 10;
/// Packets above [`MAX_PACKET`] and below this are dropped one by one; above, the connection ends.
const CEILING: usize = 1024 * 1024;
/// Publications taken from the queue into one write.
const BATCH: usize = 64;
/// A connection that held this long was a good one: the next wait is short again.
const HELD: Duration = Duration::from_secs(1);

/// Starts to connect, and goes on until [`Client::disconnect`] or until every client is dropped.
///
/// # Errors
/// [`OptionsError`] for options that no broker would take. That the broker is away is not an
/// error: [`Incoming`] tells, and the client tries again.
///
/// # Panics
/// Outside a tokio runtime.
pub fn connect(
    options: Options,
    subscriptions: impl IntoIterator<Item = Subscription>,
) -> Result<(Client, Incoming), OptionsError> {
    let subscriptions: Vec<Subscription> = subscriptions.into_iter().collect();
    options.check(&subscriptions)?;

    let library = library_options(&options);
    let builder = AsyncClient::builder(library).capacity(options.queue);
    let (requests, mut connection) = builder.build();
    let mut network = NetworkOptions::new();
    network.set_tcp_nodelay(true);
    network.set_connection_timeout(NETWORK_LIMIT_S);
    connection.set_network_options(network);

    let link = Arc::new(Link::new(requests));
    let (notices_in, notices) = mpsc::channel(options.queue);
    let task = EventLoopTask {
        phase: link.phase(),
        link: Arc::clone(&link),
        connection,
        notices: notices_in,
        subscriptions,
        manual_acks: options.manual_acks,
        keep_alive: options.keep_alive,
        silence: options.silence,
        heard: Instant::now(),
        back_off: BackOff::default(),
        subscribed_once: false,
        awaiting_grant: None,
        online_since: None,
    };
    tokio::spawn(task.run());
    Ok((Client::new(link), Incoming { notices }))
}

fn library_options(options: &Options) -> MqttOptions {
    let mut library = MqttOptions::new(&options.client_id, (options.host.clone(), options.port));
    let seconds = options.keep_alive.as_secs();
    library
        .set_keep_alive(u16::try_from(seconds).unwrap_or(u16::MAX))
        .set_clean_session(!options.persistent)
        .set_max_packet_size(CEILING, MAX_PACKET)
        .set_inflight(options.in_flight)
        .set_max_request_batch(BATCH)
        .set_ack_mode(if options.manual_acks { AckMode::Manual } else { AckMode::Automatic });
    if let Some(will) = &options.will {
        let (topic, payload) = (will.topic.clone(), will.payload.to_vec());
        library.set_last_will(LastWill::new(topic, payload, library_qos(will.qos), will.retained));
    }
    if let Some(credentials) = &options.credentials {
        let password = credentials.password.clone().into_bytes();
        library.set_credentials(&credentials.user, password);
    }
    let (host, port, tls) = (options.host.clone(), options.port, options.tls.clone());
    let found = options.found.clone();
    library.set_socket_connector(move |_, _| {
        let tls = tls.clone();
        let place = found.as_ref().map_or_else(|| Ok((host.clone(), port)), SharedAddress::now);
        async move {
            let place = place.map_err(DialError::NotFound);
            let (host, port) = place.map_err(std::io::Error::other)?;
            let stream = dial(&host, port).await.map_err(std::io::Error::other)?;
            match tls {
                None => Ok(Either::Left(stream)),
                Some(trust) => {
                    let secured = secure(&trust, &host, stream).await;
                    secured.map(Either::Right).map_err(std::io::Error::other)
                }
            }
        }
    });
    library
}

fn library_qos(qos: Qos) -> QoS {
    match qos {
        Qos::AtMostOnce => QoS::AtMostOnce,
        Qos::AtLeastOnce => QoS::AtLeastOnce,
    }
}

struct EventLoopTask {
    link: Arc<Link>,
    phase: watch::Receiver<Phase>,
    connection: EventLoop,
    notices: mpsc::Sender<Notice>,
    subscriptions: Vec<Subscription>,
    manual_acks: bool,
    keep_alive: Duration,
    silence: Duration,
    /// Moment of the broker's last packet, or of the end of a wait during which nothing was read.
    heard: Instant,
    back_off: BackOff,
    /// The broker has seen this process's list, which may be longer than the one it remembers.
    subscribed_once: bool,
    /// SUBSCRIBE was sent; holds whether the broker knew the session.
    awaiting_grant: Option<bool>,
    online_since: Option<Instant>,
}

impl Drop for EventLoopTask {
    fn drop(&mut self) {
        self.link.leave(Phase::Ended);
    }
}

impl EventLoopTask {
    async fn run(mut self) {
        loop {
            let linked = self.link.state().linked;
            let polled = tokio::select! {
                biased;
                () = left(&mut self.phase, linked) => return,
                polled = poll(&mut self.connection, &self.link, self.silence, self.heard) => polled,
            };
            self.link.room.notify_waiters();
            let lost = match polled {
                Some(Ok(event)) => {
                    let spoke = matches!(event, Event::Incoming(_));
                    let lost = self.take(event).await;
                    if spoke {
                        self.heard = Instant::now();
                    }
                    lost
                }
                Some(Err(ConnectionError::RequestsDone)) => return,
                Some(Err(error)) => Some(DisconnectError::new(error, linked)),
                None => Some(DisconnectError::Silent),
            };
            if let Some(error) = lost {
                self.forget();
                if self.link.leaving() {
                    return;
                }
                let retry_in = self.back_off();
                self.forward(Notice::Lost { error, retry_in }).await;
                tokio::select! {
                    () = left(&mut self.phase, false) => return,
                    () = self.link.hurry.notified() => {}
                    () = sleep(retry_in) => {}
                }
            }
        }
    }

    /// Handles one event; gives the reason when the connection is to be dropped.
    async fn take(&mut self, event: Event) -> Option<DisconnectError> {
        if let Event::Incoming(Packet::Publish(publish)) = &event {
            self.arrived(publish).await
        } else if let Event::Incoming(Packet::ConnAck(answer)) = &event {
            self.accepted(answer.session_present).await
        } else if let Event::Incoming(Packet::SubAck(answer)) = &event {
            self.granted(answer).await
        } else {
            None
        }
    }

    async fn accepted(&mut self, session_present: bool) -> Option<DisconnectError> {
        {
            let mut state = self.link.state();
            state.linked = true;
            state.epoch += 1;
            if self.link.leaving() {
                self.link.say_goodbye();
                return None;
            }
        }
        if self.subscriptions.is_empty() || (session_present && self.subscribed_once) {
            return self.online(session_present, Vec::new()).await;
        }
        let filters = self.subscriptions.iter().map(|wanted| SubscribeFilter {
            path: wanted.filter.clone(),
            qos: library_qos(wanted.qos),
        });
        self.awaiting_grant = Some(session_present);
        match self.link.requests.try_subscribe_many(filters) {
            Ok(()) => None,
            Err(error) => Some(DisconnectError::Protocol { detail: error.to_string() }),
        }
    }

    async fn granted(&mut self, answer: &SubAck) -> Option<DisconnectError> {
        let session_present = self.awaiting_grant.take()?;
        self.subscribed_once = true;
        let answers = self.subscriptions.iter().zip(&answer.return_codes);
        let refused = answers
            .filter(|(_, code)| matches!(code, SubscribeReasonCode::Failure))
            .map(|(wanted, _)| wanted.filter.clone())
            .collect();
        self.online(session_present, refused).await
    }

    async fn online(
        &mut self,
        session_present: bool,
        refused: Vec<String>,
    ) -> Option<DisconnectError> {
        self.link.state().online = true;
        self.online_since = Some(Instant::now());
        self.forward(Notice::Connected { session_present, refused }).await
    }

    async fn arrived(&mut self, publish: &Publish) -> Option<DisconnectError> {
        let topic = String::from_utf8_lossy(&publish.topic).into_owned();
        let epoch = self.link.state().epoch;
        let ack = match self.manual_acks {
            true => self.link.requests.prepare_ack(publish).map(|ack| AckToken { epoch, ack }),
            false => None,
        };
        if publish.size() > MAX_PACKET {
            if let Some(token) = ack {
                self.link.try_ack(token.epoch, &token.ack);
            }
            let bytes = publish.payload.len();
            return self.forward(Notice::Oversize { topic, bytes }).await;
        }
        let (payload, retained) = (publish.payload.clone(), publish.retain);
        let message = Message { topic, payload, retained, repeated: publish.dup, ack };
        self.forward(Notice::Message(message)).await
    }

    /// Hands a notice to the reader, waiting for a place as long as a broker would be patient.
    async fn forward(&mut self, notice: Notice) -> Option<DisconnectError> {
        let mut stalled = None;
        let room = match self.notices.try_reserve() {
            Ok(room) => room,
            Err(mpsc::error::TrySendError::Closed(())) => return None,
            Err(mpsc::error::TrySendError::Full(())) => {
                let first = tokio::select! {
                    _ = self.phase.wait_for(|phase| *phase != Phase::Open) => return None,
                    first = timeout(self.keep_alive, self.notices.reserve()) => first,
                };
                match first {
                    Ok(Ok(room)) => room,
                    Ok(Err(_)) => return None,
                    Err(_) => {
                        stalled = Some(DisconnectError::Stalled);
                        forget(&self.link, &mut self.connection);
                        tokio::select! {
                            _ = self.phase.wait_for(|phase| *phase != Phase::Open) => return None,
                            room = self.notices.reserve() => room.ok()?,
                        }
                    }
                }
            }
        };
        room.send(notice);
        stalled
    }

    fn forget(&mut self) {
        forget(&self.link, &mut self.connection);
        self.awaiting_grant = None;
    }

    fn back_off(&mut self) -> Duration {
        if self.online_since.take().is_some_and(|since| since.elapsed() >= HELD) {
            self.back_off.reset();
        }
        let chance: f64 = rand::random();
        // Two that wait for each other must not come back in one instant.
        let shortest_wait = self.link.state().shortest_wait.mul_f64(1.0 + chance);
        self.back_off.next(chance).max(shortest_wait)
    }
}

/// Polls the connection once. A broker that has let the client in is asked for a sign of life when nothing was heard of
/// it for half of `silence`, and `None` is returned when that goes on. The poll itself is never cut short.
async fn poll(
    connection: &mut EventLoop,
    link: &Link,
    silence: Duration,
    heard: Instant,
) -> Option<Result<Event, ConnectionError>> {
    let linked = link.state().linked;
    let poll = connection.poll();
    tokio::pin!(poll);
    let mut asks = linked;
    loop {
        tokio::select! {
            biased;
            polled = &mut poll => return Some(polled),
            () = sleep_until(heard + silence), if linked => return None,
            () = sleep_until(heard + silence / 2), if asks => {
                link.probe();
                asks = false;
            }
        }
    }
}

/// Drops the connection and all that was on its way: whoever sent it is told, and sends it again.
fn forget(link: &Link, connection: &mut EventLoop) {
    let mut state = link.state();
    state.linked = false;
    state.online = false;
    connection.clean();
    connection.reset_session_state();
    drop(state);
    link.room.notify_waiters();
}

/// Resolves when the pump has to stop without further polling.
async fn left(phase: &mut watch::Receiver<Phase>, linked: bool) {
    let stop = |phase: &Phase| match phase {
        Phase::Open => false,
        Phase::Leaving => !linked,
        Phase::Cut | Phase::Ended => true,
    };
    if phase.wait_for(stop).await.is_err() {
        tracing::debug!("every client is gone");
    }
}

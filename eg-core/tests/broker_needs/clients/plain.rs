//! Client for MQTT 3.1.1 (rumqttc) that never connects twice.

use rumqttc::{
    AsyncClient, Event, Incoming, LastWill, MqttOptions, NetworkOptions, Outgoing, PublishOptions,
    QoS, SubscribeReasonCode,
};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;

use crate::guarded;
use crate::under_test::Target;

/// Options of a client's connection.
pub(crate) struct Wish<'a> {
    pub(crate) id: &'a str,
    pub(crate) clean: bool,
    /// Topic of the will, and `true` if it is to be retained; payload `gone`, QoS 1.
    pub(crate) will: Option<(&'a str, bool)>,
    /// User name and password.
    pub(crate) credentials: Option<(&'a str, &'a str)>,
}

impl<'a> Wish<'a> {
    pub(crate) fn new(id: &'a str) -> Self {
        Self { id, clean: true, will: None, credentials: None }
    }
}

/// Message that a client received.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arrival {
    pub(crate) topic: String,
    pub(crate) payload: String,
    pub(crate) qos: QoS,
    pub(crate) retained: bool,
}

pub(crate) struct Plain {
    requests: AsyncClient,
    arrivals: UnboundedReceiver<Arrival>,
    task: JoinHandle<()>,
    pub(crate) session_present: bool,
}

impl Plain {
    pub(crate) async fn connect(target: &Target, id: &str) -> Self {
        Self::connect_as(target, Wish::new(id)).await
    }

    /// Connects to the broker on this port.
    pub(crate) async fn connect_at(port: u16, id: &str) -> Self {
        Self::connect_with(port, Wish::new(id)).await
    }

    pub(crate) async fn connect_as(target: &Target, wish: Wish<'_>) -> Self {
        Self::connect_with(target.port(), wish).await
    }

    async fn connect_with(port: u16, wish: Wish<'_>) -> Self {
        Self::try_connect(port, wish).await.expect("the broker accepts the client")
    }

    /// Connects to the broker on this port; `None` if it is refused.
    pub(crate) async fn try_connect(port: u16, wish: Wish<'_>) -> Option<Self> {
        let mut options = MqttOptions::new(wish.id, ("127.0.0.1", port));
        options
            .set_clean_session(wish.clean)
            .set_max_packet_size(1 << 20, 1 << 20)
            .set_inflight(1_000)
            .set_max_request_batch(64);
        if let Some((user, password)) = wish.credentials {
            options.set_credentials(user, password.to_owned());
        }
        if let Some((topic, retained)) = wish.will {
            options.set_last_will(LastWill::new(topic, "gone", QoS::AtLeastOnce, retained));
        }
        let (requests, mut connection) = AsyncClient::builder(options).capacity(1_000).build();
        let mut network = NetworkOptions::new();
        network.set_tcp_nodelay(true);
        connection.set_network_options(network);

        let first = guarded("CONNACK", connection.poll()).await.ok()?;
        let Event::Incoming(Incoming::ConnAck(accepted)) = first else {
            panic!("CONNACK is first, not {first:?}");
        };
        let (arrive, arrivals) = unbounded_channel();
        let task = tokio::spawn(async move {
            while let Ok(event) = connection.poll().await {
                if let Event::Incoming(Incoming::Publish(publish)) = event {
                    let arrival = Arrival {
                        topic: String::from_utf8(publish.topic.to_vec()).unwrap(),
                        payload: String::from_utf8_lossy(&publish.payload).into_owned(),
                        qos: publish.qos,
                        retained: publish.retain,
                    };
                    if arrive.send(arrival).is_err() {
                        break;
                    }
                } else if event == Event::Outgoing(Outgoing::Disconnect) {
                    break;
                }
            }
        });
        Some(Self { requests, arrivals, task, session_present: accepted.session_present })
    }

    /// Subscribes, and waits until the broker has granted it.
    pub(crate) async fn subscribe(&self, filter: &str, qos: QoS) {
        assert!(self.try_subscribe(filter, qos).await, "{filter} refused");
    }

    /// Subscribes; returns `true` if the broker has granted it.
    pub(crate) async fn try_subscribe(&self, filter: &str, qos: QoS) -> bool {
        let asked = self.requests.subscribe_tracked(filter, qos).await.unwrap();
        let answer = guarded("SUBACK", asked.wait_async()).await.unwrap();
        !answer.return_codes.contains(&SubscribeReasonCode::Failure)
    }

    /// Publishes, and waits until the broker has acknowledged it.
    pub(crate) async fn publish(&self, topic: &str, payload: &str, qos: QoS, retained: bool) {
        assert!(self.try_publish(topic, payload, qos, retained).await, "{topic} not acknowledged");
    }

    /// Publishes; returns `true` if the broker has acknowledged it.
    pub(crate) async fn try_publish(
        &self,
        topic: &str,
        payload: &str,
        qos: QoS,
        retained: bool,
    ) -> bool {
        let options = PublishOptions::new(qos).retain(retained);
        let sent = self.requests.publish_tracked(topic, payload.to_owned(), options).await;
        match sent {
            Ok(sent) => guarded("acknowledgement", sent.wait_async()).await.is_ok(),
            Err(_) => false,
        }
    }

    /// Publishes many messages with QoS 1, in order, all on their way together; returns the number of those that the
    /// broker acknowledged.
    pub(crate) async fn publish_many(&self, topic: &str, payloads: Vec<String>) -> usize {
        let mut on_their_way = Vec::new();
        for payload in payloads {
            let options = PublishOptions::at_least_once();
            on_their_way
                .push(self.requests.publish_tracked(topic, payload, options).await.unwrap());
        }
        let mut acknowledged = 0;
        for sent in on_their_way {
            acknowledged += usize::from(guarded("PUBACK", sent.wait_async()).await.is_ok());
        }
        acknowledged
    }

    /// Waits for the next message.
    pub(crate) async fn next(&mut self) -> Arrival {
        guarded("a message", self.arrivals.recv()).await.expect("the connection stands")
    }

    /// Waits for the next message; returns its topic and payload.
    pub(crate) async fn next_text(&mut self) -> (String, String) {
        let arrival = self.next().await;
        (arrival.topic, arrival.payload)
    }

    /// Disconnects in good order.
    pub(crate) async fn leave(self) {
        self.requests.disconnect().await.unwrap();
        guarded("the end of the connection", self.task).await.unwrap();
    }

    /// Cuts the connection without a DISCONNECT.
    pub(crate) async fn cut(self) {
        self.task.abort();
        // The broker may have ended it just before.
        assert!(self.task.await.err().is_none_or(|error| error.is_cancelled()));
    }

    /// Waits until the broker has closed the connection.
    pub(crate) async fn closed(self) {
        guarded("the broker to close the connection", self.task).await.unwrap();
    }
}

//! Options of a connection, checked before it starts.

use std::time::Duration;

use bytes::Bytes;
use thiserror::Error;

use crate::shared_address::SharedAddress;
use crate::tls::Trust;

/// Largest MQTT packet sent or taken, in bytes: fixed header, topic and payload together.
pub const MAX_PACKET: usize = 256 * 1024;

/// Delivery guarantee of a message. EG needs nothing above at least once: what must count once carries its own number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qos {
    /// 0: sent once, lost when the connection is lost.
    AtMostOnce,
    /// 1: sent until acknowledged, so it may arrive twice.
    AtLeastOnce,
}

/// A message to publish: the will, or the last words before a clean end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Topic, without wildcards.
    pub topic: String,
    /// Payload, as it goes on the wire.
    pub payload: Bytes,
    /// Delivery.
    pub qos: Qos,
    /// True: the broker keeps it for those who subscribe later.
    pub retained: bool,
}

/// A topic filter and the delivery asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Filter; `+` stands for one level, `#` for all that follow.
    pub filter: String,
    /// Highest delivery wanted; the broker may grant less.
    pub qos: Qos,
}

impl Subscription {
    /// A subscription to `filter`.
    pub fn new(filter: impl Into<String>, qos: Qos) -> Self {
        Self { filter: filter.into(), qos }
    }
}

/// User name and password, sent in clear unless the connection is under TLS.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// User name.
    pub user: String,
    /// Password.
    pub password: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).finish_non_exhaustive()
    }
}

/// Address, name and limits of a connection.
#[derive(Clone, Debug)]
pub struct Options {
    /// Host name or address of the broker.
    pub host: String,
    /// TCP port of the broker.
    pub port: u16,
    /// Address that takes the place of both: where the broker was found, at each connection anew.
    pub found: Option<SharedAddress>,
    /// Name of this client at the broker; a second client of that name takes its place.
    pub client_id: String,
    /// Published by the broker when this client is cut off.
    pub will: Option<Publication>,
    /// True: the broker keeps the subscriptions, and what they matched, while this client is away.
    pub persistent: bool,
    /// Sent with the connection when the broker asks for them.
    pub credentials: Option<Credentials>,
    /// Rule by which the broker is believed under TLS; `None` for a connection in clear.
    pub tls: Option<Trust>,
    /// True: a message counts as taken when [`Client::ack`](crate::Client::ack) says so, not when
    /// it arrives. The broker repeats what was not acknowledged, and holds back more than it
    /// allows in flight.
    pub manual_acks: bool,
    /// Interval told to the broker, in whole seconds, 1 s to 18 h: it gives a client up that is
    /// silent for one and a half of it.
    pub keep_alive: Duration,
    /// Silence after which a broker is given up, at least 1 s. After half of it the broker is asked
    /// for a sign of life.
    pub silence: Duration,
    /// Publications sent and not yet acknowledged, at most; at least 1.
    pub in_flight: u16,
    /// Places in each of the queues: publications that wait to be sent, notices that wait to be
    /// read. At least 1.
    pub queue: usize,
}

impl Options {
    /// A clean session without will or credentials; a broker that is silent for 7 s is given up.
    pub fn new(host: impl Into<String>, port: u16, client_id: impl Into<String>) -> Self {
        Self {
            host: host.into(),
            port,
            found: None,
            client_id: client_id.into(),
            will: None,
            persistent: false,
            credentials: None,
            tls: None,
            manual_acks: false,
            keep_alive: Duration::from_secs(10),
            silence: Duration::from_secs(7),
            in_flight: 256,
            queue: 1024,
        }
    }

    /// Refuses what no broker would take.
    pub(crate) fn check(&self, subscriptions: &[Subscription]) -> Result<(), OptionsError> {
        if self.client_id.is_empty() {
            return Err(OptionsError::NoClientId);
        }
        if self.in_flight == 0 || self.queue == 0 {
            return Err(OptionsError::NoRoom { in_flight: self.in_flight, queue: self.queue });
        }
        let seconds = self.keep_alive.as_secs();
        if !(1..=u64::from(u16::MAX)).contains(&seconds) {
            return Err(OptionsError::KeepAlive { seconds });
        }
        if self.silence < Duration::from_secs(1) {
            return Err(OptionsError::Silence { silence: self.silence });
        }
        if let Some(will) = &self.will {
            if !is_topic(&will.topic) {
                return Err(OptionsError::WillTopic { topic: will.topic.clone() });
            }
            let bytes = will.topic.len() + will.payload.len();
            if bytes > usize::from(u16::MAX) {
                return Err(OptionsError::WillTooLarge { bytes });
            }
        }
        let is_filter = |filter: &str| is_clean(filter) && rumqttc::valid_filter(filter);
        match subscriptions.iter().find(|s| !is_filter(&s.filter)) {
            Some(s) => Err(OptionsError::Filter { filter: s.filter.clone() }),
            None => Ok(()),
        }
    }
}

/// True if `topic` may be published to: not empty, no wildcard, at most 65,535 bytes, and nothing for which brokers and
/// clients hang up (control characters and Unicode's non-characters; MQTT 3.1.1, section 1.5.3).
pub(crate) fn is_topic(topic: &str) -> bool {
    !topic.is_empty()
        && topic.len() <= usize::from(u16::MAX)
        && !topic.contains(['+', '#'])
        && is_clean(topic)
        && rumqttc::valid_topic(topic)
}

fn is_clean(text: &str) -> bool {
    let is_bad = |c: char| {
        let code = u32::from(c);
        c.is_control() || (0xfdd0..=0xfdef).contains(&code) || code & 0xfffe == 0xfffe
    };
    !text.chars().any(is_bad)
}

/// Options that no broker would take.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum OptionsError {
    /// The client id is empty.
    #[error("the MQTT client id is empty; give each client a name of its own, such as slot-01")]
    NoClientId,
    /// A queue without places.
    #[error(
        "an MQTT client needs at least 1 place in flight and in its queue, not {in_flight} and {queue}"
    )]
    NoRoom {
        /// Publications in flight asked for.
        in_flight: u16,
        /// Queue places asked for.
        queue: usize,
    },
    /// Keep-alive out of range.
    #[error("the MQTT keep-alive is 1 to 65535 seconds, not {seconds}")]
    KeepAlive {
        /// Whole seconds asked for.
        seconds: u64,
    },
    /// Silence too short.
    #[error("a silent MQTT broker is given up after 1 second or more, not after {silence:?}")]
    Silence {
        /// Silence asked for.
        silence: Duration,
    },
    /// The will's topic cannot be published to.
    #[error(
        "the will cannot be published to {topic:?}; a topic is not empty and has no +, no # and no control character"
    )]
    WillTopic {
        /// Topic asked for.
        topic: String,
    },
    /// The will is larger than MQTT allows.
    #[error("the will has {bytes} bytes of topic and payload; MQTT allows 65535")]
    WillTooLarge {
        /// Topic and payload together.
        bytes: usize,
    },
    /// The filter is none.
    #[error(
        "{filter:?} is not a topic filter; + stands for one whole level, # for all the last ones, and there are no control characters"
    )]
    Filter {
        /// Filter asked for.
        filter: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_filter_with_half_a_wildcard_and_names_it() {
        let options = Options::new("localhost", 1883, "slot-01");

        let refused = options.check(&[Subscription::new("eg/dev+/status", Qos::AtMostOnce)]);

        assert_eq!(refused, Err(OptionsError::Filter { filter: "eg/dev+/status".into() }));
    }

    #[test]
    fn refuses_topics_for_which_others_hang_up() {
        let bad = ["prop/\u{1}/state", "a\0", "\u{9f}", "\u{fdd0}", "\u{ffff}", "a/+", "#", ""];

        assert!(bad.iter().all(|topic| !is_topic(topic)));
        assert!(["prop/état", "a b", "$SYS/x"].iter().all(|topic| is_topic(topic)));
    }

    #[test]
    fn refuses_a_client_without_a_name() {
        let refused = Options::new("localhost", 1883, "").check(&[]);

        assert_eq!(refused, Err(OptionsError::NoClientId));
    }

    #[test]
    fn never_shows_a_password() {
        let credentials = Credentials { user: "slot-01".into(), password: "s3cret".into() };

        let shown = format!("{credentials:?}");

        assert!(shown.contains("slot-01") && !shown.contains("s3cret"), "{shown}");
    }
}

//! Reasons why a connection does not stand.

use std::io;

use rumqttc::{ConnectReturnCode, ConnectionError, PacketType, ProtocolViolation, StateError};
use thiserror::Error;

use crate::dial::DialError;
use crate::options::MAX_PACKET;
use crate::tls::TlsError;

/// Reasons why a connection could not be made, or was lost. The client tries again in every case.
#[derive(Debug, Error)]
pub enum DisconnectError {
    /// The host name has no address.
    #[error(
        "cannot resolve the broker's host `{host}`: {source}; check the name, or give an address"
    )]
    Resolve {
        /// Host as configured.
        host: String,
        /// Error of the resolver.
        source: io::Error,
    },
    /// The broker is looked for, and was not found.
    #[error("{0}")]
    NotFound(String),
    /// The address accepts no connection.
    #[error(
        "cannot connect to the broker at {address}: {source}; check that it runs and that no firewall is between"
    )]
    Connect {
        /// Address tried last.
        address: String,
        /// Error of the system.
        source: io::Error,
    },
    /// TLS failed: the broker does not speak it, or is not who it should be.
    #[error(transparent)]
    Tls(TlsError),
    /// The connection was accepted, then nothing came.
    #[error(
        "the broker accepted the connection and did not answer in time; check that the port is one for MQTT"
    )]
    NoAnswer,
    /// The broker answered and said no.
    #[error("the broker refused the connection: {0}")]
    Refused(Refusal),
    /// The other side does not speak MQTT 3.1.1.
    #[error("what answers does not speak MQTT 3.1.1: {detail}; check host and port")]
    NotMqtt {
        /// Fault in the answer.
        detail: String,
    },
    /// A packet above the limit came in.
    #[error("the broker sent a packet of {bytes} bytes; the limit is {limit}, so lower the broker's own limit to that", limit = MAX_PACKET)]
    Oversize {
        /// Size announced, without the fixed header.
        bytes: usize,
    },
    /// The broker closed the connection. Two clients of one name do this to each other.
    #[error("the broker closed the connection; is another client of the same name connected")]
    Closed,
    /// Nothing came from the broker any more, not even the answer to a ping.
    #[error("the broker is silent: a ping was not answered")]
    Silent,
    /// The connection stood and no bytes could be sent for too long.
    #[error("the broker takes nothing any more: bytes could not be sent in time")]
    Blocked,
    /// The caller did not read [`Incoming`](crate::Incoming) for a whole keep-alive.
    #[error("messages were not read for a whole keep-alive, so the connection was given up")]
    Stalled,
    /// The network failed under the connection.
    #[error("the connection broke: {0}")]
    Io(#[source] io::Error),
    /// The broker broke the protocol.
    #[error("the broker broke the protocol: {detail}")]
    Protocol {
        /// Violation by the broker.
        detail: String,
    },
}

/// Answers of a broker to a connection that it does not want (MQTT 3.1.1, table 3.1).
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// Code 1.
    #[error("it does not speak MQTT 3.1.1 (code 1)")]
    ProtocolVersion,
    /// Code 2.
    #[error("it does not accept the client id (code 2)")]
    ClientId,
    /// Code 3.
    #[error("the service is unavailable (code 3)")]
    Unavailable,
    /// Code 4.
    #[error("bad user name or password (code 4)")]
    Credentials,
    /// Code 5.
    #[error("not authorized; does it want a user name and password (code 5)")]
    NotAuthorized,
}

impl Refusal {
    fn new(code: ConnectReturnCode) -> Option<Self> {
        match code {
            ConnectReturnCode::Success => None,
            ConnectReturnCode::RefusedProtocolVersion => Some(Self::ProtocolVersion),
            ConnectReturnCode::BadClientId => Some(Self::ClientId),
            ConnectReturnCode::ServiceUnavailable => Some(Self::Unavailable),
            ConnectReturnCode::BadUserNamePassword => Some(Self::Credentials),
            ConnectReturnCode::NotAuthorized => Some(Self::NotAuthorized),
        }
    }
}

impl DisconnectError {
    /// Reads the library's error; `linked` tells whether the broker had accepted the client.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the library's errors grow")]
    pub(crate) fn new(error: ConnectionError, linked: bool) -> Self {
        match error {
            ConnectionError::Io(error) => Self::from_io(error, linked),
            ConnectionError::NetworkTimeout => Self::NoAnswer,
            ConnectionError::FlushTimeout => Self::Blocked,
            ConnectionError::ConnectionRefused(code) => match Refusal::new(code) {
                Some(refusal) => Self::Refused(refusal),
                None => Self::NotMqtt { detail: "a refusal with the code of success".into() },
            },
            ConnectionError::NotConnAck(packet) => {
                Self::NotMqtt { detail: format!("{:?} instead of CONNACK", packet.packet_type()) }
            }
            ConnectionError::MqttState(error) => Self::from_state(error, linked),
            other if linked => Self::Protocol { detail: other.to_string() },
            other => Self::NotMqtt { detail: other.to_string() },
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the library's errors grow")]
    fn from_state(error: StateError, linked: bool) -> Self {
        use rumqttc::Error;

        match error {
            StateError::Io(error) | StateError::Deserialization(Error::Io(error)) => {
                Self::from_io(error, linked)
            }
            StateError::ConnectionAborted if linked => Self::Closed,
            StateError::ConnectionAborted => Self::NotMqtt {
                detail: "it closed the connection without an answer, or is full".into(),
            },
            // What MQTT 5 says before it hangs up; some brokers say it to everybody.
            StateError::ProtocolViolation(ProtocolViolation::UnexpectedIncomingPacket(
                PacketType::Disconnect,
            )) if linked => Self::Closed,
            StateError::AwaitPingResp => Self::Silent,
            StateError::Deserialization(Error::PayloadSizeLimitExceeded(bytes)) if linked => {
                Self::Oversize { bytes }
            }
            other if linked => Self::Protocol { detail: other.to_string() },
            other => Self::NotMqtt { detail: other.to_string() },
        }
    }

    fn from_io(error: io::Error, linked: bool) -> Self {
        let error = match error.downcast::<TlsError>() {
            Ok(error) => return Self::Tls(error),
            Err(error) => error,
        };
        match error.downcast::<DialError>() {
            Ok(DialError::Resolve { host, source }) => Self::Resolve { host, source },
            Ok(DialError::NotFound(why)) => Self::NotFound(why),
            Ok(DialError::Connect { address, source }) => Self::Connect { address, source },
            Err(error) if !linked => Self::NotMqtt { detail: error.to_string() },
            Err(error) if closes(&error) => Self::Closed,
            Err(error) => Self::Io(error),
        }
    }
}

fn closes(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof
    )
}

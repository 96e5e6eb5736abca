//! MQTT over WebSocket: pages speak it on port 9001, path `/mqtt`, sub-protocol `mqtt`.
//!
//! Frames are piped, as they come, to the broker's TCP port, so one set of rules holds for both.
//! Half-open connections are bounded as on the TCP port, and the page's origin is checked, because
//! a browser lets any page open a WebSocket to anywhere.

mod bridge;
mod origin;
mod secured;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use eg_page::{Door, GuardedListener, HalfOpen, complain};

use super::thread::{Stop, Thread};
use super::{Address, BrokerError, HANDSHAKE_TIMEOUT, bind};
use crate::broker::websocket::origin::Origins;
use crate::broker::websocket::secured::{SecuredListener, SecuredPass};
use crate::tls::PortTls;
pub(crate) use eg_page::{host_name, is_local};

const WHAT: &str = "MQTT over WebSocket";
const PATH: &str = "/mqtt";
const SUB_PROTOCOL: &str = "mqtt";
/// Largest WebSocket message, in bytes: a few MQTT packets may share one.
const MESSAGE: usize = 4 * eg_mqtt::MAX_PACKET;
/// Longest wait for connections to close when the listener stops.
const FAREWELL: Duration = Duration::from_secs(2);

/// Options of the WebSocket listener.
#[derive(Clone, Debug)]
pub struct WebSocketOptions {
    /// Address to listen on.
    pub listen: IpAddr,
    /// TCP port; 0 takes a free one.
    pub port: u16,
    /// Address of the broker that the frames go to.
    pub broker: Address,
    /// Origins accepted besides pages of this host, such as `https://pages.example`; `*` accepts all.
    pub origins: Vec<String>,
    /// Names of this host, besides addresses and local names: its pages are accepted too.
    pub hosts: Vec<String>,
    /// TLS of the port; `None` if everybody comes in clear.
    pub tls: Option<PortTls>,
    /// Largest number of connections at a time.
    pub connections: usize,
    /// Largest number of connections that have not become WebSockets.
    pub half_open: usize,
}

impl WebSocketOptions {
    /// Creates options for a listener on `listen` and `port`, in front of `broker`, with the usual limits.
    pub fn new(listen: IpAddr, port: u16, broker: Address) -> Self {
        let (origins, hosts) = (Vec::new(), Vec::new());
        Self { listen, port, broker, origins, hosts, tls: None, connections: 1_000, half_open: 128 }
    }
}

/// Listener for MQTT over WebSocket, on a thread of its own. Dropping it stops it.
#[derive(Debug)]
pub struct WebSocket {
    _thread: Thread,
    address: SocketAddr,
}

#[derive(Clone)]
struct Service {
    broker: Address,
    origins: Arc<Origins>,
    stop: Stop,
}

impl WebSocket {
    /// Starts the listener on a thread of its own.
    ///
    /// # Errors
    /// [`BrokerError`], naming the port that is in the way.
    pub fn start(options: WebSocketOptions) -> Result<Self, BrokerError> {
        let wanted = SocketAddr::new(options.listen, options.port);
        let open = async move || {
            let listener = bind::listen(WHAT, wanted)?;
            let address = listener.local_addr().map_err(|source| BrokerError::Listen {
                what: WHAT,
                address: wanted,
                source,
            })?;
            Ok(((listener, options), address))
        };
        let (thread, address) =
            Thread::start("eg-websocket", open, async |(listener, options), stop| {
                let seats = Arc::new(Semaphore::new(options.connections));
                let half_open = HalfOpen::new(options.half_open);
                let door = Door::new(Arc::clone(&seats), half_open, Some(HANDSHAKE_TIMEOUT));
                let inner = GuardedListener::new(listener, door);
                let listener = SecuredListener::new(inner, options.tls.clone());
                serve(listener, &options, stop).await;
                let all = u32::try_from(options.connections).unwrap_or(u32::MAX);
                if timeout(FAREWELL, seats.acquire_many(all)).await.is_err() {
                    tracing::warn!("some WebSocket clients did not let go in time");
                }
            })?;
        Ok(Self { _thread: thread, address })
    }

    /// Returns the address that the listener is bound to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn serve(listener: SecuredListener, options: &WebSocketOptions, stop: Stop) {
    let service = Service {
        broker: options.broker.clone(),
        origins: Arc::new(Origins::new(&options.origins, &options.hosts)),
        stop: stop.clone(),
    };
    let router = Router::new().route(PATH, get(upgrade)).with_state(service);
    let mut wanted = stop.clone();
    let mut late = stop;
    let served = axum::serve(listener, router.into_make_service_with_connect_info::<SecuredPass>())
        .with_graceful_shutdown(async move { wanted.wanted().await });
    let overdue = async {
        late.wanted().await;
        sleep(FAREWELL).await;
    };
    tokio::select! {
        served = served.into_future() => {
            if let Err(error) = served {
                tracing::error!(%error, "the WebSocket listener ended");
            }
        }
        () = overdue => {}
    }
}

async fn upgrade(
    State(service): State<Service>,
    ConnectInfo(SecuredPass(pass)): ConnectInfo<SecuredPass>,
    headers: HeaderMap,
    request: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    if let Err(refusal) = service.origins.check(&headers) {
        complain("a page was not let in", pass.peer().ip(), &refusal);
        return (StatusCode::FORBIDDEN, refusal.to_string()).into_response();
    }
    let request = match request {
        Ok(request) => request.protocols([SUB_PROTOCOL]),
        Err(rejection) => return rejection.into_response(),
    };
    if request.selected_protocol().is_none() {
        let wanted = format!("ask for the sub-protocol {SUB_PROTOCOL}");
        return (StatusCode::BAD_REQUEST, wanted).into_response();
    }
    let broker = match bridge::reach(&service.broker).await {
        Ok(broker) => broker,
        Err(error) => {
            complain("the broker does not accept a page", pass.peer().ip(), error);
            return (StatusCode::BAD_GATEWAY, "the broker does not accept").into_response();
        }
    };
    let Service { stop, .. } = service;
    request.max_message_size(MESSAGE).max_frame_size(MESSAGE).on_upgrade(async move |socket| {
        pass.entered();
        bridge::run(socket, broker, stop).await;
    })
}

//! WebSocket client, as a page has it: MQTT 3.1.1 over WebSocket.

use bytes::BytesMut;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::guarded;
use crate::packet::{CONNACK, Hello, Packet};
use crate::under_test::Target;

pub(crate) struct Page {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    arrived: BytesMut,
    pub(crate) sub_protocol: Option<String>,
}

impl Page {
    /// Opens a WebSocket with these headers.
    pub(crate) async fn open(url: &str, headers: &[(&'static str, &str)]) -> Result<Self, Error> {
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
        }
        let (socket, answer) = guarded("the WebSocket", connect_async(request)).await?;
        let sub_protocol = answer.headers().get("sec-websocket-protocol");
        let sub_protocol = sub_protocol.map(|value| value.to_str().unwrap().to_owned());
        Ok(Self { socket, arrived: BytesMut::new(), sub_protocol })
    }

    /// Connects as an MQTT client.
    pub(crate) async fn connect(target: &Target, hello: Hello<'_>) -> Self {
        let protocol = [("sec-websocket-protocol", "mqtt")];
        let mut page = Self::open(&target.url(), &protocol).await.unwrap();
        page.write(&hello.bytes()).await;
        assert_eq!(page.read().await.unwrap().kind, CONNACK);
        page
    }

    /// Writes one frame.
    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        self.socket.send(Message::Binary(bytes.to_vec().into())).await.unwrap();
    }

    /// Reads the next packet; `None` once the other side has closed the connection.
    pub(crate) async fn read(&mut self) -> Option<Packet> {
        guarded("a packet, or the end", async {
            loop {
                if let Some(packet) = Packet::take(&mut self.arrived) {
                    return Some(packet);
                }
                match self.socket.next().await {
                    Some(Ok(Message::Binary(bytes))) => self.arrived.extend_from_slice(&bytes),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return None,
                }
            }
        })
        .await
    }
}

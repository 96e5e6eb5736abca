//! One MQTT 3.1.1 client: reconnect, back-off, manual acks.
//!
//! [`connect`] gives two halves. [`Client`] publishes, acknowledges and says goodbye; it is cheap
//! to clone. [`Incoming`] yields what arrives and tells when the link comes and goes. A task of
//! its own polls the connection and does nothing else.
//!
//! # What a caller can rely on
//! - **No memory.** When a connection is lost, every publication that was not acknowledged fails
//!   with [`Unacknowledged`], and nothing is queued until the next one stands. Whoever needs a
//!   publication to arrive keeps it, and sends it again, in order, after the next
//!   [`Notice::Connected`]. So nothing overtakes, whatever the broker remembers.
//! - **Subscriptions come back.** They are made on the first connection, and again whenever the
//!   broker kept no session. `Connected` comes after the broker has answered for them.
//! - **Bounded.** The queues in both directions have [`Options::queue`] places; a packet is at
//!   most [`MAX_PACKET`] bytes either way.
//! - **Silence is a loss.** A broker of which nothing is heard for [`Options::silence`] is given up,
//!   whatever is or is not sent meanwhile; one that lives is made to speak.
//! - **The will means something.** Only [`Client::disconnect`] is a clean end; dropping the last
//!   [`Client`] cuts the connection, and the broker publishes the will.
//!
//! # What a caller must do
//! Keep reading [`Incoming`]. A task that reads it may publish, but if it waits for room while the
//! queue it should be reading is full, nobody moves: after [`Options::keep_alive`] the connection
//! is given up ([`DisconnectError::Stalled`]), which frees both. Publish much from another task.
//!
//! ```no_run
//! # async fn night() -> Result<(), Box<dyn std::error::Error>> {
//! use eg_mqtt::{Notice, Options, Qos, Subscription, connect};
//!
//! let options = Options::new("127.0.0.1", 1883, "core-01");
//! let subscriptions = [Subscription::new("eg/dev/+/input/event", Qos::AtLeastOnce)];
//! let (client, mut incoming) = connect(options, subscriptions)?;
//! while let Some(notice) = incoming.next().await {
//!     match notice {
//!         Notice::Connected { .. } => {
//!             let sent = client.publish("eg/core/hello", "{}", Qos::AtLeastOnce, false).await?;
//!             tokio::spawn(sent.acknowledged());
//!         }
//!         Notice::Message(message) => println!("{}: {:?}", message.topic, message.payload),
//!         Notice::Oversize { topic, bytes } => eprintln!("{topic}: {bytes} bytes, dropped"),
//!         Notice::Lost { error, retry_in } => eprintln!("{error}; again in {retry_in:?}"),
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod back_off;
mod client;
mod dial;
mod disconnect;
mod event_loop;
mod incoming;
mod link;
mod options;
mod publish_error;
mod shared_address;
mod tls;

pub use client::{AckToken, Client, Sent, Unacknowledged};
pub use disconnect::{DisconnectError, Refusal};
pub use event_loop::connect;
pub use incoming::{Incoming, Message, Notice};
pub use options::{Credentials, MAX_PACKET, Options, OptionsError, Publication, Qos, Subscription};
pub use publish_error::PublishError;
pub use shared_address::SharedAddress;
pub use tls::{Authority, ROOM_NAME, SharedAuthority, TlsError, Trust};

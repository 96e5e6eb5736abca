//! Clients of the broker under measurement.

use anyhow::{Context, Result};
use eg_mqtt::{Client, Incoming, Message, Notice, Options, Qos, Subscription, connect};
use eg_proto::{
    Boot, DeviceName, Event, EventKind, EventTime, InputName, Source, Timestamp, encode,
};
use std::time::Duration;
use tokio::time::timeout;

/// Nothing here takes longer than this unless something is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connected client and what arrives for it.
pub(crate) struct Station {
    pub(crate) client: Client,
    incoming: Incoming,
}

impl Station {
    pub(crate) async fn connect(port: u16, id: &str, filters: &[&str]) -> Result<Self> {
        let subscriptions: Vec<_> =
            filters.iter().map(|filter| Subscription::new(*filter, Qos::AtLeastOnce)).collect();
        let (client, mut incoming) = connect(Options::new("127.0.0.1", port, id), subscriptions)?;
        let connected = async {
            while let Some(notice) = incoming.next().await {
                if matches!(notice, Notice::Connected { .. }) {
                    return Ok(());
                }
            }
            anyhow::bail!("the client stopped")
        };
        timeout(PATIENCE, connected).await.context("no connection")??;
        Ok(Self { client, incoming })
    }

    /// The next message.
    pub(crate) async fn next(&mut self) -> Result<Message> {
        let message = async {
            while let Some(notice) = self.incoming.next().await {
                match notice {
                    Notice::Message(message) => return Ok(message),
                    Notice::Lost { error, .. } => anyhow::bail!("connection lost: {error}"),
                    Notice::Connected { .. } | Notice::Oversize { .. } => {}
                }
            }
            anyhow::bail!("the client stopped")
        };
        timeout(PATIENCE, message).await.context("nothing came")?
    }

    pub(crate) async fn publish(&self, topic: &str, payload: Vec<u8>) -> Result<()> {
        self.client.publish(topic, payload, Qos::AtLeastOnce, false).await?;
        Ok(())
    }
}

/// One press, numbered, as an agent sends it.
pub(crate) fn press(boot: Boot, seq: u64) -> Result<Vec<u8>> {
    let t = EventTime { core_us: Some(Timestamp(1)), unc_us: 300, src: Source::Kernel, core: None };
    let (device, input) = (DeviceName::new("panel")?, InputName::new("a")?);
    let kind = EventKind::Press;
    Ok(encode(&Event { boot, seq, device, input, kind, t, late: false, sim: true }))
}

//! Hooks into the library: publishers wait for a local client that is behind, and support for other brokers as clients: a bridge does not receive its own messages, and retained messages stay
//! retained there.
//!
//! A Mosquitto bridge marks its CONNECT (see [`greeting`](super::connect_sniff)) and counts on two things that MQTT 5
//! asks for in each subscription and MQTT 3.1.1 cannot: No Local and Retain As Published (MQTT 5, section 3.8.3.1).

use std::pin::Pin;
use std::sync::Arc;

use mqtt5::broker::router::{MessageRouter, SubscriptionRequest};
use mqtt5::broker::{
    BrokerEventHandler, ClientPublishEvent, ClientSubscribeEvent, PublishAction, SubAckReasonCode,
};
use mqtt5::{ProtocolVersion, QoS};

use super::clients::Guests;
use super::local::Gate;

/// Event handler that adds No Local and Retain As Published to the subscriptions of bridges.
pub(super) struct Bridges {
    router: Arc<MessageRouter>,
    guests: Guests,
    gate: Gate,
}

impl Bridges {
    /// Creates the handler for the clients of this router.
    pub(super) fn new(router: Arc<MessageRouter>, guests: Guests, gate: Gate) -> Self {
        Self { router, guests, gate }
    }

    async fn subscribed(&self, event: ClientSubscribeEvent) {
        if !self.guests.is_bridge(&event.client_id) {
            return;
        }
        for wanted in event.subscriptions {
            let qos = match wanted.result {
                SubAckReasonCode::GrantedQoS0 => QoS::AtMostOnce,
                SubAckReasonCode::GrantedQoS1 => QoS::AtLeastOnce,
                SubAckReasonCode::GrantedQoS2 => QoS::ExactlyOnce,
                SubAckReasonCode::UnspecifiedError
                | SubAckReasonCode::ImplementationSpecificError
                | SubAckReasonCode::NotAuthorized
                | SubAckReasonCode::TopicFilterInvalid
                | SubAckReasonCode::PacketIdentifierInUse
                | SubAckReasonCode::QuotaExceeded
                | SubAckReasonCode::SharedSubscriptionsNotSupported
                | SubAckReasonCode::SubscriptionIdentifiersNotSupported
                | SubAckReasonCode::WildcardSubscriptionsNotSupported => continue,
            };
            let (id, filter) = (&*event.client_id, &*wanted.topic_filter);
            let request = SubscriptionRequest::new(id, filter, qos)
                .with_no_local(true)
                .with_retain_as_published(true)
                .with_protocol_version(ProtocolVersion::V311);
            if let Err(error) = self.router.subscribe(request).await {
                tracing::warn!(bridge = id, filter, %error, "a bridge hears what it said itself");
            }
        }
    }
}

impl BrokerEventHandler for Bridges {
    fn on_client_publish<'a>(
        &'a self,
        event: ClientPublishEvent,
    ) -> Pin<Box<dyn Future<Output = PublishAction> + Send + 'a>> {
        Box::pin(async move {
            self.gate.pass(&event.topic).await;
            PublishAction::Continue
        })
    }

    fn on_client_subscribe<'a>(
        &'a self,
        event: ClientSubscribeEvent,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(self.subscribed(event))
    }
}

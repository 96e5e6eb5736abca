//! Who may enter, and what they may say.
//!
//! Until slots are paired everyone who reaches the port may do everything, which is why the port is
//! on loopback unless told otherwise. The rules will go here, with what was learned about the
//! library:
//! - A refused QoS 1 publish answers a 3.1.1 client with an MQTT 5 acknowledgement. So let
//!   `authorize_publish` say yes and swallow the message in `BrokerEventHandler::on_client_publish`.
//! - That hook does not see wills. So `authenticate` refuses a CONNECT whose will has a forbidden
//!   topic.
//! - Attempts are not counted per user. So `authenticate` has to slow down repeated failures.

use std::sync::Arc;

use mqtt5::broker::{AllowAllAuthProvider, AuthProvider};

/// The rules for one broker.
pub(super) fn rules() -> Arc<dyn AuthProvider> {
    Arc::new(AllowAllAuthProvider)
}

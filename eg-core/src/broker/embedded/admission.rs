//! Rules for who may connect to the built-in broker, and what clients may publish and subscribe to.
//!
//! Until slots are paired everyone who reaches the port may do everything, which is why the port is
//! on loopback unless told otherwise. The rules will go here, with what was learned about the
//! library:
//! - `authorize_publish` refuses with a reason where MQTT 5 has one; for 3.1.1 clients
//!   [`answers`](super::answers) takes it away, as MQTT 3.1.1 wants it (section 3.3.5).
//! - It is not asked about wills at CONNECT. So `authenticate` refuses one whose will has a
//!   forbidden topic.
//! - Attempts are not counted per user. So `authenticate` has to slow down repeated failures.

use std::sync::Arc;

use mqtt5::broker::{AllowAllAuthProvider, AuthProvider};

/// Returns the rules for one broker.
pub(super) fn rules() -> Arc<dyn AuthProvider> {
    Arc::new(AllowAllAuthProvider)
}

//! One MQTT 3.1.1 client: reconnect, back-off, manual acks.

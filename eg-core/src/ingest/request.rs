//! Decoding of requests from devices to a module. The topic tells the sender, or the body on topics of the old
//! contract.

use super::DeviceRequest;
use eg_proto::{BankAsk, SlotId, decode};
use serde_json::{Map, Value};

/// Size of the largest request, in bytes: it is stored in the journal as it came.
const LARGEST: usize = 4_096;

/// Decodes a request on a slot's own topic, with its kind in `op`.
pub(super) fn asked(slot: &SlotId, payload: &[u8]) -> Result<DeviceRequest, String> {
    let mut body = object(payload)?;
    if !body.get("op").is_some_and(Value::is_string) {
        let words = BankAsk::ALL.map(BankAsk::word).join(", ");
        return Err(format!("op says what is asked: {words}"));
    }
    match body.insert("device_id".to_owned(), slot.as_str().into()) {
        Some(said) if said != slot.as_str() => {
            Err(format!("device_id: {said} asks on the topic of {slot}"))
        }
        Some(_) | None => Ok(DeviceRequest { slot: Some(slot.clone()), body }),
    }
}

/// Decodes a request of the old contract, whose topic tells its kind. `device_id` is required for all but a new payout.
pub(super) fn of_table(ask: BankAsk, payload: &[u8]) -> Result<DeviceRequest, String> {
    let mut body = object(payload)?;
    body.insert("op".to_owned(), ask.word().into());
    let slot = match body.get("device_id") {
        None if ask == BankAsk::PayoutNew => None,
        None => return Err("device_id says who asks, and is missing".to_owned()),
        Some(Value::String(id)) => {
            Some(SlotId::new(id.as_str()).map_err(|error| format!("device_id: {error}"))?)
        }
        Some(other) => return Err(format!("device_id: {other} is no name")),
    };
    Ok(DeviceRequest { slot, body })
}

fn object(payload: &[u8]) -> Result<Map<String, Value>, String> {
    if payload.len() > LARGEST {
        return Err(format!(
            "{} bytes are too many: a request has {LARGEST} at most",
            payload.len()
        ));
    }
    decode(payload).map_err(|error| error.to_string())
}

//! Lines on when an input was played and a timer ran out.

use eg_game::TimerId;
use eg_proto::{Text, Timestamp};
use serde_json::{Value, json};
use std::time::Duration;

/// An input that was held back reaches its game, at this moment of its session when that is not the entry's.
pub(in crate::engine) fn played(
    entry: i64,
    waited: Duration,
    overtaken: bool,
    moment: Option<Timestamp>,
) -> Value {
    let waited_us = u64::try_from(waited.as_micros()).unwrap_or(u64::MAX);
    let span = eg_game::millis(waited_us);
    let line = if overtaken {
        let fr = "arrivé après son tour : plus ancien que ce qui est déjà joué";
        Text::new(fr, "arrived after its turn: older than what was played already")
    } else {
        Text::new(
            format!("joué à son tour, après {}", span.fr),
            format!("played in its turn, after {}", span.en),
        )
    };
    let mut body =
        json!({ "entry": entry, "waited_us": waited_us, "overtaken": overtaken, "line": line });
    if let Some(moment) = moment {
        body["moment"] = moment.0.into();
    }
    body
}

/// A timer ran out, and the moment for which it did when that is not the entry's.
pub(in crate::engine) fn rang(timer: TimerId, moment: Option<Timestamp>) -> Value {
    match moment {
        Some(moment) => json!({ "timer": timer, "moment": moment }),
        None => json!({ "timer": timer }),
    }
}

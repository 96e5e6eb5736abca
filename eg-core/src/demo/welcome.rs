//! Addresses of the demo, as they are printed at its start.

use super::seat::DemoSlot;
use crate::server::Server;
use std::path::Path;

/// Id of the demo's room.
pub(super) const DEMO_ROOM: &str = "main";

/// Prints the addresses of the core and the slots.
pub(super) fn welcome(house: &Server, seats: &[DemoSlot], seed: Option<u64>, db: &Path) {
    let at = house.addresses();
    let seed = seed.map(|seed| format!(" (seed {seed})")).unwrap_or_default();
    println!("EG is running a room of {} simulated slots{seed}.\n", seats.len());
    println!("  operator  http://{}/?token={}", at.page, house.login_token());
    println!("  display   http://{}/display/{}", at.page, DEMO_ROOM);
    for seat in seats {
        println!("  {:<8}  http://{}/", seat.slot.as_str(), seat.page);
    }
    println!("  API       http://{}/docs", at.api);
    println!("  MQTT      {}:{}", at.mqtt.host, at.mqtt.port);
    if let Some(websocket) = at.websocket {
        println!("  WebSocket ws://{websocket}/mqtt");
    }
    println!(
        "\nThe operator's link signs one browser in. For another: eg-core login-link --db {}",
        db.display()
    );
    if let Some(password) = house.drawn_password() {
        println!("Or with the password, {password}, on http://{}/login", at.page);
    }
    println!("Ctrl-C ends the room.");
}

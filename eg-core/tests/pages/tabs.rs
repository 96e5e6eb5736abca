//! Test of many open pages: a browser has six HTTP connections to a host, and a room has more pages than that.

use crate::players::Players;
use crate::venue::Venue;

/// Number of pages, more than a browser has connections.
const PAGES: usize = 10;

#[tokio::test]
async fn ten_pages_of_one_browser_are_live_and_act() {
    let venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    for number in 1..PAGES {
        let path = if number % 2 == 0 { "/" } else { "/display/main" };
        browser.tab(&format!("{}{path}", venue.page())).await;
        browser.until("document.querySelector('#display, #room-main')").await;
    }

    browser.back_to(0).await;
    browser.press("Start night-vote").await;
    browser.press("Step 1: Who leaves the village?").await;
    browser.reads("0 of 3 have voted").await;
    players.press("slot-01", "ada").await;

    for number in 0..PAGES {
        browser.back_to(number).await;
        browser.reads("1 of 3 have voted").await;
        browser.until("document.querySelector('#lost').hidden").await;
    }
    browser.close().await;
}

//! Test that looks back at a session that is over, step by step, by keyboard.

use crate::browser::{Browser, ENTER};
use crate::players::Players;
use crate::venue::Venue;

const HOME: char = '\u{E011}';
const END: char = '\u{E010}';
const LEFT: char = '\u{E012}';
const RIGHT: char = '\u{E014}';

/// Plays a night of three to its end, then opens its first step.
async fn a_night_that_is_over(venue: &Venue, players: &mut Players) -> Browser {
    let browser = venue.operator("en").await;
    browser.press("Start night-vote").await;
    browser.press("Step 1: Who leaves the village?").await;
    browser.reads("0 of 3 have voted").await;
    for (slot, choice) in [("slot-01", "ada"), ("slot-02", "bob"), ("slot-03", "ada")] {
        players.press(slot, choice).await;
    }
    browser.until("document.querySelector('#view-main .tally .won')").await;
    browser.press("Past sessions").await;
    browser.until("location.pathname === '/sessions'").await;
    browser.tab_to("at.id === 'session-1'").await;
    browser.keys([ENTER]).await;
    browser.until("location.pathname.startsWith('/sessions/1/')").await;
    browser
}

#[tokio::test]
async fn a_past_session_is_stepped_through_by_keyboard() {
    let venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    let browser = a_night_that_is_over(&venue, &mut players).await;
    browser.until("document.querySelector('#happened').innerText.includes('start')").await;
    let first = browser.ask("return location.pathname").await;

    browser.keys([END]).await;
    browser.until("document.querySelector('#seen').innerText.includes('carries')").await;
    browser.keys([LEFT]).await;
    browser.until("document.querySelector('[data-key=ArrowRight]')").await;
    browser.keys([HOME]).await;
    browser.until(&format!("location.pathname === {first}")).await;
    browser.keys([RIGHT]).await;

    browser.until("document.querySelector('#happened').innerText.includes('open')").await;
    browser.reads("by operator").await;
    browser
        .until("document.querySelector('#seen').innerText.includes('Who leaves the village?')")
        .await;
    let deep = browser.ask("return location.href").await;
    browser.go(deep.as_str().unwrap()).await;
    browser.reads("Who leaves the village?").await;
    browser.close().await;
}

#[tokio::test]
async fn an_export_asks_for_a_reason_and_is_written_down() {
    let venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    let browser = a_night_that_is_over(&venue, &mut players).await;

    browser.press("Export as JSON (recorded)").await;
    browser.tab_to("at.name === 'reason'").await;
    browser.types("the players asked").await;
    browser.ask("window.saved = 0; URL.createObjectURL = (blob) => { window.saved = blob.size; return '#'; }").await;
    browser.keys([ENTER]).await;

    browser.until("window.saved > 1000").await;
    browser.go(&venue.page()).await;
    browser
        .until("document.querySelector('#events').innerText.includes('the players asked')")
        .await;
    browser.close().await;
}

#[tokio::test]
async fn past_sessions_are_filtered_and_taken_away_as_a_table() {
    let venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    let browser = a_night_that_is_over(&venue, &mut players).await;
    browser.go(&format!("{}/sessions", venue.page())).await;
    browser.reads("Download as CSV").await;
    let row = browser.ask("return document.querySelector('table.past tbody tr').innerText").await;
    let row = row.as_str().unwrap();
    assert!(
        row.contains("running") && row.contains("night-vote") && row.contains("operator"),
        "{row}"
    );
    assert!(row.contains("Ada"), "{row}");

    browser.tab_to("at.name === 'status'").await;
    browser.types("called").await;
    browser.tab_to("at.textContent === 'Show'").await;
    browser.keys([ENTER]).await;

    browser.until("location.search.includes('status=aborted')").await;
    browser.reads("No session fits.").await;
    let fetched = "const [done] = arguments; fetch(document.querySelector('#csv').href.replace('aborted', 'running')).then((answer) => answer.text()).then(done)";
    let table = browser.ask_later(fetched).await;
    assert!(
        table.as_str().unwrap().contains(",main,night-vote,running,Ada,3,0,operator,"),
        "{table}"
    );
    browser.close().await;
}

//! Tests of the demo as a stranger meets it: its printed addresses, its login link, and hands on the pages of two
//! slots.

use crate::browser::Browser;
use crate::demo_room::Demo;

#[tokio::test]
async fn buttons_pressed_on_slot_pages_decide_what_the_operator_asked() {
    let demo = Demo::of(2);
    let browser = Browser::open("en").await;
    browser.go(&demo.operator).await;
    browser.reads("2 of 2 online").await;
    browser.press("Start night-vote").await;
    browser.press("Step 1: Which door? · Quelle porte ?").await;
    browser.reads("0 of 2 have voted").await;

    browser.go(&demo.board(0)).await;
    browser.reads("Which door?").await;
    browser.reads("simulated board").await;
    // A press that is on its way would be lost with the page.
    browser.hold('2').await;
    browser.until("document.querySelector('#input-panel-b').ariaPressed === 'true'").await;
    browser.let_go('2').await;
    browser.until("document.querySelector('#input-panel-b').ariaPressed === 'false'").await;
    browser.go(&demo.board(1)).await;
    browser.reads("Which door?").await;
    browser.click("#input-panel-b").await;
    browser.reads("Result of step 1").await;
    browser.go(demo.operator.split("/?").next().unwrap()).await;

    browser.reads("\"B\" carries with 2 votes of 2").await;
    browser.close().await;
}

#[tokio::test]
async fn a_button_lights_while_it_is_held_and_a_tag_is_read() {
    let demo = Demo::of(2);
    let browser = Browser::open("fr").await;
    browser.go(&demo.board(0)).await;
    browser.reads("en ligne").await;

    browser.hold('1').await;
    browser.until("document.querySelector('#input-panel-a').ariaPressed === 'true'").await;
    browser.let_go('1').await;
    browser.until("document.querySelector('#input-panel-a').ariaPressed === 'false'").await;
    browser.press("Présenter").await;

    browser
        .until("document.querySelector('#device-reader .tile').innerText.includes('04A37C91')")
        .await;
    browser.close().await;
}

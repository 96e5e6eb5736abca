//! Tests of the settings of a room as a form: what is typed is checked at once, stands in the text beside it, and is what
//! the next session begins with.

use crate::appearance::fits;
use crate::browser::ENTER;
use crate::players::Players;
use crate::venue::Venue;

/// Empties a field, and types into it.
fn clear(id: &str) -> String {
    format!("const it = document.getElementById('{id}'); it.value = ''; it.focus();")
}

const TEXT: &str = "document.getElementById('settings-text').value";

#[tokio::test]
async fn a_form_is_checked_as_it_is_typed_and_saved_for_the_next_session() {
    let venue = Venue::open();
    let _players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.click("#start-other-main").await;
    browser.until("document.getElementById('f/grace')").await;
    assert_eq!(browser.ask("return document.getElementById('f/grace').value").await, "0s");

    browser.ask(&clear("f/grace")).await;
    browser.types("7").await;
    browser.reads("7 has no unit; write 7ms, 7s or 7m").await;
    assert_eq!(
        browser.ask("return document.querySelector('#settings-start .main').disabled").await,
        true
    );
    browser.types("s").await;
    browser.until(&format!("{TEXT}.includes('grace: 7s')")).await;
    browser.reads("All of it is right.").await;
    browser.reads("One key differs").await;
    fits(&browser).await;
    browser.screen(1280, 900, "light").await;
    browser.tab_to("at.closest('#settings-keep')").await;
    browser.keys([ENTER]).await;
    browser.reads("Saved by operator").await;

    browser.click("#settings-start .main").await;
    browser.until("location.pathname === '/' && document.querySelector('#act-main-next')").await;
    browser.go(&format!("{}/rooms/main/settings", venue.page())).await;
    browser.reads("A session is running").await;
    browser.click("#settings-forget-ask-open").await;
    browser.click("#settings-forget button[type=submit]").await;
    browser.until("document.getElementById('f/grace')?.value === '0s'").await;
    browser.close().await;
}

#[tokio::test]
async fn lists_grow_and_shrink_and_the_text_is_another_way_to_the_same_form() {
    let venue = Venue::open();
    let browser = venue.operator("fr").await;
    browser.go(&format!("{}/rooms/main/settings", venue.page())).await;

    browser.tab_to("at.id === 'f/steps+'").await;
    browser.keys([ENTER]).await;
    browser.until("document.getElementById('f/steps/1/question')").await;
    browser.reads("points ne vont pas encore").await;
    browser.click("[data-change*='remove'][data-change*='\"item\":1']").await;
    browser.until("!document.getElementById('f/steps/1/question')").await;

    let text = "const text = document.getElementById('settings-text'); text.value = 'grace: 9s\\nsecrecy: live\\n';
                text.dispatchEvent(new Event('input', { bubbles: true }));";
    browser.ask(text).await;
    browser.until("document.getElementById('f/grace').value === '9s'").await;
    browser.until("document.getElementById('f/secrecy').value === 'live'").await;
    browser
        .until(
            "document.getElementById('settings-file').textContent.includes('      secrecy: live')",
        )
        .await;
    browser.close().await;
}

//! Tests that everybody can read and use every page: in both languages, light and dark, with all forms open, at 400 %, by
//! touch, and without motion.

use crate::axe;
use crate::browser::Browser;
use crate::players::Players;
use crate::venue::Venue;
use serde_json::json;

/// Pages of an operator, after one session.
const PAGES: [&str; 15] = [
    "/",
    "/rooms/main",
    "/slots/slot-01",
    "/slots/slot-03",
    "/events",
    "/statistics",
    "/sessions",
    "/sessions/1",
    "/display/main",
    "/account",
    "/users",
    "/audit",
    "/rooms/main/settings",
    "/rooms/main/settings?game=combination",
    "/docs",
];

/// Pages of somebody who is not signed in.
const OPEN: [&str; 3] = ["/login", "/invite?token=x", "/display/nope"];

/// Settings with every kind of field, as they are typed into the text of the form.
const WHOLE: &str = "steps:\\n- {question: Who?, options: [Ada, Bob], keys: {a: Ada}}\\ntie: {chair: slot-01}\\ngrace: 5";

/// Opens all that is closed: forms, lists, and the dialogs one after the other.
const UNFOLD: &str = "for (const it of document.querySelectorAll('main details')) it.open = true;
     return document.querySelectorAll('dialog').length;";

/// Returns a script that opens the dialog at this place alone, and returns its id.
fn dialog(place: u64) -> String {
    format!(
        "const all = [...document.querySelectorAll('dialog')];
         for (const it of all) if (it.open) it.close();
         all[{place}].showModal();
         return all[{place}].id;"
    )
}

/// Opens a venue in which a session runs, and signs in.
async fn evening(language: &str) -> (Venue, Players, Browser) {
    let venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator(language).await;
    browser.click("#begin-main button[type=submit]").await;
    browser.until("document.querySelector('#act-main-next')").await;
    browser.click("#act-main-next button[type=submit]").await;
    browser.reads("Who leaves the village?").await;
    players.press("slot-01", "ada").await;
    browser.until("document.querySelector('#view-main').innerText.includes('1')").await;
    players.leave("slot-03").await;
    (venue, players, browser)
}

async fn every_page_is_clean(language: &str) {
    let (venue, _players, browser) = evening(language).await;
    for scheme in ["light", "dark"] {
        browser.screen(1280, 900, scheme).await;
        for path in PAGES {
            browser.go(&format!("{}{path}", venue.page())).await;
            let dialogs = browser.ask(UNFOLD).await.as_u64().unwrap();
            axe::clean(&browser, &format!("{path}, {language}, {scheme}")).await;
            // They are the same in both schemes but for their colours, which the page's parts share.
            for place in 0..dialogs {
                let id = browser.ask(&dialog(place)).await;
                axe::clean(&browser, &format!("{path}, {id}, {language}, {scheme}")).await;
            }
        }
    }
    browser.close().await;
    let guest = Browser::open(language).await;
    for scheme in ["light", "dark"] {
        guest.screen(1280, 900, scheme).await;
        for path in OPEN {
            guest.go(&format!("{}{path}", venue.page())).await;
            axe::clean(&guest, &format!("{path}, {language}, {scheme}")).await;
        }
    }
    guest.close().await;
}

/// Types settings into the text, until the form has them.
async fn fill_settings(browser: &Browser) {
    let fill = format!(
        "const text = document.getElementById('settings-text');
         text.value = '{WHOLE}';
         text.dispatchEvent(new Event('input', {{ bubbles: true }}));"
    );
    browser.ask(&fill).await;
    browser.until("document.getElementById('f/steps/0/question')?.value === 'Who?'").await;
    browser.until("document.querySelector('#settings-told .bad')").await;
}

#[tokio::test]
async fn no_page_has_a_barrier_in_english() {
    every_page_is_clean("en").await;
}

#[tokio::test]
async fn no_page_has_a_barrier_in_french() {
    every_page_is_clean("fr").await;
}

/// Script that returns what makes the page wider than its window.
const WIDE: &str = r#"
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide <= 0) return [];
    const all = [...document.querySelectorAll("body *")];
    const out = all.filter((it) => it.checkVisibility() && it.getBoundingClientRect().right > innerWidth + 1);
    return [`${wide} px too wide: ${out.map((it) => it.outerHTML.slice(0, 100)).slice(0, 5).join(" … ")}`];
"#;

/// Script that returns the visible texts below 13 px.
const SMALL: &str = r#"
    const found = new Set();
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const holder = walk.currentNode.parentElement;
      if (!walk.currentNode.nodeValue.trim() || !holder.checkVisibility() || holder.closest("svg, script")) continue;
      const size = parseFloat(getComputedStyle(holder).fontSize);
      if (size < 13) found.add(`${size} px: ${holder.outerHTML.slice(0, 120)}`);
    }
    return [...found];
"#;

/// Script that returns the targets below 44 px, where a finger is the pointer. Links inside a sentence are as high as it.
const NARROW: &str = r#"
    if (!matchMedia("(pointer: coarse)").matches) return ["the pointer is no finger"];
    const found = new Set();
    for (const it of document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])")) {
      if (!it.checkVisibility()) continue;
      const target = it.matches("[type=checkbox], [type=radio]") ? (it.closest("label") ?? it) : it;
      const { width, height } = target.getBoundingClientRect();
      const style = getComputedStyle(target);
      const inline = it.localName === "a" && style.display === "inline";
      if (width === 0 || inline || it.classList.contains("skip")) continue;
      if (height < 43.5 || width < 43.5) found.add(`${Math.round(width)}×${Math.round(height)}: ${it.outerHTML.slice(0, 140)}`);
    }
    return [...found];
"#;

#[tokio::test]
async fn every_page_fits_at_400_percent_and_under_a_finger_with_texts_that_can_be_read() {
    let (venue, _players, browser) = evening("fr").await;
    let mut wrong = Vec::new();
    for (width, height) in [(320, 256), (1280, 900)] {
        browser.touch(width, height).await;
        for path in PAGES.into_iter().chain(OPEN) {
            browser.go(&format!("{}{path}", venue.page())).await;
            if path == "/rooms/main/settings" {
                fill_settings(&browser).await;
            }
            let dialogs = browser.ask(UNFOLD).await.as_u64().unwrap();
            for place in 0..=dialogs {
                for script in [WIDE, SMALL, NARROW] {
                    let found = browser.ask(script).await;
                    let found = found.as_array().unwrap().iter();
                    wrong.extend(
                        found.map(|it| format!("{path} at {width}: {}", it.as_str().unwrap())),
                    );
                }
                if place < dialogs {
                    browser.ask(&dialog(place)).await;
                }
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    browser.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn nothing_moves_for_those_who_want_no_motion() {
    let (venue, _players, browser) = evening("en").await;
    browser.still().await;

    for path in PAGES {
        browser.go(&format!("{}{path}", venue.page())).await;
        let moving = browser
            .ask("return [...document.querySelectorAll('*')].filter((it) => {
                    const style = getComputedStyle(it);
                    const time = (text) => Math.max(...text.split(',').map(parseFloat));
                    const animated = style.animationName !== 'none' && time(style.animationDuration) > 0.01;
                    return animated || time(style.transitionDuration) > 0.01 || style.scrollBehavior === 'smooth';
                  }).map((it) => it.outerHTML.slice(0, 120))")
            .await;
        assert_eq!(moving, json!([]), "{path}");
    }
    browser.close().await;
}

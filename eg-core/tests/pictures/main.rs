//! Pictures of every page, for people who judge how it looks: three widths, light and dark, French and English.
//!
//! Not a test: `cargo eg pictures` runs it, and names the folder in `EG_PICTURES`.

#![allow(clippy::unwrap_used, reason = "a picture that fails says where")]

#[path = "../pages/browser.rs"]
#[allow(dead_code, reason = "the tests of the pages use all of it")]
mod browser;
#[path = "../pages/demo_room.rs"]
#[allow(dead_code, reason = "the tests of the pages use all of it")]
mod demo_room;

use browser::{Browser, ENTER};
use demo_room::Demo;
use serde_json::json;
use std::path::PathBuf;

/// Width at which the pointer is a finger.
const PHONE: u32 = 390;
const WIDTHS: [u32; 3] = [PHONE, 1024, 1920];
/// Greatest height of a picture, in pixels.
const HIGHEST: u64 = 2_400;
/// Settings that a form shows with a mistake in it.
const WRONG: &str = "const it = document.getElementById('f/grace'); it.focus(); it.value = '5';
     it.dispatchEvent(new Event('input', { bubbles: true }));";

/// Scene of a picture: its name, its address, and a script that is run there first.
const SCENES: [(&str, &str, &str); 16] = [
    ("operator", "/", ""),
    ("room", "/rooms/main", ""),
    ("slot-detail", "/slots/slot-01", ""),
    ("events", "/events", ""),
    ("statistics", "/statistics", ""),
    ("names", "/", "document.querySelector('#players-main-open')?.click()"),
    ("dialog", "/", "document.querySelector('#session-acts-main button[id$=\"-open\"]')?.click()"),
    ("settings", "/rooms/main/settings", ""),
    ("settings-wrong", "/rooms/main/settings", WRONG),
    ("settings-combination", "/rooms/main/settings?game=combination", ""),
    ("sessions", "/sessions", ""),
    ("session", "/sessions/1", ""),
    ("display", "/display/main", ""),
    ("account", "/account", ""),
    ("users", "/users", ""),
    ("audit", "/audit", ""),
];

#[tokio::main]
async fn main() {
    let folder = PathBuf::from(std::env::var("EG_PICTURES").expect("EG_PICTURES names a folder"));
    std::fs::create_dir_all(&folder).unwrap();
    let demo = Demo::of(6);
    let browser = Browser::open("en").await;
    browser.go(&demo.operator).await;
    browser.reads("6 of 6 online").await;
    play(&browser, &demo).await;
    let core = demo.operator.split("/?").next().unwrap();
    let slot = demo.slots[0].trim_end_matches('/');
    let scenes = SCENES.map(|(name, path, script)| (name, format!("{core}{path}"), script));
    let more = [
        ("slot", format!("{slot}/"), ""),
        ("slot-board", format!("{slot}/board"), ""),
        ("docs", format!("{core}/docs"), ""),
    ];
    for lang in ["en", "fr"] {
        for (name, address, script) in scenes.iter().chain(&more) {
            let joint = if address.contains('?') { '&' } else { '?' };
            for scheme in ["light", "dark"] {
                for width in WIDTHS {
                    let touch = json!({"enabled": width == PHONE, "maxTouchPoints": 1});
                    browser.devtools("Emulation.setTouchEmulationEnabled", touch).await;
                    browser.screen(width, 800, scheme).await;
                    browser.go(&format!("{address}{joint}lang={lang}")).await;
                    take(
                        &browser,
                        script,
                        width,
                        scheme,
                        folder.join(format!("{name}-{width}-{scheme}-{lang}.webp")),
                    )
                    .await;
                }
            }
        }
    }
    browser.go(&demo.operator).await;
    browser.click("#logout-ask-open, #logout-open > summary").await;
    browser.click("#logout button[type=submit]").await;
    browser.until("location.pathname === '/login'").await;
    for (scheme, width) in
        ["light", "dark"].into_iter().flat_map(|it| WIDTHS.map(|width| (it, width)))
    {
        browser.screen(width, 800, scheme).await;
        take(&browser, "", width, scheme, folder.join(format!("login-{width}-{scheme}-fr.webp")))
            .await;
    }
    browser.close().await;
}

/// Script that says who plays.
const PLAYERS: &str =
    "const players = Object.fromEntries(['Anna', 'Ben O’Neill', 'Chiara', 'Émile']
       .map((name, at) => [`slot-0${at + 1}`, name]));
     fetch('/api/rooms/main/players', { method: 'PUT', body: JSON.stringify({ players }),
       headers: { 'content-type': 'application/json' } }).then(arguments[0]);";

/// Plays until a question is open, with some of its votes.
async fn play(browser: &Browser, demo: &Demo) {
    browser.ask_later(PLAYERS).await;
    past(browser).await;
    browser.press("Start night-vote").await;
    browser.press("Step 1: Which door? · Quelle porte ?").await;
    browser.reads("0 of 6 have voted").await;
    for (slot, input) in demo.slots.iter().zip(["a", "b", "a", "c"]) {
        browser.go(&format!("{}/board", slot.trim_end_matches('/'))).await;
        browser.tab_to(&format!("at.id === 'input-panel-{input}'")).await;
        browser.keys([ENTER]).await;
        browser.until("document.body.innerText").await;
    }
}

/// Script that calls the session off.
const ABORT: &str = "fetch('/api/rooms/main/acts', { method: 'POST',
       body: JSON.stringify({ name: 'abort', reason: 'rehearsal' }),
       headers: { 'content-type': 'application/json' } }).then(arguments[0]);";

/// Plays a session to its end, so that there is a past.
async fn past(browser: &Browser) {
    browser.press("Start night-vote").await;
    browser.until("document.querySelector('#view-main')").await;
    browser.ask_later(ABORT).await;
    browser.until("document.querySelector('#begin-main')").await;
}

/// Takes a picture of the whole page.
async fn take(browser: &Browser, script: &str, width: u32, scheme: &'static str, file: PathBuf) {
    if !script.is_empty() {
        browser.ask(script).await;
        // What the script asked for is there, or is not worth more time.
        browser.ask_later("setTimeout(arguments[0], 700)").await;
    }
    let high = browser.ask("return document.documentElement.scrollHeight").await;
    let height = high.as_u64().unwrap().clamp(800, HIGHEST) as u32;
    browser.screen(width, height, scheme).await;
    browser.ask_later("requestAnimationFrame(() => setTimeout(arguments[0], 150))").await;
    std::fs::write(file, picture(browser).await).unwrap();
}

/// Takes a picture of what the screen shows, as WebP.
async fn picture(browser: &Browser) -> Vec<u8> {
    let wanted = json!({"format": "webp", "quality": 82});
    let taken = browser.devtools("Page.captureScreenshot", wanted).await;
    decoded(taken["data"].as_str().unwrap())
}

/// Decodes Base64 (RFC 4648, section 4).
fn decoded(text: &str) -> Vec<u8> {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let value = |byte: u8| alphabet.iter().position(|known| *known == byte);
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_usize, 0);
    for six in text.bytes().filter_map(value) {
        (held, bits) = ((held << 6 | six) & 0xFFFF, bits + 6);
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xFF) as u8);
        }
    }
    bytes
}

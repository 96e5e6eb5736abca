//! Tests that a page to which changes alone are sent is the page as it is opened.

use crate::browser::Browser;
use crate::players::Players;
use crate::venue::Venue;
use serde_json::Value;

/// Script that draws random pages one after the other, in place and anew, and keeps the first that differs. A page
/// is parts in parts, in any order, among elements that come and go, and not every change arrives.
const REDRAWS: &str = r#"
    const done = (differs) => (window.differs = differs);
    (async () => {
      const { place } = await import(new URL("fragments.js", document.querySelector("script").src));
      let seed = 7;
      const draw = (most) => ((seed = (seed * 1103515245 + 12345) % 2147483648), Math.floor(seed / 65536) % most);
      const some = (html) => (draw(2) ? html : "");
      const shuffled = (list) => list.map((it) => [draw(1000), it]).sort(([a], [b]) => a - b).map(([, it]) => it);
      const slots = () => shuffled([1, 2, 3, 4, 5, 6]).slice(0, draw(7));
      const page = () => {
        const all = slots();
        const half = draw(all.length + 1);
        const holder = (n) => `<section class="tile ${some("wide")}" id="part-${n}" data-part></section>`;
        const list = (some) => some.map(holder).join("");
        const outer = `<h2>${draw(3)}</h2>${some("<p>more</p>")}<div class="tiles">${list(all.slice(0, half))}</div>` +
          `${some("<p id='note'>note</p>")}${some("<div id='box'>")}${list(all.slice(half))}`;
        const parts = new Map([["outer", outer]]);
        for (const n of all) {
          const inner = draw(2) ? `<div id="inner-${n}" data-part></div>` : "";
          parts.set(`part-${n}`, `${some("<b>x</b>")}<i id="it-${n}">${draw(3)}</i>${inner}${some("end")}`);
          if (inner) parts.set(`inner-${n}`, `${draw(3)}${some("<ul><li>a</li></ul>")}`);
        }
        return parts;
      };
      const anew = (parts) => {
        const root = document.createElement("div");
        root.id = "outer";
        for (const [id, html] of parts)
          (id === "outer" ? root : root.querySelector(`#${id}`)).innerHTML = html;
        return root;
      };
      const root = document.createElement("div");
      root.id = "outer";
      document.body.append(root);
      let revision = 0, seen = 0, changed = new Map(), before = new Map();
      for (let round = 0; round < 1000; round++) {
        if (round % 50 === 0) await new Promise((go) => setTimeout(go));
        const parts = page();
        revision++;
        changed = new Map([...parts].map(([id, html]) =>
          [id, before.get(id) === html ? changed.get(id) : revision]));
        before = parts;
        if (draw(3) === 0) continue;
        place([...parts].filter(([id]) => changed.get(id) > seen).map(([id, html]) => ({ id, html })));
        seen = revision;
        const wanted = anew(parts);
        if (!root.isEqualNode(wanted)) return `${round}: ${root.innerHTML}\n\nwanted ${wanted.innerHTML}`;
      }
      root.remove();
      return "";
    })().then(done, (error) => done(String(error.stack)));
"#;

#[tokio::test]
async fn a_page_redrawn_in_place_is_the_page_drawn_anew() {
    let venue = Venue::open();
    let browser = venue.operator("en").await;

    browser.ask(REDRAWS).await;
    browser.until("window.differs !== undefined").await;

    assert_eq!(browser.ask("return window.differs").await, "");
    browser.close().await;
}

/// Compares the page with one that is opened now, but for what a reader has opened and what scripts have written.
const FRESH: &str = r#"
    const done = arguments[0];
    fetch("/").then((answer) => answer.text()).then((html) => {
      const fresh = new DOMParser().parseFromString(html, "text/html");
      const bare = (root) => {
        const copy = root.querySelector("main").cloneNode(true);
        for (const time of copy.querySelectorAll("time")) { time.textContent = ""; time.removeAttribute("datetime"); }
        for (const it of copy.querySelectorAll("[data-ends], [data-elapsed], [data-left], [data-idle]")) it.textContent = "";
        for (const it of copy.querySelectorAll("details")) it.removeAttribute("open");
        copy.normalize();
        return copy;
      };
      const [here, wanted] = [bare(document), bare(fresh)];
      done(here.isEqualNode(wanted) ? "" : `${here.innerHTML}\n\nwanted ${wanted.innerHTML}`);
    });
"#;

async fn is_as_opened(browser: &Browser) {
    let mut differs = Value::Null;
    for _ in 0..40 {
        // What has just happened may be on its way.
        differs = browser.ask_later(FRESH).await;
        if differs == "" {
            return;
        }
    }
    panic!("{differs}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_votes_and_a_lost_core_the_page_is_as_it_is_opened() {
    let mut venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.press("Start night-vote").await;
    browser.press("Step 1: Who leaves the village?").await;
    browser.reads("0 of 3 have voted").await;
    players.press("slot-01", "ada").await;
    browser.reads("1 of 3 have voted").await;
    is_as_opened(&browser).await;

    drop(players);
    tokio::task::block_in_place(|| venue.dark());
    browser.until("document.querySelector('#lost').checkVisibility()").await;
    tokio::task::block_in_place(|| venue.light());
    browser.until("document.querySelector('#lost').checkVisibility() === false").await;

    is_as_opened(&browser).await;
    browser.close().await;
}

#[tokio::test]
async fn a_hidden_page_rests_and_is_right_once_it_is_seen_again() {
    let venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.press("Start night-vote").await;
    browser.press("Step 1: Who leaves the village?").await;
    browser.reads("0 of 3 have voted").await;
    let turns = |hidden: bool| {
        format!(
            "Object.defineProperty(document, 'hidden', {{ value: {hidden}, configurable: true }});
             document.dispatchEvent(new Event('visibilitychange'));"
        )
    };

    browser.ask(&turns(true)).await;
    players.press("slot-01", "ada").await;
    let core_knows = "const done = arguments[0];
        const look = () => fetch('/').then((answer) => answer.text())
          .then((html) => (html.includes('1 of 3 have voted') ? done() : look()));
        look();";
    browser.ask_later(core_knows).await;
    let shown = browser.ask("return document.querySelector('#view-main').innerText").await;
    assert!(shown.as_str().unwrap().contains("0 of 3 have voted"), "{shown}");
    browser.ask(&turns(false)).await;

    browser.reads("1 of 3 have voted").await;
    browser.close().await;
}

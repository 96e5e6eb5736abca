//! Tests of the page's appearance: French and English, light and dark, from a phone to a wall.

use crate::browser::Browser;
use crate::players::Players;
use crate::venue::Venue;

#[tokio::test]
async fn speaks_the_browsers_language_and_the_other_on_request() {
    let venue = Venue::open();
    let browser = venue.operator("fr-FR").await;

    assert_eq!(browser.ask("return document.documentElement.lang").await, "fr");
    browser.reads("Démarrer night-vote").await;
    browser.press("English").await;

    browser.until("document.documentElement.lang === 'en'").await;
    browser.reads("Start night-vote").await;
    browser.go(&venue.page()).await;
    assert_eq!(browser.ask("return document.documentElement.lang").await, "en");
    browser.close().await;
}

#[tokio::test]
async fn fits_every_screen_and_is_legible_in_light_and_dark() {
    let venue = Venue::open();
    let _players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.press("Start night-vote").await;
    browser.press("Step 1: Who leaves the village?").await;
    browser.reads("Who leaves the village?").await;

    fits(&browser).await;
    browser.go(&format!("{}/sessions", venue.page())).await;
    fits(&browser).await;
    browser.go(&format!("{}/sessions/1", venue.page())).await;
    browser.reads("What happened").await;
    fits(&browser).await;
    browser.close().await;
}

/// Checks that nothing is cut off at any width, and that every text can be read.
pub(crate) async fn fits(browser: &Browser) {
    for scheme in ["light", "dark"] {
        for width in [320, 390, 768, 1280, 2560] {
            browser.screen(width, 800, scheme).await;
            let over =
                browser.ask("return document.documentElement.scrollWidth - innerWidth").await;
            assert!(over.as_i64().unwrap() <= 0, "{over} px too wide at {width}, {scheme}");
        }
        let faint = browser.ask(CONTRAST).await;
        assert_eq!(faint, serde_json::json!([]), "{scheme}");
    }
}

/// Script that returns the texts whose contrast is under 4.5 to 1 (WCAG 2.2, 1.4.3).
const CONTRAST: &str = r#"
    const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const paint = (colours) => {
      brush.clearRect(0, 0, 1, 1);
      for (const colour of colours) { brush.fillStyle = colour; brush.fillRect(0, 0, 1, 1); }
      return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const light = (rgb) => rgb
      .map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
      .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
    const faint = [];
    for (const element of document.querySelectorAll("body *")) {
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.nodeValue.trim());
      if (!own || !element.checkVisibility() || element.matches(".skip")) continue;
      const under = [];
      for (let at = element; at; at = at.parentElement) under.unshift(getComputedStyle(at).backgroundColor);
      const [ground, ink] = [under, [...under, getComputedStyle(element).color]].map((all) => light(paint(all)));
      const contrast = (Math.max(ground, ink) + 0.05) / (Math.min(ground, ink) + 0.05);
      if (contrast < 4.5) faint.push(`${element.innerText.slice(0, 40)}: ${contrast.toFixed(2)}`);
    }
    return faint;
"#;

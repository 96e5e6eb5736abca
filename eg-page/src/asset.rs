//! Files that every page loads, held in the binary.
//!
//! Their addresses carry a digest of all of them, so a browser keeps them for ever and asks for new ones when the program
//! has others. The scripts import each other by relative names, and so stay under one digest.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// One file, ready to be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Asset {
    /// Media type with character set, such as `text/css; charset=utf-8`.
    media_type: &'static str,
    /// The whole file.
    text: &'static str,
}

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// Every file, by its name under `/assets/`. `eg.js` is what a page loads, `player.js` what one loads that fills its screen;
/// they import the other scripts.
const ASSETS: &[(&str, Asset)] = &[
    file("eg.css", "text/css; charset=utf-8", STYLE),
    file("player.css", "text/css; charset=utf-8", PLAYER_STYLE),
    file("eg.svg", "image/svg+xml; charset=utf-8", include_str!("../assets/eg.svg")),
    file("eg-bad.svg", "image/svg+xml; charset=utf-8", include_str!("../assets/eg-bad.svg")),
    file("eg-warn.svg", "image/svg+xml; charset=utf-8", include_str!("../assets/eg-warn.svg")),
    file("eg.js", JAVASCRIPT, include_str!("../assets/eg.js")),
    file("alarm.js", JAVASCRIPT, include_str!("../assets/alarm.js")),
    file("clock.js", JAVASCRIPT, include_str!("../assets/clock.js")),
    file("dialogs.js", JAVASCRIPT, include_str!("../assets/dialogs.js")),
    file("events.js", JAVASCRIPT, include_str!("../assets/events.js")),
    file("filter.js", JAVASCRIPT, include_str!("../assets/filter.js")),
    file("fields.js", JAVASCRIPT, include_str!("../assets/fields.js")),
    file("forms.js", JAVASCRIPT, include_str!("../assets/forms.js")),
    file("fragments.js", JAVASCRIPT, include_str!("../assets/fragments.js")),
    file("health.js", JAVASCRIPT, include_str!("../assets/health.js")),
    file("keys.js", JAVASCRIPT, include_str!("../assets/keys.js")),
    file("hints.js", JAVASCRIPT, include_str!("../assets/hints.js")),
    file("later.js", JAVASCRIPT, include_str!("../assets/later.js")),
    file("library.js", JAVASCRIPT, include_str!("../assets/library.js")),
    file("lists.js", JAVASCRIPT, include_str!("../assets/lists.js")),
    file("morph.js", JAVASCRIPT, include_str!("../assets/morph.js")),
    file("plan.js", JAVASCRIPT, include_str!("../assets/plan.js")),
    file("player.js", JAVASCRIPT, include_str!("../assets/player.js")),
    file("presses.js", JAVASCRIPT, include_str!("../assets/presses.js")),
    file("refusals.js", JAVASCRIPT, include_str!("../assets/refusals.js")),
    file("settings.js", JAVASCRIPT, include_str!("../assets/settings.js")),
    file("send.js", JAVASCRIPT, include_str!("../assets/send.js")),
    file("sounds.js", JAVASCRIPT, include_str!("../assets/sounds.js")),
    file("stream.js", JAVASCRIPT, include_str!("../assets/stream.js")),
    file("times.js", JAVASCRIPT, include_str!("../assets/times.js")),
];

/// Joins the style sheets, in the order in which they weigh.
macro_rules! sheets {
    ($($name:literal)*) => { concat!($(include_str!(concat!("../assets/css/", $name, ".css"))),*) };
}

const STYLE: &str = sheets!(
    "base" "frame" "head" "cards" "controls" "dialogs" "names" "tables" "settings" "room" "hints" "events" "past" "accounts"
    "slot" "slots" "plan"
);

/// Style of pages that fill their screen, beside the style of every page.
const PLAYER_STYLE: &str = sheets!("player" "display");

const fn file(
    name: &'static str,
    media_type: &'static str,
    text: &'static str,
) -> (&'static str, Asset) {
    (name, Asset { media_type, text })
}

/// Digest of all files (FNV-1a, 64 bits): it tells versions apart and guards nothing.
const DIGEST: u64 = {
    let (mut digest, mut place) = (0xcbf2_9ce4_8422_2325_u64, 0);
    while place < ASSETS.len() {
        let (bytes, mut at) = (ASSETS[place].1.text.as_bytes(), 0);
        while at < bytes.len() {
            digest = (digest ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
            at += 1;
        }
        place += 1;
    }
    digest
};

/// Returns the address of a file, under the digest of all of them.
pub fn address(name: &str) -> String {
    format!("/assets/{DIGEST:016x}/{name}")
}

/// Returns the routes of the files: under their digest for ever, and under `/assets/` as they are today.
pub fn assets<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route(
            "/assets/{name}",
            get(async |headers: HeaderMap, Path(name): Path<String>| {
                served(&name, false, &headers)
            }),
        )
        .route(
            "/assets/{digest}/{name}",
            get(async |headers: HeaderMap, Path((digest, name)): Path<(String, String)>| {
                served(&name, digest == format!("{DIGEST:016x}"), &headers)
            }),
        )
}

/// Answers with a file, or with 304 for a browser that has it. `kept` is true under today's digest; a page of another
/// version of the program gets today's file, and asks again the next time.
fn served(name: &str, kept: bool, headers: &HeaderMap) -> Response {
    let Some((_, asset)) = ASSETS.iter().find(|(known, _)| *known == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // Weak (RFC 9110 section 8.8.1): the same file may come compressed.
    let tag = format!("W/\"{DIGEST:016x}\"");
    let control = if kept { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|said| said.to_str().ok());
    let fresh = known.flat_map(|said| said.split(',')).any(|said| said.trim() == tag);
    let head = [(header::CACHE_CONTROL, control), (header::ETAG, tag.as_str())];
    match fresh {
        true => (StatusCode::NOT_MODIFIED, head).into_response(),
        false => (head, [(header::CONTENT_TYPE, asset.media_type)], asset.text).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Names of the scripts that a script imports.
    fn imports(script: &str) -> impl Iterator<Item = &str> {
        let lines = script.lines().filter(|line| line.starts_with("import "));
        lines.filter_map(|line| line.split('"').nth(1)?.strip_prefix("./"))
    }

    fn text(name: &str) -> &'static str {
        ASSETS.iter().find(|(known, _)| *known == name).unwrap().1.text
    }

    #[test]
    fn every_script_is_imported_by_what_a_page_loads_and_is_served() {
        let (mut loaded, mut next) = (BTreeSet::new(), vec!["settings.js", "eg.js", "player.js"]);
        while let Some(name) = next.pop() {
            if loaded.insert(name) {
                next.extend(imports(text(name)));
            }
        }

        let scripts = ASSETS.iter().map(|(name, _)| *name).filter(|name| name.ends_with(".js"));
        assert_eq!(loaded, scripts.collect());
    }

    #[test]
    fn a_file_is_kept_under_its_digest_alone_and_not_sent_again() {
        let none = HeaderMap::new();
        let (kept, today) = (served("eg.js", true, &none), served("eg.js", false, &none));
        let tag = kept.headers()[header::ETAG].clone();
        let again = served("eg.js", false, &HeaderMap::from_iter([(header::IF_NONE_MATCH, tag)]));

        let control = |answer: &Response| answer.headers()[header::CACHE_CONTROL].clone();
        assert_eq!(control(&kept), "public, max-age=31536000, immutable");
        assert_eq!(control(&today), "no-cache");
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(served("layout.js", true, &none).status(), StatusCode::NOT_FOUND);
    }
}

//! The frame around a page that fills a screen of its own: no header, no link, nothing that leads elsewhere.

use crate::asset::address;
use crate::{Lang, Words};
use maud::{DOCTYPE, Markup, html};

/// One page that fills its screen.
#[derive(Clone, Copy, Debug)]
pub struct Kiosk<'a> {
    /// The window's title.
    pub title: &'a str,
    /// The language of its words.
    pub lang: Lang,
    /// Path of its stream, e.g. `/player/live`; none for a page that does not change.
    pub live: Option<&'a str>,
    /// Address of a style sheet of the room's own, which has the last word.
    pub theme: Option<&'a str>,
    /// Events that it sounds for, where the browser lets it.
    pub sounds: Sounds,
}

/// Events that a page sounds for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sounds {
    /// Questions, hints, results, and the last seconds of a clock.
    All,
    /// New hints alone: many slots stand in one room.
    Hints,
    /// Nothing.
    None,
}

impl Kiosk<'_> {
    /// The whole document around `main`. Its own words are `screen-lost`, `not-sent` and `not-json`.
    pub fn document(&self, words: &Words, main: &Markup) -> Markup {
        let Self { title, lang, live, theme, sounds } = *self;
        let say = |key| words.say(lang, key);
        html! {
            (DOCTYPE)
            html lang=(lang.code()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (title) " · EG" }
                    link rel="icon" href=(address("eg.svg")) type="image/svg+xml";
                    link rel="stylesheet" href=(address("eg.css"));
                    link rel="stylesheet" href=(address("player.css"));
                    @if let Some(theme) = theme { link rel="stylesheet" href=(theme); }
                    script type="module" src=(address("player.js")) {}
                }
                body.kiosk data-live=[live] data-sounds[sounds == Sounds::All] data-quiet[sounds == Sounds::None]
                    data-unsent=(say("not-sent")) data-not-json=(say("not-json")) {
                    div #lost .lost role="alert" hidden { (say("screen-lost")) }
                    div #notice .notice role="alert" hidden {}
                    main #main { (main) }
                }
            }
        }
    }
}

//! The frame around a page that fills a screen of its own: no header, no link, nothing that leads elsewhere.

use crate::asset::address;
use crate::head::head;
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
        let own = address("player.css");
        let styles: Vec<&str> = std::iter::once(&*own).chain(theme).collect();
        html! {
            (DOCTYPE)
            html lang=(lang.code()) {
                (head(title, &styles, "player.js"))
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

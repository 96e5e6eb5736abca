//! The frame around every page.

use crate::asset::address;
use crate::head::head;
use crate::{Lang, Words};
use maud::{DOCTYPE, Markup, html};

/// The `Content-Security-Policy` that every page is served with.
pub const CSP: &str =
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// One page: what stands in its head and header.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The window's title, and the header's.
    pub title: &'a str,
    /// The language of its words.
    pub lang: Lang,
    /// Path of its stream, e.g. `/live`; none for a page that does not change.
    pub live: Option<&'a str>,
    /// More content of the header: mode, account, links.
    pub header: &'a Markup,
}

impl Page<'_> {
    /// The whole document around `main`. Its own words are `lost-connection`, `not-sent`, `not-json`, `skip-to-content`
    /// and `other-language`, which every set of words has.
    pub fn document(&self, words: &Words, main: &Markup) -> Markup {
        self.document_under(words, &html! {}, main)
    }

    /// Renders the whole document around `main`, with `sight` between header and content: it may stay in sight there
    /// while the page is scrolled.
    pub fn document_under(&self, words: &Words, sight: &Markup, main: &Markup) -> Markup {
        let Self { title, lang, live, header } = *self;
        let say = |key| words.say(lang, key);
        html! {
            (DOCTYPE)
            html lang=(lang.code()) {
                (head(title, &[], "eg.js"))
                body data-live=[live] data-unsent=(say("not-sent")) data-not-json=(say("not-json")) {
                    a.skip href="#main" { (say("skip-to-content")) }
                    div #lost .alarm role="alert" hidden { (say("lost-connection")) }
                    div #notice .notice role="alert" hidden {}
                    header.top {
                        a.brand href="/" { img src=(address("eg.svg")) alt="EG" width="32" height="32"; }
                        h1 { (title) }
                        div.grow {}
                        (header)
                        a.quiet href=(format!("?lang={}", lang.other().code()))
                            hreflang=(lang.other().code()) lang=(lang.other().code()) {
                            (say("other-language"))
                        }
                    }
                    (sight)
                    main #main { (main) }
                }
            }
        }
    }
}

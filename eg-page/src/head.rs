//! Head of every document.

use crate::asset::address;
use maud::{Markup, html};

/// Renders the head: the title, the style of all pages and those of this one, and its script.
pub(crate) fn head(title: &str, styles: &[&str], script: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (title) " · EG" }
            link rel="icon" href=(address("eg.svg")) type="image/svg+xml";
            link rel="stylesheet" href=(address("eg.css"));
            @for style in styles { link rel="stylesheet" href=(style); }
            script type="module" src=(address(script)) {}
        }
    }
}

//! Parts of a page that change, numbered by revision: what a reader lacks is known from one number.
//!
//! A part is the content of an element with an id and the attribute `data-part`. Parts stand inside of each other: what
//! is sent of an outer part has its inner ones empty, so a change in one of a hundred slots is that slot's alone.

use maud::{Markup, PreEscaped};
use serde::{Serialize, Serializer};
use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::str::FromStr;

/// End of the tag of an element that holds a part. No text of a page looks like it: maud escapes `>`.
const HOLDS: &str = " data-part>";

/// Content of one part, as a message carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fragment {
    /// Id of the part's element.
    pub id: String,
    /// Content of the element, with the parts in it empty.
    pub html: String,
}

/// Revision of a page that a reader has: written as `a1b2-3c`, in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    epoch: u64,
    revision: u64,
}

impl fmt::Display for Mark {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{:x}-{:x}", self.epoch, self.revision)
    }
}

impl FromStr for Mark {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (epoch, revision) = text.split_once('-').unwrap_or((text, ""));
        let number = |digits| u64::from_str_radix(digits, 16);
        Ok(Self { epoch: number(epoch)?, revision: number(revision)? })
    }
}

impl Serialize for Mark {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Parts that a reader lacks, with the revision that the reader has once they are in place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Revision reached.
    pub mark: Mark,
    /// Parts to be put in place in this order.
    pub parts: Vec<Fragment>,
}

#[derive(Clone, Debug)]
struct Part {
    id: String,
    html: String,
    /// Revision at which the part became what it is.
    changed: u64,
}

/// All parts of a page at one revision, each after the one that it stands in.
#[derive(Clone, Debug)]
pub struct Parts {
    mark: Mark,
    parts: Vec<Part>,
}

impl Parts {
    /// Creates the first revision from the parts by id, each after the one that it stands in.
    pub fn new(rendered: Vec<(String, Markup)>) -> Self {
        // Drawn anew by every process, so that nobody's revisions are taken for another's.
        let mark = Mark { epoch: RandomState::new().build_hasher().finish(), revision: 1 };
        let part = |(id, PreEscaped(html))| Part { id, html, changed: 1 };
        Self { mark, parts: rendered.into_iter().map(part).collect() }
    }

    /// Returns the revision after this one; `None` if nothing has changed.
    pub fn next(&self, rendered: Vec<(String, Markup)>) -> Option<Self> {
        let mark = Mark { revision: self.mark.revision + 1, ..self.mark };
        let before: HashMap<&str, &Part> =
            self.parts.iter().map(|part| (part.id.as_str(), part)).collect();
        let part = |(id, PreEscaped(html)): (String, Markup)| {
            let same = before.get(id.as_str()).filter(|part| part.html == html);
            Part { changed: same.map_or(mark.revision, |part| part.changed), id, html }
        };
        let parts: Vec<Part> = rendered.into_iter().map(part).collect();
        let stays = parts.len() == self.parts.len()
            && parts.iter().all(|part| part.changed <= self.mark.revision);
        (!stays).then_some(Self { mark, parts })
    }

    /// Returns this revision.
    pub fn mark(&self) -> Mark {
        self.mark
    }

    /// Returns what a reader lacks who has the revision `seen`; everything, if that is none of this page's. `None` if
    /// nothing is lacking.
    pub fn since(&self, seen: Option<Mark>) -> Option<Changes> {
        let seen = seen.filter(|seen| seen.epoch == self.mark.epoch);
        let seen = seen.map_or(0, |seen| seen.revision);
        let lacking = self.parts.iter().filter(|part| part.changed > seen);
        let fragment = |part: &Part| Fragment { id: part.id.clone(), html: part.html.clone() };
        (seen < self.mark.revision)
            .then(|| Changes { mark: self.mark, parts: lacking.map(fragment).collect() })
    }

    /// Puts every part into its element of a page, and into those of other parts.
    pub fn fill(&self, page: &Markup) -> Markup {
        let known = self.parts.iter().map(|part| (part.id.as_str(), part.html.as_str())).collect();
        let mut filled = String::with_capacity(page.0.len() * 2);
        fill(&page.0, &known, &mut filled);
        PreEscaped(filled)
    }
}

/// Writes `html` with its empty parts filled. Parts are nested as deep as a page is, never in a circle: each is taken
/// from those that are left.
fn fill(html: &str, known: &HashMap<&str, &str>, filled: &mut String) {
    let mut rest = html;
    while let Some(at) = rest.find(HOLDS) {
        let (before, after) = rest.split_at(at + HOLDS.len());
        filled.push_str(before);
        rest = after;
        let tag = &before[before.rfind('<').unwrap_or_default()..];
        let id = tag.split_once(" id=\"").and_then(|(_, rest)| rest.split('"').next());
        if let Some((id, html)) = id.and_then(|id| known.get_key_value(id)) {
            if html.contains(HOLDS) {
                let mut others = known.clone();
                others.remove(id);
                fill(html, &others, filled);
            } else {
                filled.push_str(html);
            }
        }
    }
    filled.push_str(rest);
}

#[cfg(test)]
mod tests;

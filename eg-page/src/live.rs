//! Fragments: the parts of a page that change.

use serde::Serialize;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// One message of a page's stream, as JSON: `{"fragment": {"id": …, "html": …}}` or `{"beat": 1764012345678}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// New content for one element.
    Fragment(Fragment),
    /// A sign of life: the server's clock in ms since the Unix epoch, where the page counts by it.
    Beat(Option<i64>),
}

/// New content for one element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fragment {
    /// The element's id.
    pub id: String,
    /// New content of the element.
    pub html: String,
}

/// Memory of what one reader of a page has been sent, so that only what changed is sent again.
#[derive(Debug, Default)]
pub struct Fragments(HashMap<String, u64>);

impl Fragments {
    /// The fragment, if this reader does not have it yet.
    pub fn changed(&mut self, id: &str, html: String) -> Option<Fragment> {
        let mut hasher = DefaultHasher::new();
        html.hash(&mut hasher);
        let hash = hasher.finish();
        let before = self.0.insert(id.to_owned(), hash);
        (before != Some(hash)).then(|| Fragment { id: id.to_owned(), html })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sends_a_fragment_again_only_when_it_changed() {
        let mut reader = Fragments::default();

        let first = reader.changed("slots", "<p>1</p>".to_owned());
        let same = reader.changed("slots", "<p>1</p>".to_owned());
        let other = reader.changed("slots", "<p>2</p>".to_owned());

        assert_eq!([first.is_some(), same.is_some(), other.is_some()], [true, false, true]);
    }
}

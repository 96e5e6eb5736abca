//! Pages of long lists: at most so many entries, and where the next page begins.

use crate::http::extract::QueryParams;
use crate::journal::Redacted;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::IntoParams;

/// Largest number of entries in one page.
pub(super) const PAGE: usize = 1_000;

/// Part of a list that is asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Span {
    /// Number after which the page begins: only entries with a greater one are listed.
    #[serde(default)]
    pub(super) after: i64,
    /// Largest number of entries in the answer: 1 to 1000.
    pub(super) limit: Option<usize>,
}

/// Parameters of a page, as a handler takes them.
pub(super) type PageParams = QueryParams<Span>;

impl Span {
    /// Returns the number after which the page begins and the largest number of entries; `usual` is that of a request
    /// that names none.
    pub(super) fn bounds(&self, usual: usize) -> (i64, usize) {
        (self.after, self.limit.unwrap_or(usual).clamp(1, PAGE))
    }
}

/// Builds the answer of one page: its entries, the number of the last one, and the address of the next page, which is
/// null when there is none. `items` has one entry more than `limit` if there is.
pub(super) fn page(path: &str, (after, limit): (i64, usize), mut items: Vec<Redacted>) -> Value {
    let more = items.len() > limit;
    items.truncate(limit);
    let last = items.last().map_or(after, |entry| entry.id);
    let next = more.then(|| format!("{path}?after={last}&limit={limit}"));
    json!({ "items": items, "last": last, "next": next })
}

/// Part of a list that is asked for, where the latest comes first.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Back {
    /// Number before which the page begins: only what has a smaller one is listed.
    pub(super) before: Option<i64>,
    /// Largest number of rows in the answer: 1 to 200, by default 200.
    pub(super) limit: Option<usize>,
}

/// Largest number of rows in one page of a list where the latest comes first.
const BACK: usize = 200;

impl Back {
    /// Returns the number before which the page begins, and the largest number of rows.
    pub(super) fn bounds(&self) -> (i64, usize) {
        (self.before.unwrap_or(i64::MAX), self.limit.unwrap_or(BACK).clamp(1, BACK))
    }
}

/// Builds the answer of one page where the latest comes first: its rows, and the address of the next page, which is null
/// when there is none. `items` has one row more than `limit` if there is; `id` returns a row's number.
pub(super) fn page_back<T: Serialize>(
    path: &str,
    limit: usize,
    mut items: Vec<T>,
    id: impl Fn(&T) -> i64,
) -> Value {
    let more = items.len() > limit;
    items.truncate(limit);
    let last = items.last().filter(|_| more).map(id);
    let next = last.map(|last| format!("{path}?before={last}&limit={limit}"));
    json!({ "items": items, "next": next })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Entry, Kind};
    use eg_proto::Timestamp;

    fn entries(ids: std::ops::RangeInclusive<i64>) -> Vec<Redacted> {
        let entry = |id| Entry {
            id,
            at: Timestamp(0),
            kind: Kind::Note,
            slot: None,
            session: None,
            cause: None,
            body: json!({}),
            choice: Vec::new(),
        };
        ids.map(|id| Redacted::of(&entry(id), None)).collect()
    }

    #[test]
    fn a_page_tells_where_the_next_one_begins_and_the_last_one_that_it_is_the_last() {
        let first = page("/api/x", (0, 2), entries(1..=3));
        let last = page("/api/x", (2, 2), entries(3..=3));
        let none = page("/api/x", (3, 2), Vec::new());

        assert_eq!(first["items"].as_array().unwrap().len(), 2);
        assert_eq!((&first["last"], &first["next"]), (&2.into(), &"/api/x?after=2&limit=2".into()));
        assert_eq!((&last["last"], &last["next"]), (&3.into(), &Value::Null));
        assert_eq!((&none["last"], &none["next"]), (&3.into(), &Value::Null));
    }

    #[test]
    fn a_page_of_the_latest_tells_where_the_next_one_begins() {
        let page = |ids: &[i64]| page_back("/api/y", 2, ids.to_vec(), |id| *id);

        assert_eq!(page(&[9, 8, 7]), json!({"items": [9, 8], "next": "/api/y?before=8&limit=2"}));
        assert_eq!(page(&[7]), json!({"items": [7], "next": null}));
    }

    #[test]
    fn no_request_gets_more_than_a_page() {
        let span = Span { after: 7, limit: Some(usize::MAX) };

        assert_eq!(span.bounds(50), (7, PAGE));
        assert_eq!(Span { limit: None, ..span }.bounds(50), (7, 50));
        assert_eq!(Back { before: Some(7), limit: Some(usize::MAX) }.bounds(), (7, BACK));
    }
}

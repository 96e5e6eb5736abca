//! Property test: what a reader has put in place is the page as it is opened, whatever was lost on the way.

use super::{Changes, Mark, Parts};
use maud::{Markup, PreEscaped, html};
use proptest::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// Slots that stand on the page, each with what it says.
type State = BTreeMap<u8, u8>;

fn rendered(state: &State) -> Vec<(String, Markup)> {
    let list = html! {
        p { (state.len()) " > data-part" }
        @for slot in state.keys() { section.tile id=(format!("slot-{slot}")) aria-label="a" data-part {} }
    };
    let tile = |(slot, says): (&u8, &u8)| (format!("slot-{slot}"), html! { b { (says) } });
    let tiles = state.iter().map(tile);
    [("slots".to_owned(), list)].into_iter().chain(tiles).collect()
}

fn page() -> Markup {
    html! { main { div #slots data-part {} p { "foot" } } }
}

/// Browser as the parts leave it: the content of each, and the revision.
#[derive(Default)]
struct Reader {
    parts: HashMap<String, String>,
    mark: Option<Mark>,
}

impl Reader {
    fn opens(parts: &Parts) -> Self {
        let all = parts.parts.iter().map(|part| (part.id.clone(), part.html.clone())).collect();
        Self { parts: all, mark: Some(parts.mark()) }
    }

    /// Puts parts in place. What an outer part has no element for is gone, and a new element is empty.
    fn takes(&mut self, Changes { mark, parts }: Changes) {
        for part in parts {
            self.parts.insert(part.id.clone(), part.html);
            if part.id == "slots" {
                let list = self.parts["slots"].clone();
                self.parts.retain(|id, _| id == "slots" || list.contains(&format!("\"{id}\"")));
            }
        }
        self.mark = Some(mark);
    }

    fn sees(&self) -> String {
        let known = self.parts.iter().map(|(id, html)| (id.as_str(), html.as_str())).collect();
        let mut filled = String::new();
        super::fill(&page().0, &known, &mut filled);
        filled
    }
}

/// Step between two looks of the reader: the page changes, and the reader hears of it, or does not, or
/// connects again, or the core starts anew.
#[derive(Clone, Debug)]
enum Step {
    Changes(State),
    Hears,
    Restarts,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let state = prop::collection::btree_map(0..4u8, 0..3u8, 0..4);
    let step = prop_oneof![
        4 => state.prop_map(Step::Changes),
        3 => Just(Step::Hears),
        1 => Just(Step::Restarts),
    ];
    prop::collection::vec(step, 0..24)
}

proptest! {
    #[test]
    fn a_reader_who_lost_messages_has_the_page_as_it_is_opened(steps in steps()) {
        let mut state = State::new();
        let mut parts = Parts::new(rendered(&state));
        let mut reader = Reader::opens(&parts);
        for step in steps.into_iter().chain([Step::Hears]) {
            match step {
                Step::Changes(next) => {
                    state = next;
                    parts = parts.next(rendered(&state)).unwrap_or(parts);
                }
                Step::Restarts => parts = Parts::new(rendered(&state)),
                Step::Hears => {
                    if let Some(changes) = parts.since(reader.mark) {
                        reader.takes(changes);
                    }
                    prop_assert_eq!(reader.sees(), parts.fill(&page()).into_string());
                    prop_assert!(parts.since(reader.mark).is_none());
                }
            }
        }
    }
}

#[test]
fn a_change_in_one_part_is_sent_alone_and_no_change_is_no_revision() {
    let parts = Parts::new(rendered(&[(1, 1), (2, 1)].into()));

    let next = parts.next(rendered(&[(1, 1), (2, 2)].into())).unwrap();
    let sent = next.since(Some(parts.mark())).unwrap();

    assert_eq!(sent.parts.iter().map(|part| part.id.as_str()).collect::<Vec<_>>(), ["slot-2"]);
    assert!(next.next(rendered(&[(1, 1), (2, 2)].into())).is_none());
}

#[test]
fn a_mark_is_read_as_it_is_written_and_nonsense_is_none() {
    let mark = Parts::new(Vec::new()).mark();

    assert_eq!(mark.to_string().parse(), Ok(mark));
    for nonsense in ["", "-", "1", "1-", "g-1", "1-1-1", "11111111111111111-1"] {
        assert!(nonsense.parse::<Mark>().is_err(), "{nonsense}");
    }
}

#[test]
fn a_part_that_would_contain_itself_is_filled_once() {
    let parts = Parts::new(vec![("a".to_owned(), html! { i #a data-part {} })]);

    let PreEscaped(filled) = parts.fill(&html! { b #a data-part {} });

    assert_eq!(filled, "<b id=\"a\" data-part><i id=\"a\" data-part></i></b>");
}

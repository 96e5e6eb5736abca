//! Fields of a form as a browser sends them: texts by the path of their value, such as `/steps/0/question`.
//!
//! `/steps#` is the number of items of a list, or the chosen kind of value.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Number of items that a list in a form may have.
const MOST: usize = 200;

/// Texts of all fields by path.
pub(in crate::http) type FormFields = BTreeMap<String, String>;

/// Change of the items of a list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ListChange {
    /// Change to make.
    act: Act,
    /// Path of the list.
    list: String,
    /// Place of the item, from 0.
    #[serde(default)]
    item: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Act {
    Add,
    Remove,
    Up,
}

/// Returns the number of items of a list.
pub(super) fn count(fields: &FormFields, list: &str) -> usize {
    let said = fields.get(&format!("{list}#")).and_then(|text| text.parse().ok());
    said.unwrap_or(0).min(MOST)
}

/// Adds an item to a list, removes one, or moves one up. What does not exist is left as it is.
pub(in crate::http) fn apply(change: &ListChange, fields: &mut FormFields) {
    let ListChange { act, list, item } = change;
    let (number, item) = (count(fields, list), *item);
    let new = match act {
        Act::Add => number + 1,
        Act::Remove if item < number => {
            let _gone = take(fields, list, item);
            for place in item + 1..number {
                let moved = take(fields, list, place);
                put(fields, list, place - 1, moved);
            }
            number - 1
        }
        Act::Up if (1..number).contains(&item) => {
            let (one, other) = (take(fields, list, item - 1), take(fields, list, item));
            put(fields, list, item, one);
            put(fields, list, item - 1, other);
            number
        }
        Act::Remove | Act::Up => number,
    };
    fields.insert(format!("{list}#"), new.to_string());
}

/// Takes the fields of an item out: their paths below it, and their texts.
fn take(fields: &mut FormFields, list: &str, item: usize) -> Vec<(String, String)> {
    let path = format!("{list}/{item}");
    let inside = |name: &str| {
        name.strip_prefix(&path).is_some_and(|rest| rest.starts_with(['/', '#']) || rest.is_empty())
    };
    let names: Vec<_> = fields.keys().filter(|name| inside(name)).cloned().collect();
    let taken = names
        .into_iter()
        .filter_map(|name| Some((name[path.len()..].to_owned(), fields.remove(&name)?)));
    taken.collect()
}

fn put(fields: &mut FormFields, list: &str, item: usize, taken: Vec<(String, String)>) {
    let path = format!("{list}/{item}");
    fields.extend(taken.into_iter().map(|(rest, text)| (format!("{path}{rest}"), text)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> FormFields {
        let texts = [
            ("/a#", "3"),
            ("/a/0/b", "x"),
            ("/a/1/b", "y"),
            ("/a/1/c#", "1"),
            ("/a/2/b", "z"),
            ("/a/20", "w"),
        ];
        texts.map(|(path, text)| (path.to_owned(), text.to_owned())).into()
    }

    fn change(act: Act, item: usize) -> ListChange {
        ListChange { act, list: "/a".to_owned(), item }
    }

    #[test]
    fn an_item_that_is_removed_takes_its_fields_along_and_those_behind_it_move_up() {
        let mut fields = three();

        apply(&change(Act::Remove, 0), &mut fields);

        let told: Vec<_> = fields.iter().map(|(path, text)| format!("{path}={text}")).collect();
        assert_eq!(told, ["/a#=2", "/a/0/b=y", "/a/0/c#=1", "/a/1/b=z", "/a/20=w"]);
    }

    #[test]
    fn an_item_changes_places_with_the_one_before_it() {
        let mut fields = three();

        apply(&change(Act::Up, 1), &mut fields);

        assert_eq!((fields["/a/0/b"].as_str(), fields["/a/1/b"].as_str()), ("y", "x"));
        assert!(fields.contains_key("/a/0/c#") && !fields.contains_key("/a/1/c#"));
    }

    #[test]
    fn a_list_grows_to_its_most_and_no_further() {
        let mut fields = FormFields::from([("/a#".to_owned(), "4000000000".to_owned())]);

        apply(&change(Act::Add, 0), &mut fields);

        assert_eq!(count(&fields, "/a"), MOST);
    }
}

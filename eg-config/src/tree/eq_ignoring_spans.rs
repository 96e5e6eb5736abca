//! Compares two trees by what they say, wherever it stands.

use super::node::{NodeId, Shape, Tree};
use crate::path::KeyPath;

impl Tree {
    /// Compares both trees at `path` by what they say, wherever it stands; nothing at all equals an empty value.
    pub(crate) fn eq_ignoring_spans(&self, other: &Self, path: &KeyPath) -> bool {
        match (self.at(path), other.at(path)) {
            (Some(one), Some(two)) => self.same(one, other, two),
            (None, None) => true,
            (Some(one), None) => self.node(one).shape == Shape::Null,
            (None, Some(two)) => other.node(two).shape == Shape::Null,
        }
    }

    fn at(&self, path: &KeyPath) -> Option<NodeId> {
        let (node, left) = self.find(path);
        (left == 0).then_some(node)
    }

    /// Trees are as deep as the parser allows, so this recursion ends.
    fn same(&self, one: NodeId, other: &Self, two: NodeId) -> bool {
        match (&self.node(one).shape, &other.node(two).shape) {
            (Shape::List(ones), Shape::List(twos)) => {
                let mut pairs = ones.iter().zip(twos);
                ones.len() == twos.len() && pairs.all(|(one, two)| self.same(*one, other, *two))
            }
            (Shape::Map(ones), Shape::Map(twos)) => {
                let value = |key: NodeId| {
                    let mut entries = twos.iter();
                    entries.find(|(known, _)| other.text(*known) == self.text(key))
                };
                let mut entries = ones.iter();
                ones.len() == twos.len()
                    && entries.all(|(key, one)| {
                        value(*key).is_some_and(|(_, two)| self.same(*one, other, *two))
                    })
            }
            (one, two) => one == two,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{KeyPath, Source};

    fn same(one: &str, two: &str) -> bool {
        let [one, two] = [one, two].map(|text| Source::text("a.yaml", text));
        one.says_the_same(&two, &KeyPath::from(["a", "config"]))
    }

    #[test]
    fn the_same_is_the_same_however_it_is_written() {
        assert!(same(
            "a: { config: { pins: [P0, P1], address: 0x20 } }",
            "# moved\nb: 1\na:\n  config:\n    address: 32 # as a number\n    pins:\n      - \"P0\"\n      - P1\n",
        ));
        assert!(same("a: { config: }", "a: {}"));
        assert!(same("a: {}", "b: {}"));
    }

    #[test]
    fn another_value_key_kind_or_order_of_a_list_is_not_the_same() {
        let before = "a: { config: { pins: [P0, P1], baud: 9600 } }";

        for after in [
            "a: { config: { pins: [P1, P0], baud: 9600 } }",
            "a: { config: { pins: [P0, P1], baud: 4800 } }",
            "a: { config: { pins: [P0, P1], baud: \"9600\" } }",
            "a: { config: { pins: [P0, P1] } }",
            "a: { config: { pins: [P0, P1], buad: 9600 } }",
            "a: {}",
            "a: [",
        ] {
            assert!(!same(before, after) && !same(after, before), "{after}");
        }
    }
}

//! Sizes of the retained messages: bounded in all, and for each slot or other owner of topics.

use std::collections::HashMap;

/// Number of levels of a topic that name its owner: `eg/dev/slot-01`.
const OWNER: usize = 3;

/// Sizes of the retained messages by topic, and the limits that new ones are held to.
#[derive(Debug, Default)]
pub(super) struct Retained {
    sizes: HashMap<String, usize>,
    owners: HashMap<String, usize>,
    bytes: usize,
    most_bytes: usize,
    most_each: usize,
}

fn owner(topic: &str) -> &str {
    topic.match_indices('/').nth(OWNER - 1).map_or(topic, |(at, _)| &topic[..at])
}

impl Retained {
    /// Creates an empty ledger for so many bytes in all and so many topics of each owner.
    pub(super) fn new(most_bytes: usize, most_each: usize) -> Self {
        Self { most_bytes, most_each, ..Self::default() }
    }

    /// Notes a message that is to be retained; an empty one takes away what its topic has. Returns `false`, and notes
    /// nothing, if there is no room for it.
    pub(super) fn keep(&mut self, topic: &str, payload: usize) -> bool {
        if payload == 0 {
            self.forget(topic);
            return true;
        }
        let size = topic.len() + payload;
        let before = self.sizes.get(topic).copied();
        let (owner, bytes) = (owner(topic), self.bytes - before.unwrap_or(0) + size);
        let topics = self.owners.get(owner).copied().unwrap_or(0) + usize::from(before.is_none());
        // What gets smaller passes always: nobody has to send less than it had before.
        if bytes > self.most_bytes.max(self.bytes) || topics > self.most_each {
            return false;
        }
        self.bytes = bytes;
        self.owners.insert(owner.to_owned(), topics);
        self.sizes.insert(topic.to_owned(), size);
        true
    }

    fn forget(&mut self, topic: &str) {
        let Some(size) = self.sizes.remove(topic) else { return };
        self.bytes -= size;
        let owner = owner(topic);
        match self.owners.get_mut(owner) {
            Some(count) if *count > 1 => *count -= 1,
            Some(_) | None => drop(self.owners.remove(owner)),
        }
    }

    /// Returns the number of bytes that are retained.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_slot_keeps_so_many_topics_and_others_theirs() {
        let mut retained = Retained::new(1_000_000, 2);

        assert!(retained.keep("eg/dev/a/status", 6) && retained.keep("eg/dev/a/x/y", 6));
        assert!(!retained.keep("eg/dev/a/third", 6), "one too many");
        assert!(retained.keep("eg/dev/a/status", 7), "the same topic again");
        assert!(retained.keep("eg/dev/b/status", 6), "another slot");
        assert!(retained.keep("eg/dev/a/status", 0) && retained.keep("eg/dev/a/third", 6));
    }

    #[test]
    fn all_together_have_a_sum() {
        let mut retained = Retained::new(100, 10);

        assert!(retained.keep("a", 50));
        assert!(!retained.keep("b", 50));
        assert!(retained.keep("a", 20) && retained.keep("b", 50));
        assert_eq!(retained.bytes(), 72);
    }

    proptest! {
        #[test]
        fn the_sum_is_kept_whatever_comes(
            came in prop::collection::vec(("[ab](/[ab]){0,4}", 0_usize..60), 0..200),
        ) {
            let mut retained = Retained::new(200, 3);
            for (topic, payload) in came {
                retained.keep(&topic, payload);
                prop_assert_eq!(retained.bytes, retained.sizes.values().sum::<usize>());
                prop_assert_eq!(retained.owners.values().sum::<usize>(), retained.sizes.len());
                prop_assert!(retained.bytes <= 200 && retained.owners.values().all(|n| *n <= 3));
            }
        }
    }
}

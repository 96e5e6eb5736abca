//! Map whose changes can be rolled back: what a round changes in memory stands or falls with its commit.

use std::collections::BTreeMap;
use std::ops::Deref;

/// Map that can go back to its state when it last [began](Self::begin). Reads go to the map inside.
#[derive(Debug)]
pub(super) struct TransactionalMap<K, V> {
    all: BTreeMap<K, V>,
    /// Former value of each key that was changed; `None` if there was none.
    before: BTreeMap<K, Option<V>>,
}

impl<K: Ord + Clone, V: Clone> TransactionalMap<K, V> {
    /// Begins a transaction: changes from here on can be rolled back.
    pub(super) fn begin(&mut self) {
        self.before.clear();
    }

    /// Undoes every change since the last [`begin`](Self::begin).
    pub(super) fn rollback(&mut self) {
        for (key, value) in std::mem::take(&mut self.before) {
            match value {
                Some(value) => self.all.insert(key, value),
                None => self.all.remove(&key),
            };
        }
    }

    /// Returns a mutable reference to the value of a key, if there is one.
    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let value = self.all.get_mut(key)?;
        if !self.before.contains_key(key) {
            self.before.insert(key.clone(), Some(value.clone()));
        }
        Some(value)
    }

    /// Returns a mutable reference to the value of a key, which is inserted first if there is none.
    pub(super) fn get_or_insert_with(&mut self, key: K, new: impl FnOnce() -> V) -> &mut V {
        if !self.before.contains_key(&key) {
            self.before.insert(key.clone(), self.all.get(&key).cloned());
        }
        self.all.entry(key).or_insert_with(new)
    }

    /// Sets the value of a key and returns the former one.
    pub(super) fn insert(&mut self, key: K, value: V) -> Option<V> {
        let old = self.all.insert(key.clone(), value);
        self.before.entry(key).or_insert_with(|| old.clone());
        old
    }

    /// Removes a key and returns its value.
    pub(super) fn remove(&mut self, key: &K) -> Option<V> {
        let old = self.all.remove(key)?;
        self.before.entry(key.clone()).or_insert_with(|| Some(old.clone()));
        Some(old)
    }
}

impl<K, V> Default for TransactionalMap<K, V> {
    fn default() -> Self {
        Self { all: BTreeMap::new(), before: BTreeMap::new() }
    }
}

impl<K, V> Deref for TransactionalMap<K, V> {
    type Target = BTreeMap<K, V>;

    fn deref(&self) -> &BTreeMap<K, V> {
        &self.all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Change {
        Insert(u8, u8),
        Remove(u8),
        Alter(u8, u8),
        Ensure(u8, u8),
    }

    fn change() -> impl Strategy<Value = Change> {
        let key = 0..4_u8;
        prop_oneof![
            (key.clone(), any::<u8>()).prop_map(|(key, value)| Change::Insert(key, value)),
            key.clone().prop_map(Change::Remove),
            (key.clone(), any::<u8>()).prop_map(|(key, value)| Change::Alter(key, value)),
            (key, any::<u8>()).prop_map(|(key, value)| Change::Ensure(key, value)),
        ]
    }

    fn make(map: &mut TransactionalMap<u8, u8>, changes: &[Change]) {
        for change in changes {
            match *change {
                Change::Insert(key, value) => drop(map.insert(key, value)),
                Change::Remove(key) => drop(map.remove(&key)),
                Change::Alter(key, value) => {
                    if let Some(old) = map.get_mut(&key) {
                        *old = value;
                    }
                }
                Change::Ensure(key, value) => drop(*map.get_or_insert_with(key, || value)),
            }
        }
    }

    proptest! {
        #[test]
        fn goes_back_to_how_it_was_and_no_further(
            kept in prop::collection::vec(change(), 0..10),
            refused in prop::collection::vec(change(), 0..20),
        ) {
            let mut map = TransactionalMap::default();
            make(&mut map, &kept);
            let before = map.clone();

            map.begin();
            make(&mut map, &refused);
            map.rollback();

            prop_assert_eq!(map.clone(), before);
        }
    }
}

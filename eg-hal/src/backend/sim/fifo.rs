//! The event queue of a chip, such as a keypad controller's.

use std::collections::VecDeque;

/// A queue of a fixed size that notes when it overflowed.
#[derive(Clone, Debug)]
pub struct Fifo<T> {
    items: VecDeque<T>,
    size: usize,
    keeps: Keeps,
    overflowed: bool,
}

/// Items that a full queue keeps when one more comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// The new one is lost.
    Oldest,
    /// The oldest one is lost.
    Newest,
}

impl<T> Fifo<T> {
    /// Makes an empty queue for `size` items.
    pub fn new(size: usize, keeps: Keeps) -> Self {
        Self { items: VecDeque::with_capacity(size), size, keeps, overflowed: false }
    }

    /// Queues an item: something happened on the chip.
    pub fn push(&mut self, item: T) {
        if self.items.len() < self.size {
            return self.items.push_back(item);
        }
        self.overflowed = true;
        match self.keeps {
            Keeps::Oldest => {}
            Keeps::Newest => {
                self.items.pop_front();
                self.items.push_back(item);
            }
        }
    }

    /// Takes the oldest item, as the master does.
    pub fn pop(&mut self) -> Option<T> {
        self.items.pop_front()
    }

    /// Number of items that wait.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// `true` if no item waits.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// `true` if items were lost since the flag was last cleared.
    pub fn overflowed(&self) -> bool {
        self.overflowed
    }

    /// Clears the overflow flag, as the master does.
    pub fn clear_overflow(&mut self) {
        self.overflowed = false;
    }

    /// Empties the queue and clears the flag: power returned.
    pub fn power_on(&mut self) {
        self.items.clear();
        self.overflowed = false;
    }
}

#[cfg(test)]
mod tests {
    use super::{Fifo, Keeps};

    #[test]
    fn a_full_queue_keeps_what_its_chip_keeps_and_raises_its_flag() {
        for (keeps, left) in [(Keeps::Oldest, [1, 2]), (Keeps::Newest, [2, 3])] {
            let mut fifo = Fifo::new(2, keeps);

            (1..=3).for_each(|item| fifo.push(item));

            assert!(fifo.overflowed());
            assert_eq!([fifo.pop(), fifo.pop(), fifo.pop()], [Some(left[0]), Some(left[1]), None]);
            fifo.clear_overflow();
            assert!(!fifo.overflowed() && fifo.is_empty());
        }
    }
}

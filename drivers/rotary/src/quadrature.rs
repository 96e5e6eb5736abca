//! From the edges of two contacts to detents.

/// The turn of a dial, a quarter of the contacts' cycle at a time.
///
/// Clockwise, A falls before B: the levels go from both high over A low, both low and B low back to both high. Only one
/// contact moves at a time, so one that bounces goes to and fro and adds up to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quadrature {
    a: bool,
    b: bool,
    /// Quarters from one detent to the next: 1, 2 or 4.
    per_detent: i32,
    /// Quarters since the last detent, clockwise positive.
    quarters: i32,
}

/// A contact of the dial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contact {
    A,
    B,
}

impl Quadrature {
    /// A dial that stands somewhere, perhaps between two detents: what it turned before, nobody knows.
    pub(crate) fn at(a: bool, b: bool, per_detent: u8) -> Self {
        Self { a, b, per_detent: per_detent.into(), quarters: 0 }
    }

    /// Takes an edge and tells the detents that it completed: -1, 0 or 1. A detent counts when more than half of it was
    /// turned, and again only after more than half of it was turned back: a dial that rests in between tells nothing.
    pub(crate) fn turn(&mut self, contact: Contact, high: bool) -> i32 {
        let (moved, other) = match contact {
            Contact::A => (&mut self.a, self.b),
            Contact::B => (&mut self.b, self.a),
        };
        if std::mem::replace(moved, high) == high {
            return 0;
        }
        let clockwise = (contact == Contact::A) == (high != other);
        self.quarters += if clockwise { 1 } else { -1 };
        let detents =
            if self.quarters.abs() * 2 > self.per_detent { self.quarters.signum() } else { 0 };
        self.quarters -= detents * self.per_detent;
        if self.rests() {
            self.quarters = 0;
        }
        detents
    }

    /// `true` if the contacts are as they are in a detent: all open; all closed too when there are two in a cycle.
    fn rests(&self) -> bool {
        match self.per_detent {
            4 => self.a && self.b,
            2 => self.a == self.b,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The levels of A and B after so many quarters clockwise from rest.
    fn levels(quarters: i32) -> (bool, bool) {
        [(true, true), (false, true), (false, false), (true, false)]
            [usize::try_from(quarters.rem_euclid(4)).unwrap()]
    }

    proptest! {
        #[test]
        fn tells_where_the_dial_is_to_within_a_detent_whatever_way_it_went(
            per_detent in prop_oneof![Just(1_u8), Just(2), Just(4)],
            steps in proptest::collection::vec(any::<bool>(), 0..400),
        ) {
            let mut dial = Quadrature::at(true, true, per_detent);
            let (mut position, mut told) = (0, 0);
            for clockwise in steps {
                let before = levels(position);
                position += if clockwise { 1 } else { -1 };
                let (a, b) = levels(position);
                let contact = if a == before.0 { Contact::B } else { Contact::A };
                told += dial.turn(contact, if contact == Contact::A { a } else { b });

                let off = (position - told * i32::from(per_detent)).abs();
                prop_assert!(off < i32::from(per_detent), "at {position}, told {told}");
                if position % i32::from(per_detent) == 0 {
                    prop_assert_eq!(off, 0);
                }
            }
        }
    }
}

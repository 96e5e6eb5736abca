use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn event(seq: u64) -> Event {
    let text = r#"{"v":1,"boot":"01KA000000000000000000000A","seq":1,"device":"panel","input":"a",
        "kind":"press","t":{"core_us":null,"unc_us":0,"src":"kernel"}}"#;
    Event { seq, ..serde_json::from_str(text).unwrap() }
}

/// One stream as the engine plays it, with what a journal would hold.
struct Played {
    streams: Streams,
    key: Key,
    stored: BTreeSet<u64>,
    /// Numbers in the order in which they were played.
    order: Vec<u64>,
    given_up: BTreeSet<u64>,
}

impl Played {
    fn new(high: u64) -> Self {
        let key = ("slot-01".parse().unwrap(), event(1).boot);
        let mut streams = Streams::default();
        let row = StreamRow { id: 1, high, left: high, awaited: Vec::new() };
        streams.learn(key.clone(), row, Timestamp(0));
        let (stored, order, given_up) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
        Self { streams, key, stored, order, given_up }
    }

    fn store(&mut self, seq: u64) {
        if self.stored.insert(seq) {
            self.order.push(seq);
        }
        self.streams.change(&self.key).unwrap().stored(seq);
    }

    fn store_held(&mut self) {
        while let Some(next) = self.streams.change(&self.key).unwrap().next_held() {
            self.store(next.seq);
        }
    }

    fn give_up(&mut self, now: Timestamp) {
        while self.streams.is_due(&self.key, now)
            && let Some((first, last)) = self.streams.change(&self.key).unwrap().give_up(now)
        {
            self.given_up.extend(first..=last.min(first.saturating_add(100)));
            self.store_held();
        }
    }

    fn take(&mut self, seq: u64, now: Timestamp) -> Admission {
        self.streams.begin();
        let order = self.streams.change(&self.key).unwrap();
        let repeats = order.repeats(seq);
        let admission = order.admit(&event(seq), now);
        if admission == Admission::Store {
            self.store(seq);
            self.store_held();
        }
        self.give_up(now);
        if repeats && self.streams.hears_all(now) {
            self.streams.change(&self.key).unwrap().write_off(seq, now);
        }
        admission
    }

    fn acked(&mut self, now: Timestamp) -> u64 {
        self.streams.ack(&self.key, now).map_or(0, |ack| ack.seq)
    }
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::default() + Duration::from_secs(seconds)
}

#[test]
fn no_number_makes_it_stumble_wherever_the_stream_stands() {
    let edges = [0, 1, 2, STEP, (1 << 63) - 1, 1 << 63, u64::MAX - 2, u64::MAX - 1, u64::MAX];

    for high in edges {
        let mut played = Played::new(high);
        for (second, seq) in (0..).zip(edges.iter().chain(edges.iter().rev())) {
            played.take(*seq, at(second * 7));
            played.acked(at(second * 7));
        }
    }
}

#[test]
fn a_number_beyond_any_outbox_is_absurd() {
    let mut played = Played::new(0);

    assert_eq!(played.take(STEP + 1, at(1)), Admission::Absurd(0));
    assert_eq!(played.take(STEP, at(1)), Admission::Wait);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn order_is_kept_but_for_what_was_given_up_and_no_ack_passes_what_may_come(
        steps in proptest::collection::vec((1_u64..40, 0_u64..8), 1..120)
    ) {
        let (mut played, mut now, mut seen) = (Played::new(0), 0, BTreeSet::new());
        for (seq, pause) in steps {
            now += pause;
            let awaited = |played: &mut Played| {
                let order = played.streams.change(&played.key).unwrap();
                order.awaited()
            };
            let before = awaited(&mut played);
            played.take(seq, at(now));
            let acked = played.acked(at(now));

            for number in 1..=acked {
                let gone = played.given_up.contains(&number);
                prop_assert!(played.stored.contains(&number) || gone, "{number} of {acked}");
            }
            // What is written off was passed by a repeat, never by time or by a new number alone.
            let after = awaited(&mut played);
            let lost = before.iter().filter(|(first, _)| {
                !after.iter().any(|(one, last)| (one..=last).contains(&first))
                    && !played.stored.contains(first)
            });
            for (_, last) in lost {
                prop_assert!(seq > *last && seen.contains(&seq));
            }
            seen.insert(seq);
        }
        let late = |place: &[u64]| place[1] < place[0];
        for pair in played.order.windows(2).filter(|pair| late(pair)) {
            let back = pair[1];
            prop_assert!(played.given_up.contains(&back), "{back} came after {}", pair[0]);
        }
    }
}

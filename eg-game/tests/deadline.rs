//! The table models links: what is on its way, what waits for its turn, and deadlines that wait for both.

use eg_game::prelude::*;
use eg_game::testkit::{START, Table, millis, secs};
use eg_game::{Input, Order};

/// No settings.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Lit at the start, for four seconds; writes down what it hears, in milliseconds.
#[derive(Default)]
struct Fuse(Vec<String>);

impl Fuse {
    fn hear(&mut self, who: &str, at: Timestamp) {
        self.0.push(format!("{who}@{}", (at.0 - START.0) / 1_000));
    }
}

macro_rules! fuses {
    ($($game:ident $order:ident $start:ident),+) => { $(
        struct $game(Fuse);

        impl Game for $game {
            const KIND: &'static str = "fuse";
            const ORDER: Order = Order::$order;
            type Config = Nothing;

            fn start(_: Nothing, _: &Roster) -> Result<Self, StartError> {
                Ok(Self(Fuse::default()))
            }
            fn on_input(&mut self, input: &Input, effects: &mut Effects) {
                let late = if input.overtaken { "overtaken-" } else { "" };
                self.0.hear(&format!("{late}{}", input.slot), input.at);
                effects.after(TimerId(2), secs(0));
            }
            fn on_timer(&mut self, timer: TimerId, at: Timestamp, _: &mut Effects) {
                self.0.hear(if timer == TimerId(1) { "bang" } else { "tick" }, at);
            }
            fn on_operator(&mut self, act: &Act, effects: &mut Effects) {
                match act.name.as_str() {
                    "start" => effects.$start(TimerId(1), secs(4)),
                    _ => effects.refuse_act(Text::same("no")),
                }
            }
            fn view(&self, _: &Audience) -> View {
                View::new("there", Text::same("there"), [])
            }
            fn explain(&self) -> Text {
                Text::same(self.0.0.join(" "))
            }
        }
    )+ };
}

fuses! { ByTime ByTime after, ByArrival Arrival deadline, Plain Arrival after }

fn played<G: Game>(rules: u16) -> String {
    let mut table = Table::seat(3).rules(rules).links_take(millis(25)).play::<G>("{}");
    table.pass(millis(3_990));
    table.press_on_its_way("slot-01", "a", millis(20));
    table.pass(millis(12));
    table.press_on_its_way("slot-02", "a", millis(1));
    table.pass(secs(1));
    table.crash();
    table.explain().en
}

#[test]
fn what_was_pressed_before_a_deadline_comes_before_it_and_the_rest_after() {
    let by_time = played::<ByTime>(2);
    let by_arrival = played::<ByArrival>(2);

    assert_eq!(by_time, "slot-01@3990 tick@3990 bang@4000 slot-02@4002 tick@4002");
    assert_eq!(by_arrival, "slot-01@3990 tick@4010 bang@4000 slot-02@4002 tick@4025");
}

#[test]
fn a_plain_timer_waits_for_nothing_and_nor_does_one_of_the_first_revision() {
    assert!(played::<Plain>(2).starts_with("bang@4000"), "{}", played::<Plain>(2));
    assert!(played::<ByArrival>(1).starts_with("bang@4000"));
    assert!(played::<ByTime>(1).starts_with("bang@4000"));
}

#[test]
fn what_cannot_be_told_apart_comes_together_and_what_comes_too_late_is_overtaken() {
    let mut table = Table::seat(3).links_take(millis(10)).play::<ByTime>("{}");
    table.pass(millis(100));
    let vague = |table: &Table, slot, ago| {
        let press = table.a_press(slot, "a");
        Input { at: table.now() - millis(ago), unc_us: 2_000, ..press }
    };
    let (one, other) = (vague(&table, "slot-01", 3), vague(&table, "slot-02", 5));

    table.deliver(one);
    table.deliver(other);
    table.pass(millis(50));
    let late = vague(&table, "slot-03", 60);
    table.deliver(late);
    table.pass(millis(50));

    let heard = table.explain().en;
    assert_eq!(heard, "slot-02@95 slot-01@97 tick@97 overtaken-slot-03@90 tick@97");
}

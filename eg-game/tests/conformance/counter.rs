//! A game that keeps every promise but one.

use eg_game::prelude::*;
use eg_game::testkit::secs;
use eg_game::{FieldKind, RosterChange};
use std::sync::atomic::{AtomicU32, Ordering};

/// No settings.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// The field of the act `drop`.
#[derive(Deserialize)]
struct Slot {
    slot: SlotId,
}

/// A promise to break; the game keeps all others.
#[derive(Clone, Copy, PartialEq)]
enum Break {
    Nothing,
    Replay,
    Order,
    RefusedAct,
    OfferedAct,
    UnknownAct,
    Effects,
    ZeroTimer,
    View,
    Reason,
    Time,
    Secret,
    Stranger,
    Panic,
    Trust,
    Refusal,
    Readmit,
    Reseat,
}

/// Counts the players who have pressed, and shows ten seconds after each.
struct Counter {
    breaks: Break,
    pressed: Vec<SlotId>,
    ends: Option<Timestamp>,
    refusals: u32,
}

static STARTS: AtomicU32 = AtomicU32::new(0);

impl Counter {
    fn begin(breaks: Break) -> Self {
        Self { breaks, pressed: Vec::new(), ends: None, refusals: 0 }
    }

    fn input(&mut self, input: &Input, effects: &mut Effects) {
        if self.breaks == Break::Panic && input.pressed().is_none() {
            panic!("G12: it did not expect {:?}", input.what);
        }
        if input.pressed().is_none() || self.pressed.contains(&input.slot) {
            return;
        }
        self.pressed.push(input.slot.clone());
        if self.breaks != Break::Order {
            self.pressed.sort();
        }
        self.ends = Some(input.now + secs(if self.breaks == Break::Time { 11 } else { 10 }));
        effects.after(TimerId(1), secs(10));
        let many = if self.breaks == Break::Effects {
            100
        } else if self.breaks == Break::Replay {
            STARTS.load(Ordering::Relaxed)
        } else {
            0
        };

        (0..many).for_each(|_| effects.note(Text::same("a press")));
        if self.breaks == Break::Stranger
            && let Ok(stranger) = SlotId::new("slot-99")
        {
            effects.cue(&stranger, Cue::Accepted);
        }
    }

    fn timer(&mut self, effects: &mut Effects) {
        self.ends = None;
        if self.breaks == Break::ZeroTimer {
            effects.after(TimerId(1), secs(0));
        }
    }

    fn operator(&mut self, act: &Act, effects: &mut Effects) {
        match act.name.as_str() {
            "start" => {}
            "count" if self.breaks != Break::OfferedAct => {}
            "drop" if self.breaks == Break::Trust => {
                let slot: Option<Slot> = act.args().ok();
                let place = self
                    .pressed
                    .iter()
                    .position(|known| Some(known) == slot.as_ref().map(|it| &it.slot));
                self.pressed.remove(place.expect("G12: only who has pressed is dropped"));
            }
            _ if self.breaks == Break::UnknownAct => {}
            _ => {
                if self.breaks == Break::RefusedAct {
                    effects.note(Text::same("refusing"));
                }
                if self.breaks == Break::Refusal {
                    self.pressed.clear();
                }
                self.refusals += 1;
                effects.refuse_act(Text::same("no"));
            }
        }
    }

    fn change(&mut self, change: &RosterChange) {
        if self.breaks == Break::Readmit && matches!(change, RosterChange::Readmitted(_)) {
            panic!("G12: nobody was ever readmitted");
        }
        if self.breaks != Break::Reseat {
            let seat = |slot: &SlotId| change.seat_of(slot).clone();
            self.pressed = self.pressed.iter().map(seat).collect();
        }
    }

    fn offered(&self) -> Vec<Offer> {
        let mut offers = vec![Offer::new("count", Text::same("Count"))];
        let pressed: Vec<_> = self.pressed.iter().map(ToString::to_string).collect();
        if let (Break::Trust, Some(first)) = (self.breaks, pressed.first().cloned()) {
            let drop = Offer::new("drop", Text::same("Drop"));
            let kind = FieldKind::OneOf(pressed);
            offers.push(drop.field("slot", Text::same("Player"), kind, first));
        }
        offers
    }

    fn seen(&self, for_whom: &Audience) -> View {
        let mut parts = Vec::new();
        if let Some(ends) = self.ends {
            parts.push(Widget::Timer { label: Text::same("still"), ends });
        }
        if self.breaks == Break::Secret && *for_whom == Audience::Public {
            parts.push(Widget::text(Text::same("the code is hunter2"), eg_game::Level::Plain));
        }
        let english = Text { fr: String::new(), en: "counting".into() };
        let headline = if self.breaks == Break::View { english } else { Text::same("counting") };
        View::new("counting", headline, parts)
    }

    fn reason(&self) -> Text {
        let last = self.pressed.last().map(ToString::to_string).unwrap_or_default();
        let number = self.pressed.len();
        let lines = if self.breaks == Break::Reason { "\n" } else { " " };
        Text::same(format!("{number} pressed,{lines}last {last}"))
    }
}

/// One type a promise, so that each is a game of its own.
macro_rules! games {
    ($($game:ident breaks $breaks:ident),+ $(,)?) => {
        $(
            pub(crate) struct $game(Counter);

            impl Game for $game {
                const KIND: &'static str = "counter";
                type Config = Nothing;

                fn start(_: Nothing, _: &Roster) -> Result<Self, StartError> {
                    STARTS.fetch_add(1, Ordering::Relaxed);
                    Ok(Self(Counter::begin(Break::$breaks)))
                }
                fn on_input(&mut self, input: &Input, effects: &mut Effects) {
                    self.0.input(input, effects);
                }
                fn on_timer(&mut self, _: TimerId, _: Timestamp, effects: &mut Effects) {
                    self.0.timer(effects);
                }
                fn on_operator(&mut self, act: &Act, effects: &mut Effects) {
                    self.0.operator(act, effects);
                }
                fn on_roster(
                    &mut self,
                    change: &RosterChange,
                    _: &Act,
                    _: &Roster,
                    _: &mut Effects,
                ) {
                    self.0.change(change);
                }
                fn shift(&mut self, by: std::time::Duration) {
                    self.0.ends = self.0.ends.map(|ends| ends + by);
                }
                fn offers(&self) -> Vec<Offer> {
                    self.0.offered()
                }
                fn view(&self, for_whom: &Audience) -> View {
                    self.0.seen(for_whom)
                }
                fn explain(&self) -> Text {
                    self.0.reason()
                }
            }
        )+
    };
}

games! {
    Honest breaks Nothing,
    Forgetful breaks Replay,
    Hasty breaks Order,
    Chatty breaks RefusedAct,
    Fickle breaks OfferedAct,
    Obliging breaks UnknownAct,
    Lavish breaks Effects,
    Restless breaks ZeroTimer,
    Monoglot breaks View,
    Verbose breaks Reason,
    Late breaks Time,
    Indiscreet breaks Secret,
    Intrusive breaks Stranger,
    Fragile breaks Panic,
    Trusting breaks Trust,
    Sulky breaks Refusal,
    Timid breaks Readmit,
    Rooted breaks Reseat,
}

//! Rule 14, as far as the views and the feedback go.

use crate::{bars, night, press_each, turnout};
use eg_game::testkit::{Table, secs};
use eg_game::{Audience, Cue, SlotId};
use night_vote::NightVote;

fn audience(slot: &str) -> Audience {
    Audience::Slot(SlotId::new(slot).unwrap())
}

#[test]
fn rule_14_a_hidden_ballot_shows_how_many_and_never_who_or_what() {
    let mut table = night(3, "{}");
    press_each(&mut table, "ab");

    for seen in [table.public(), table.player_sees("slot-01"), table.player_sees("slot-03")] {
        assert_eq!(seen, table.public());
        assert_eq!(turnout(&seen.parts), Some((2, 3, 0)));
        assert_eq!(bars(&seen.parts), []);
    }
}

#[test]
fn rule_14_the_operator_sees_who_is_missing_and_the_votes_only_once_revealed() {
    let mut table = night(3, "{}");
    press_each(&mut table, "ab");

    let hidden = table.operator_sees(false);
    let revealed = table.operator_sees(true);

    assert_eq!(turnout(&hidden.parts), Some((2, 3, 1)));
    assert_eq!(bars(&hidden.parts), []);
    assert!(!format!("{hidden:?}").contains("Ballots"));
    assert_eq!(bars(&revealed.parts)[..2], [("A".to_owned(), 1), ("B".to_owned(), 1)]);
    assert!(format!("{revealed:?}").contains("Ballots"));
}

#[test]
fn rule_14_who_chose_what_stays_hidden_after_the_result() {
    let mut table = night(3, "{}");
    press_each(&mut table, "aab");
    table.pass(secs(2));

    for audience in [Audience::Public, Audience::Operator { revealed: false }, audience("slot-01")]
    {
        let seen = table.view(&audience);
        assert!(!format!("{seen:?}").contains("Ballots"), "{audience:?}");
        assert_eq!(bars(&seen.parts)[0], ("A".to_owned(), 2));
    }
}

#[test]
fn rule_14_in_a_hidden_ballot_every_press_feels_the_same() {
    let config = "steps: [{ question: Who dies?, options: [A, B], role: wolf }]";
    let mut table = Table::seat(3).role("wolf", &["slot-01"]).play::<NightVote>(config);
    table.operator("next", ());

    table.press("slot-01", "a");
    let of_a_wolf = table.cue();
    table.press("slot-01", "b");
    let changed = table.cue();
    table.press("slot-02", "a");

    assert_eq!([of_a_wolf, changed, table.cue()], [Some(Cue::Accepted); 3]);
    table.expect_refusal("not asked");
}

#[test]
fn rule_14_in_an_open_ballot_a_player_who_is_not_asked_feels_it() {
    let config = "{ secrecy: count, steps: [{ question: Q?, options: [A, B], role: wolf }] }";
    let mut table = Table::seat(3).role("wolf", &["slot-01"]).play::<NightVote>(config);
    table.operator("next", ());

    table.press("slot-02", "a");

    assert_eq!(table.cue(), Some(Cue::Refused));
    assert!(format!("{:?}", table.player_sees("slot-02")).contains("You are not asked"));
}

#[test]
fn rule_14_each_level_shows_what_it_says() {
    for (secrecy, missing, tally) in
        [("hidden", 0, false), ("count", 0, false), ("who_voted", 1, false), ("live", 1, true)]
    {
        let mut table = night(3, &format!("secrecy: {secrecy}"));
        press_each(&mut table, "ab");

        let seen = table.public().parts;

        assert_eq!(turnout(&seen), Some((2, 3, missing)), "{secrecy}");
        assert_eq!(!bars(&seen).is_empty(), tally, "{secrecy}");
        let operator = table.operator_sees(false).parts;
        assert_eq!(!bars(&operator).is_empty(), tally, "{secrecy}");
    }
}

#[test]
fn rule_14_the_grace_is_shown_to_the_operator_alone() {
    let mut table = night(3, "timeout: 60s");
    press_each(&mut table, "aab");
    let timers = |view: eg_game::View| {
        view.parts.iter().filter(|part| matches!(part, eg_game::Widget::Timer { .. })).count()
    };

    assert_eq!(timers(table.operator_sees(false)), 2);
    assert_eq!(timers(table.public()), 1);
}

//! The conformance kit catches every promise that is broken, and only that one.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod flawed;
mod paced;
mod polled;
mod talker;

use eg_hal::Driver;
use eg_hal::conformance::{Broken, of};
use flawed::{FLAWED, Flawed};
use paced::{GROUPED, PACED, Paced};
use polled::{POLLED, Polled};
use std::panic::catch_unwind;
use talker::{TALKER, Talker};

/// The numbers of the promises that a driver breaks.
fn broken<D: Driver>(config: &str) -> Vec<String> {
    of::<D>(config).broken().iter().map(|one| one.promise.to_string()).collect()
}

/// One test for each flaw: the driver that has it breaks the promise of its number and no other.
macro_rules! catches {
    ($($test:ident: $driver:ident < $flaw:literal > on $config:ident),* $(,)?) => {
        $(
            #[test]
            fn $test() {
                let found = of::<$driver<$flaw>>($config).broken();

                let numbers: Vec<_> = found.iter().map(|one| one.promise.to_string()).collect();
                assert_eq!(numbers, [concat!("D", $flaw)], "{found:#?}");
            }
        )*
    };
}

catches! {
    catches_a_line_that_is_not_given_back: Flawed<1> on FLAWED,
    catches_a_claim_kept_by_a_failed_open: Flawed<2> on FLAWED,
    catches_a_config_that_takes_any_key: Flawed<3> on FLAWED,
    catches_a_config_without_schema: Flawed<4> on FLAWED,
    catches_a_driver_that_is_not_registered: Flawed<5> on FLAWED,
    catches_a_model_that_cannot_be_poked: Flawed<6> on FLAWED,
    catches_a_wrong_count_of_channels: Flawed<7> on FLAWED,
    catches_an_invented_reading: Flawed<8> on FLAWED,
    catches_a_start_that_is_not_told: Flawed<9> on FLAWED,
    catches_inverted_levels: Flawed<10> on FLAWED,
    catches_a_swallowed_release: Flawed<11> on FLAWED,
    catches_edges_stamped_anew: Flawed<12> on FLAWED,
    catches_lost_edges_that_are_not_told: Flawed<13> on FLAWED,
    catches_a_poll_that_is_too_slow: Flawed<14> on FLAWED,
    catches_a_poll_that_never_rests: Flawed<15> on FLAWED,
    catches_a_silent_chip_that_is_not_told: Flawed<16> on FLAWED,
    catches_a_cut_line_that_is_not_told: Flawed<17> on FLAWED,
    catches_a_device_that_does_not_come_back: Flawed<18> on FLAWED,
    catches_an_index_out_of_the_wires_mouth: Flawed<19> on FLAWED,
    catches_a_line_that_leaves_its_safe_level: Flawed<20> on FLAWED,
    catches_a_write_to_an_output_that_is_not_there: Flawed<21> on FLAWED,
    catches_a_write_that_does_nothing: Flawed<22> on FLAWED,
    catches_a_debounced_poll: Polled<11> on POLLED,
    catches_a_chip_asked_too_much: Polled<15> on POLLED,
    catches_a_chip_asked_for_ever: Polled<16> on POLLED,
    catches_a_pin_that_drives_before_its_latch_is_set: Polled<20> on POLLED,
    catches_an_output_the_other_way_round: Polled<22> on POLLED,
    catches_an_output_that_a_brown_out_took: Polled<23> on POLLED,
    catches_a_hangup_that_is_not_told: Talker<17> on TALKER,
    catches_a_panic_on_strange_bytes: Talker<19> on TALKER,
    catches_tags_in_lower_case: Talker<10> on TALKER,
}

#[test]
fn catches_a_chip_whose_queue_overflows_in_silence() {
    let kit = of::<Polled<13>>(POLLED).queue_of(polled::QUEUE);

    let numbers: Vec<_> = kit.broken().iter().map(|one| one.promise.to_string()).collect();

    assert_eq!(numbers, ["D13"]);
}

/// Promises that are broken by a driver of a chip that wants its pauses.
fn of_paced<const FLAW: usize>() -> Vec<Broken> {
    of::<Paced<FLAW>>(PACED).broken()
}

/// Checks that this promise and no other is broken, and that the report says this of it.
fn breaks_only(broken: &[Broken], number: &str, seen: &str) {
    let numbers: Vec<_> = broken.iter().map(|one| one.promise.to_string()).collect();

    assert_eq!(numbers, [number], "{broken:#?}");
    assert!(broken[0].seen.contains(seen), "{broken:#?}");
}

#[test]
fn a_driver_that_pauses_passes_on_a_late_chip_whether_its_keys_suppress_each_other_or_not() {
    of::<Paced<{ paced::SOUND }>>(PACED).check();
    of::<Paced<{ paced::SOUND }>>(GROUPED).check();
}

#[test]
fn catches_a_pause_left_out_after_a_reset() {
    let found = of_paced::<{ paced::HASTY_AFTER_RESET }>();

    breaks_only(&found, "D1", "i2c-1 address 0x2a: ");
}

#[test]
fn catches_a_pause_left_out_before_an_answer() {
    let found = of_paced::<{ paced::HASTY_WITH_KEYS }>();

    let numbers: Vec<_> = found.iter().map(|one| one.promise.to_string()).collect();
    assert!(numbers.contains(&"D9".to_owned()), "0xff is no key: {found:#?}");
}

#[test]
fn catches_pauses_that_are_too_long() {
    breaks_only(&of_paced::<{ paced::WAITS_IN_OPEN }>(), "D24", "open took 600.0");
    breaks_only(
        &of_paced::<{ paced::WAITS_IN_READ }>(),
        "D24",
        "a read while nothing happens took",
    );
    breaks_only(&of_paced::<{ paced::PATIENT }>(), "D24", "open, while no chip answers, took");
}

#[test]
fn catches_a_thread_that_waits_past_the_boards_clock() {
    breaks_only(&of_paced::<{ paced::SLEEPS_IN_OPEN }>(), "D24", "each open put its thread");
    breaks_only(&of_paced::<{ paced::SLEEPS_IN_READ }>(), "D24", "each read put its thread");
}

#[test]
fn catches_an_interrupt_that_is_never_released_behind_a_poll() {
    breaks_only(&of_paced::<{ paced::NEVER_RELEASES }>(), "D14", "of it, woke nobody");
}

#[test]
fn catches_a_brown_out_that_is_not_noticed() {
    let found = of_paced::<{ paced::FORGETS_BROWN_OUTS }>();

    breaks_only(&found, "D23", "nor was 02 5a to i2c-1 0x2a sent again");
}

#[test]
fn catches_a_touch_that_a_brown_out_made() {
    let found = of_paced::<{ paced::TOUCHED_BY_BROWN_OUTS }>();

    breaks_only(&found, "D23", "it told Level(true) on channel 0");
}

#[test]
fn catches_transfers_to_an_address_that_was_not_claimed() {
    let found = of_paced::<{ paced::ELSEWHERE }>();

    let seen = "i2c-1 address 0x29: not claimed by this device, which holds 0x2a there";
    breaks_only(&found, "D1", seen);
}

#[test]
fn drivers_without_a_flaw_pass() {
    assert_eq!(broken::<Flawed<0>>(FLAWED), Vec::<String>::new());
    assert_eq!(broken::<Talker<0>>(TALKER), Vec::<String>::new());
    of::<Polled<0>>(POLLED).queue_of(polled::QUEUE).check();
}

#[test]
fn a_driver_that_does_not_open_is_told_so() {
    assert_eq!(broken::<Flawed<0>>("{ inputs: [GPIO99] }"), ["D1"]);
}

#[test]
fn an_exception_excuses_a_broken_promise_and_is_refused_for_a_kept_one() {
    of::<Flawed<22>>(FLAWED).except(22, "its lamps are painted on").check();

    let refused = catch_unwind(|| of::<Flawed<0>>(FLAWED).except(9, "it forgets").check());

    let words = *refused.unwrap_err().downcast::<String>().unwrap();
    assert!(words.contains("D9 reports what is held at the start: is kept"), "{words}");
}

#[test]
fn a_report_names_driver_promise_sight_and_remedy() {
    let failed = catch_unwind(|| eg_hal::conformance::check::<Flawed<10>>(FLAWED));

    let words = *failed.unwrap_err().downcast::<String>().unwrap();
    assert_eq!(
        words,
        "flawed-10 breaks what docs/driver-spec.md promises:\n\n\
         D10 reports what is there: channel 0 was high at the start and was told as low\n    \
         report the electrical level, the value in its range, the turn's direction, the tag's digits in upper case\n"
    );
}

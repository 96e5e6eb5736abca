//! Faults of clocks and links: each profile is one such world.

use std::time::Duration;

use super::course::Course;
use crate::net::proxy::Way;

/// Slots that take part.
pub(super) const SLOTS: usize = 6;

/// One world of clocks and links.
#[derive(Clone, Copy)]
pub(super) struct Profile {
    /// Name on the command line.
    pub(super) name: &'static str,
    /// `true` if `cargo eg net` plays it without further words, and so `cargo eg test`.
    pub(super) short: bool,
    /// The links of slot `n`: to the core, and back.
    pub(super) link: fn(usize) -> (Way, Way),
    /// Changes of the clocks of slot `n`, beyond an offset and the drift of a crystal.
    pub(super) slot: fn(usize, &mut Course),
    /// Changes of the core's clocks.
    pub(super) core: fn(&mut Course),
    /// Faults while somebody presses.
    pub(super) trouble: Trouble,
    /// The `window` of the buzzer.
    pub(super) window: Duration,
}

/// Faults while somebody presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// No fault.
    None,
    /// Every third time all links are cut for half a second to a second and a half.
    Cut,
    /// Every third time the core is killed, and started again.
    Restart,
    /// Two slots at a time are stopped for so long, and their clocks go on.
    Stop(Duration),
    /// Two slots at a time are suspended for so long.
    Suspend(Duration),
}

/// From one stop or suspension of slots to the next.
pub(super) const EVERY: Duration = Duration::from_secs(9);

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

const PLAIN: Profile = Profile {
    name: "",
    short: false,
    link: |_| (Way::default(), Way::default()),
    slot: |_, _| {},
    core: |_| {},
    trouble: Trouble::None,
    window: Duration::ZERO,
};

fn lan(_: usize) -> (Way, Way) {
    (Way::micros(100, 150), Way::micros(100, 150))
}

fn uneven(number: usize) -> (Way, Way) {
    let least =
        |turn: usize| 5_000 + 9_000 * u64::try_from((number * 7 + turn * 3) % 5).unwrap_or(0);
    let way = |turn| Way::micros(least(turn), least(turn) + 15_000);
    (way(0), way(1))
}

fn one_sided(number: usize) -> (Way, Way) {
    let (slow, fast) = (Way::micros(20_000, 20_100), Way::micros(1_000, 1_100));
    if number.is_multiple_of(2) { (slow, fast) } else { (fast, slow) }
}

fn growing(number: usize) -> (Way, Way) {
    let grows = Some((ms(80), Duration::from_secs(60)));
    let (grown, plain) = (Way { grows, ..Way::micros(1_000, 1_100) }, Way::micros(1_000, 1_100));
    match number % 3 {
        0 => (grown, plain),
        1 => (plain, grown),
        _ => (grown, grown),
    }
}

fn stalling(number: usize) -> (Way, Way) {
    let after = ms(500 * u64::try_from(number % 4).unwrap_or(0));
    let way = Way { stalls: Some((ms(3_000), after, ms(300))), ..Way::micros(2_000, 2_500) };
    (way, way)
}

fn long_stalls(number: usize) -> (Way, Way) {
    let after = ms(130) * u32::try_from(number).unwrap_or(0);
    let way = Way { stalls: Some((ms(1_500), after, ms(700))), ..Way::micros(2_000, 2_500) };
    (way, way)
}

fn asleep_back(_: usize) -> (Way, Way) {
    (Way::micros(1_000, 2_000), Way { batches: Some(ms(100)), ..Way::micros(1_000, 2_000) })
}

fn asleep(_: usize) -> (Way, Way) {
    let way = Way { batches: Some(ms(100)), ..Way::micros(1_000, 2_000) };
    (way, way)
}

fn wandering(number: usize, course: &mut Course) {
    let around = course.crystal;
    for turn in 0..60 {
        let by = if (turn + number).is_multiple_of(2) { 20_000 } else { -20_000 };
        course.at(
            Duration::from_secs(10) * u32::try_from(turn).unwrap_or(0),
            "crystal",
            around + by,
        );
    }
}

fn dates(number: usize, course: &mut Course) {
    let steps = [1_000_000, -1_000_000, 86_400_000_000, -950_400_000_000, 3_600_000_000_i64];
    for turn in 0..60 {
        let at = Duration::from_secs(7) * u32::try_from(turn + 1).unwrap_or(0);
        course.at(at, "date", steps[(turn + number) % steps.len()]);
    }
}

/// A rate in ppb, on for so long of every so long.
fn slewed(course: &mut Course, ppb: i64, on: Duration, every: Duration) {
    for turn in 0..60 {
        let at = Duration::from_secs(5) + every * turn;
        course.at(at, "slew", ppb);
        course.at(at + on, "slew", 0);
    }
}

/// A correction of 20 ms as the kernel's PLL does it: an eighth of what is left each second.
fn disciplined(course: &mut Course) {
    let mut left = 20_000_000_i64;
    for second in 0..60 {
        course.at(Duration::from_secs(8 + second), "slew", left / 8);
        left -= left / 8;
    }
}

fn far_apart(number: usize, course: &mut Course) {
    course.crystal = [500_000, -500_000, 200_000, -200_000, 40_000, -40_000][number % 6];
    course.at(Duration::ZERO, "crystal", course.crystal);
}

/// All of them.
pub(super) const PROFILES: &[Profile] = &[
    Profile { name: "direct", ..PLAIN },
    Profile { name: "lan", short: true, link: lan, ..PLAIN },
    Profile { name: "uneven", link: uneven, ..PLAIN },
    Profile { name: "one-sided", link: one_sided, ..PLAIN },
    Profile { name: "growing", link: growing, ..PLAIN },
    Profile { name: "stall", link: stalling, ..PLAIN },
    Profile { name: "power-save", link: asleep_back, ..PLAIN },
    Profile { name: "power-save-both", link: asleep, ..PLAIN },
    Profile { name: "dates", link: lan, slot: dates, ..PLAIN },
    Profile { name: "wander", link: lan, slot: wandering, ..PLAIN },
    Profile { name: "stop", link: lan, trouble: Trouble::Stop(ms(3_000)), ..PLAIN },
    Profile {
        name: "suspend",
        short: true,
        link: lan,
        trouble: Trouble::Suspend(ms(3_000)),
        ..PLAIN
    },
    Profile {
        name: "suspend-stall",
        link: long_stalls,
        trouble: Trouble::Suspend(ms(1_000)),
        ..PLAIN
    },
    Profile { name: "cut", short: true, link: lan, trouble: Trouble::Cut, ..PLAIN },
    Profile { name: "cut-window", link: lan, trouble: Trouble::Cut, window: ms(2_000), ..PLAIN },
    Profile { name: "restart", short: true, link: lan, trouble: Trouble::Restart, ..PLAIN },
    Profile {
        name: "restart-window",
        link: lan,
        trouble: Trouble::Restart,
        window: ms(2_000),
        ..PLAIN
    },
    Profile {
        name: "restart-date",
        link: lan,
        trouble: Trouble::Restart,
        core: |course| {
            (0..40)
                .for_each(|turn| course.at(Duration::from_secs(5 + 3 * turn), "date", 2_500_000));
        },
        ..PLAIN
    },
    Profile { name: "ntp-core", short: true, link: lan, core: disciplined, ..PLAIN },
    Profile {
        name: "ntp-core-fast",
        link: lan,
        core: |course| slewed(course, 5_000_000, ms(8_000), ms(20_000)),
        ..PLAIN
    },
    Profile {
        name: "ntp-slot",
        link: lan,
        slot: |number, course| {
            let ppb = if number.is_multiple_of(2) { 500_000 } else { -500_000 };
            slewed(course, ppb, ms(8_000), ms(20_000));
        },
        ..PLAIN
    },
    Profile {
        name: "ntp-slot-fast",
        link: lan,
        slot: |number, course| {
            slewed(course, 5_000_000 * [1, -1, 0][number % 3], ms(8_000), ms(20_000))
        },
        ..PLAIN
    },
    Profile {
        name: "crystal-core",
        link: lan,
        core: |course| course.at(Duration::ZERO, "crystal", 150_000),
        ..PLAIN
    },
    Profile { name: "crystal-slot", link: lan, slot: far_apart, ..PLAIN },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_has_a_name_of_its_own() {
        for (place, profile) in PROFILES.iter().enumerate() {
            assert!(!profile.name.is_empty());
            assert!(PROFILES[..place].iter().all(|other| other.name != profile.name));
        }
    }
}

//! GPIO lines: what a button, a bounce and a wire do to them, on chips of gpio-sim.

use std::thread::sleep;
use std::time::Duration;

use anyhow::ensure;
use eg_hal::{DeviceError, Output, Reading, Set, clock};
use gpiocdev::Chip;
use gpiocdev::line::Drive;

use crate::check::checks;
use crate::place::{Place, levels, same, says, stamped};
use crate::sim_chip::{SimChip, in_use};

checks!("gpio", Root:
    finds_a_line_by_its_name_and_by_chip_and_offset,
    finds_a_line_of_the_header_on_a_chip_without_names,
    an_unknown_line_is_answered_with_those_that_exist,
    tells_the_level_at_the_start_and_nothing_else,
    a_press_carries_the_kernels_time,
    a_pulse_of_a_millisecond_is_not_missed,
    every_bounce_arrives_in_order,
    a_burst_of_500_edges_loses_none,
    lost_edges_are_counted_and_the_level_is_told_again,
    presses_on_two_lines_keep_their_order,
    active_low_stays_physical,
    bias_is_what_was_asked_for,
    the_kernel_debounces_where_it_is_asked_to_and_nowhere_else,
    an_output_makes_its_levels_as_it_is_asked_to,
    a_line_in_use_names_its_holder,
    a_line_of_the_kernels_own_names_its_holder,
    a_refused_device_lets_go_of_everything,
    an_output_is_safe_from_the_first_moment_and_follows,
    a_closed_device_frees_its_lines,
    a_chip_that_vanishes_is_an_error_and_not_a_hang,
);

/// Edges that the backend lets the kernel keep.
const QUEUE: usize = 512;

fn set(channel: u16, set: Set) -> Output {
    Output { channel, set }
}

fn finds_a_line_by_its_name_and_by_chip_and_offset() -> anyhow::Result<()> {
    let first = SimChip::new("eg-first", 4, &[(1, "DOOR")])?;
    let second = SimChip::new("eg-second", 4, &[(2, "BELL")])?;
    second.pull(2, true)?;
    let place = Place::default();

    let mut by_name = place.open("vm/name", "button-row", "inputs: [DOOR, BELL]")?;
    let config = format!("inputs: [eg-second:1, {}:3]", first.name);
    let mut by_chip = place.open("vm/chip", "button-row", &config)?;
    second.pull(1, true)?;
    first.pull(3, true)?;

    same(levels(&by_name.read()?)?, vec![(0, false), (1, true)])?;
    let ends: Vec<_> = levels(&by_chip.read()?)?.into_iter().filter(|(_, high)| *high).collect();
    same((ends.contains(&(0, true)), ends.contains(&(1, true))), (true, true))
}

fn finds_a_line_of_the_header_on_a_chip_without_names() -> anyhow::Result<()> {
    let header = SimChip::new("pinctrl-bcm2711", 58, &[])?;
    header.pull(17, true)?;

    let mut row = Place::default().open("vm/row", "button-row", "inputs: [GPIO17, GPIO18]")?;

    same(levels(&row.read()?)?, vec![(0, true), (1, false)])
}

fn an_unknown_line_is_answered_with_those_that_exist() -> anyhow::Result<()> {
    let _chip = SimChip::new("eg-chip", 8, &[(1, "DOOR"), (2, "LAMP1"), (3, "LAMP2")])?;

    let why = Place::default().refusal("vm/row", "button-row", "inputs: [DOR]")?;

    says(&why, "no line called \"DOR\"; this board has DOOR, LAMP1…LAMP2")?;
    says(&why, "eg-chip:0…7")
}

fn tells_the_level_at_the_start_and_nothing_else() -> anyhow::Result<()> {
    let chip = SimChip::new("eg-chip", 4, &[])?;
    chip.pull(0, true)?;

    let place = Place::default();
    let mut row = place.open("vm/row", "button-row", "inputs: [eg-chip:0, eg-chip:1]")?;

    same(levels(&row.read()?)?, vec![(0, true), (1, false)])?;
    same(row.read()?, vec![])?;
    row.stays_quiet()
}

fn a_press_carries_the_kernels_time() -> anyhow::Result<()> {
    let chip = SimChip::new("eg-chip", 4, &[])?;
    let mut row = Place::default().open("vm/row", "button-row", "inputs: [eg-chip:2]")?;
    row.read()?;

    let before = clock::now();
    chip.pull(2, true)?;
    let between = clock::now();
    chip.pull(2, false)?;
    let after = clock::now();
    // The stamp is the kernel's: reading late changes nothing.
    sleep(Duration::from_millis(200));
    let samples = row.samples(2)?;

    same(levels(&samples)?, vec![(0, true), (0, false)])?;
    stamped(&samples[..1], before, between)?;
    stamped(&samples[1..], between, after)
}

fn a_pulse_of_a_millisecond_is_not_missed() -> anyhow::Result<()> {
    let chip = SimChip::new("eg-chip", 4, &[])?;
    let mut row = Place::default().open("vm/row", "button-row", "inputs: [eg-chip:2]")?;
    row.read()?;

    let before = clock::now();
    chip.pull(2, true)?;
    sleep(Duration::from_millis(1));
    chip.pull(2, false)?;
    let samples = row.samples(2)?;

    same(levels(&samples)?, vec![(0, true), (0, false)])?;
    stamped(&samples, before, clock::now())
}

fn every_bounce_arrives_in_order() -> anyhow::Result<()> {
    let chip = SimChip::new("eg-chip", 4, &[])?;
    let mut row = Place::default().open("vm/row", "button-row", "inputs: [eg-chip:2]")?;
    row.read()?;

    let before = clock::now();
    let bounce: Vec<bool> = (0..41).map(|n| n % 2 == 0).collect();
    for high in &bounce {
        chip.pull(2, *high)?;
    }
    let samples = row.samples(bounce.len())?;

    same(levels(&samples)?, bounce.into_iter().map(|high| (0, high)).collect())?;
    stamped(&samples, before, clock::now())
}

fn a_burst_of_500_edges_loses_none() -> anyhow::Result<()> {
    let chip = SimChip::new("eg-chip", 4, &[])?;
    let mut row = Place::default().open("vm/row", "button-row", "inputs: [eg-chip:2]")?;
    row.read()?;

    let before = clock::now();
    for n in 0..500 {
        chip.pull(2, n % 2 == 0)?;
    }
    let samples = row.samples(500)?;

    let wanted: Vec<_> = (0..500).map(|n| (0, n % 2 == 0)).collect();
    same(levels(&samples)?, wanted)?;
    stamped(&samples, before, clock::now())
}

fn lost_edges_are_counted_and_the_level_is_told_again() -> anyhow::Result<()> {
    let chip = SimChip::new("eg-chip", 4, &[])?;
    let mut row = Place::default().open("vm/row", "button-row", "inputs: [eg-chip:2]")?;
    row.read()?;

    let edges = QUEUE + 401;
    for n in 0..edges {
        chip.pull(2, n % 2 == 0)?;
    }
    let samples = row.read()?;

    let mut lost = Vec::new();
    for sample in &samples {
        if let Reading::Lost(edges) = sample.reading {
            lost.push(edges);
        }
    }
    let kept: Vec<_> =
        samples.iter().filter(|sample| matches!(sample.reading, Reading::Level(_))).collect();
    same(lost, vec![401])?;
    ensure!(kept.len() == QUEUE + 1, "{} levels: the queue and one read back", kept.len());
    same(kept.last().map(|sample| &sample.reading), Some(&Reading::Level(true)))?;
    same(row.read()?, vec![])
}

fn presses_on_two_lines_keep_their_order() -> anyhow::Result<()> {
    let chip = SimChip::new("eg-chip", 4, &[])?;
    let config = "inputs: [eg-chip:0, eg-chip:1]";
    let mut row = Place::default().open("vm/row", "button-row", config)?;
    row.read()?;

    for (line, high) in [(1, true), (0, true), (1, false), (0, false)] {
        chip.pull(line, high)?;
    }
    let samples = row.samples(4)?;

    same(levels(&samples)?, vec![(1, true), (0, true), (1, false), (0, false)])
}

fn active_low_stays_physical() -> anyhow::Result<()> {
    let chip = SimChip::new("eg-chip", 4, &[])?;
    chip.pull(2, true)?;
    let config = "{inputs: [eg-chip:2], pull: up}";
    let mut row = Place::default().open("vm/row", "button-row", config)?;

    let rest = levels(&row.read()?)?;
    chip.pull(2, false)?;
    let pressed = levels(&row.samples(1)?)?;

    same((rest, pressed), (vec![(0, true)], vec![(0, false)]))?;
    let used = in_use()?;
    says(&used, "eg:vm/row")?;
    ensure!(!used.contains("ACTIVE LOW"), "asked of the kernel: {used}");
    Ok(())
}

fn bias_is_what_was_asked_for() -> anyhow::Result<()> {
    let chip = SimChip::new("eg-chip", 8, &[])?;
    chip.pull(3, true)?;
    chip.pull(4, false)?;
    let place = Place::default();

    let mut up = place.open("vm/up", "button-row", "{inputs: [eg-chip:1], pull: up}")?;
    let mut down = place.open("vm/down", "button-row", "{inputs: [eg-chip:2], pull: down}")?;
    let mut none = place.open("vm/none", "button-row", "inputs: [eg-chip:3, eg-chip:4]")?;

    same(levels(&up.read()?)?, vec![(0, true)])?;
    same(levels(&down.read()?)?, vec![(0, false)])?;
    same(levels(&none.read()?)?, vec![(0, true), (1, false)])?;
    same((chip.level(1)?, chip.level(2)?), (true, false))
}

fn the_kernel_debounces_where_it_is_asked_to_and_nowhere_else() -> anyhow::Result<()> {
    let chip = SimChip::new("eg-chip", 4, &[])?;
    let place = Place::default();
    let calm = "{inputs: [eg-chip:1], debounce: 200ms}";
    let mut calm = place.open("vm/calm", "button-row", calm)?;
    let mut plain = place.open("vm/plain", "button-row", "inputs: [eg-chip:2]")?;
    calm.read()?;
    plain.read()?;

    for line in [1, 2] {
        chip.pull(line, true)?;
        chip.pull(line, false)?;
    }
    chip.pull(1, true)?;
    let told = calm.samples(1)?;

    same(levels(&told)?, vec![(0, true)])?;
    same(levels(&plain.samples(2)?)?, vec![(0, true), (0, false)])
}

fn an_output_makes_its_levels_as_it_is_asked_to() -> anyhow::Result<()> {
    let chip = SimChip::new("eg-chip", 4, &[])?;
    let place = Place::default();
    let mut drain =
        place.open("vm/drain", "button-row", "{outputs: [eg-chip:3], drive: open-drain}")?;
    let _plain = place.open("vm/plain", "button-row", "outputs: [eg-chip:2]")?;

    drain.device.write(set(0, Set::Off))?;

    let asked = |line| -> anyhow::Result<Option<Drive>> {
        Ok(Chip::from_name(&chip.name)?.line_info(line)?.drive)
    };
    same((asked(3)?, asked(2)?), (Some(Drive::OpenDrain), Some(Drive::PushPull)))?;
    // gpio-sim shows no line that was let go: what is left to see is that it drives low.
    same(chip.level(3)?, false)
}

fn a_line_in_use_names_its_holder() -> anyhow::Result<()> {
    let _chip = SimChip::new("eg-chip", 4, &[(2, "BELL")])?;
    let (one, other) = (Place::default(), Place::default());
    let _row = one.open("slot-07/panel", "button-row", "inputs: [BELL]")?;

    let in_this_slot = one.refusal("slot-07/row", "button-row", "inputs: [BELL]")?;
    let elsewhere = other.refusal("slot-08/row", "button-row", "inputs: [BELL]")?;

    same(in_this_slot.as_str(), "line BELL is already held by slot-07/panel")?;
    same(elsewhere.as_str(), "cannot open line BELL: it is in use by eg:slot-07/panel")
}

fn a_line_of_the_kernels_own_names_its_holder() -> anyhow::Result<()> {
    let hog = Some((2, "door-lock"));
    let _chip = SimChip::with_hog("eg-chip", 4, &[], hog)?;

    let why = Place::default().refusal("vm/row", "button-row", "inputs: [eg-chip:2]")?;

    same(why.as_str(), "cannot open line eg-chip:2: it is in use by door-lock")
}

fn a_refused_device_lets_go_of_everything() -> anyhow::Result<()> {
    let hog = Some((3, "door-lock"));
    let _chip = SimChip::with_hog("eg-chip", 4, &[], hog)?;
    let place = Place::default();

    place.refusal("vm/row", "button-row", "inputs: [eg-chip:1, eg-chip:2, eg-chip:3]")?;

    same(place.held(), 0)?;
    ensure!(!in_use()?.contains("eg:"), "{}", in_use()?);
    place.open("vm/row", "button-row", "inputs: [eg-chip:1, eg-chip:2]").map(drop)
}

fn an_output_is_safe_from_the_first_moment_and_follows() -> anyhow::Result<()> {
    let chip = SimChip::new("eg-chip", 4, &[])?;
    let place = Place::with_safe([(1, true)]);

    let mut row = place.open("vm/row", "button-row", "outputs: [eg-chip:0, eg-chip:1]")?;
    let at_first = (chip.level(0)?, chip.level(1)?);
    row.device.write(set(0, Set::On))?;
    row.device.write(set(1, Set::Off))?;
    let told = (chip.level(0)?, chip.level(1)?);
    let beyond = row.device.write(set(2, Set::On));

    same((at_first, told), ((false, true), (true, false)))?;
    ensure!(matches!(beyond, Err(DeviceError::Unsupported { .. })), "{beyond:?}");
    Ok(())
}

fn a_closed_device_frees_its_lines() -> anyhow::Result<()> {
    let _chip = SimChip::new("eg-chip", 4, &[])?;
    let place = Place::default();
    let config = "{inputs: [eg-chip:1], outputs: [eg-chip:2]}";
    let row = place.open("vm/row", "button-row", config)?;
    says(&in_use()?, "eg:vm/row")?;

    drop(row);

    ensure!(!in_use()?.contains("eg:"), "{}", in_use()?);
    same(place.held(), 0)?;
    Place::default().open("vm/again", "button-row", config).map(drop)
}

fn a_chip_that_vanishes_is_an_error_and_not_a_hang() -> anyhow::Result<()> {
    let mut chip = SimChip::new("eg-chip", 4, &[])?;
    let config = "{inputs: [eg-chip:1], outputs: [eg-chip:2]}";
    let mut row = Place::default().open("vm/row", "button-row", config)?;
    row.read()?;

    chip.vanish()?;
    let written = row.device.write(set(0, Set::On));

    ensure!(matches!(written, Err(DeviceError::Line(_))), "{written:?}");
    let why = row.failure()?;
    says(&why, "line eg-chip:1: ")
}

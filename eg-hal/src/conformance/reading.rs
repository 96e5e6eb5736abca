//! D8 to D13: what a driver reports.

use super::lab::{Lab, Subject, levels, said};
use crate::sim::Poke;
use crate::{Channel, Driver, LineName, Moment, Reading, SafeLevels, Sample};
use std::sync::PoisonError;
use std::time::Duration;

/// Two tags that a reader may meet.
const TAGS: [&str; 2] = ["04A37C91", "04A37C92"];
/// More changes than any line keeps.
const BURST: usize = 201;
/// Between two edges of a burst.
const MOMENT: Duration = Duration::from_micros(40);

/// D8.
pub(super) fn invents_nothing<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    let mut subject = lab.open_on(&lab.place()).map_err(said("open"))?;
    let first = subject.passes()?;
    for (at, Sample { channel, reading, .. }) in first.iter().enumerate() {
        if !matches!(reading, Reading::Level(_) | Reading::Value { .. } | Reading::NoTag) {
            return Err(format!(
                "nothing had happened, and it reported {reading:?} on channel {channel}"
            ));
        }
        if first[..at].iter().any(|earlier| earlier.channel == *channel) {
            return Err(format!("the start told channel {channel} twice"));
        }
    }
    for _ in 0..4 {
        if let Some(Sample { channel, reading, .. }) = subject.passes()?.first() {
            return Err(format!(
                "nothing changed, and it reported {reading:?} on channel {channel}"
            ));
        }
    }
    let idle = lab.idle()?;
    for touched in lab.inputs(&Poke::Level(true))? {
        let at_rest = idle.get(&touched).copied().unwrap_or(false);
        for high in [at_rest, !at_rest, at_rest] {
            subject.takes(touched, &Poke::Level(high));
            if let Some(other) = subject.passes()?.iter().find(|s| s.channel != touched) {
                let Sample { channel, reading, .. } = other;
                return Err(format!(
                    "channel {touched} was touched, and it reported {reading:?} on {channel}"
                ));
            }
        }
    }
    Ok(())
}

/// The level that the start tells while a channel is held.
fn held<D: Driver>(lab: &Lab<D>, channel: Channel, high: bool) -> Result<Option<bool>, String> {
    let place = lab.place();
    let model = lab.model(&place).map_err(said("the model"))?;
    let poked =
        model.lock().unwrap_or_else(PoisonError::into_inner).poke(channel, &Poke::Level(high));
    poked.map_err(said("the model"))?;
    let mut subject = lab.open_at(&place, model, &SafeLevels::new()).map_err(said("open"))?;
    let told = subject.passes()?.into_iter().filter(|s| s.channel == channel);
    Ok(levels(&told.map(|s| s.reading).collect::<Vec<_>>()).last().copied())
}

/// D9.
pub(super) fn held_at_start<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    for channel in lab.inputs(&Poke::Level(true))? {
        let (high, low) = (held(lab, channel, true)?, held(lab, channel, false)?);
        if high.is_none() || low.is_none() || high == low {
            let says = |level: Option<bool>| level.map_or("nothing", word);
            return Err(format!(
                "channel {channel} held high while it opened was told as {}, held low as {}",
                says(high),
                says(low)
            ));
        }
    }
    Ok(())
}

fn word(high: bool) -> &'static str {
    if high { "high" } else { "low" }
}

/// D10.
pub(super) fn what_is_there<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    for channel in lab.inputs(&Poke::Level(true))? {
        for high in [true, false] {
            // Whether the start is told at all is D9.
            if held(lab, channel, high)? == Some(!high) {
                let (is, told) = (word(high), word(!high));
                return Err(format!(
                    "channel {channel} was {is} at the start and was told as {told}"
                ));
            }
        }
        let mut subject = lab.started()?;
        for high in [false, true, false] {
            let readings = subject.after(channel, &Poke::Level(high))?;
            if levels(&readings) == [!high] {
                let (is, told) = (word(high), word(!high));
                return Err(format!("channel {channel} went {is} and was told as {told}"));
            }
        }
    }
    for channel in lab.inputs(&Poke::Turn(1))? {
        let mut subject = lab.started()?;
        for by in [2, -1] {
            let readings = subject.after(channel, &Poke::Turn(by))?;
            let told = turned(&readings);
            if told.signum() == -by.signum() {
                return Err(format!("channel {channel} turned by {by} and was told as {told}"));
            }
        }
    }
    for channel in lab.inputs(&Poke::Value(0.5))? {
        let mut subject = lab.started()?;
        for part in [0.25, 0.75] {
            for reading in subject.after(channel, &Poke::Value(part))?.iter().rev().take(1) {
                let Reading::Value { v, min, max, .. } = reading else { continue };
                let told = (v - min) / (max - min);
                if !(told - part).abs().le(&0.1) {
                    return Err(format!(
                        "channel {channel} was at {part} of its range and was told as {reading:?}"
                    ));
                }
            }
        }
    }
    for channel in lab.inputs(&Poke::Tag(TAGS[0].to_owned()))? {
        let mut subject = lab.started()?;
        let readings = subject.after(channel, &Poke::Tag(TAGS[0].to_owned()))?;
        if let Some(Reading::Tag(told)) =
            readings.iter().find(|r| matches!(r, Reading::Tag(told) if told != TAGS[0]))
        {
            return Err(format!("channel {channel} met tag {} and told {told}", TAGS[0]));
        }
    }
    Ok(())
}

fn turned(readings: &[Reading]) -> i32 {
    readings.iter().map(|reading| if let Reading::Turn(by) = reading { *by } else { 0 }).sum()
}

/// D11.
pub(super) fn every_change<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    for channel in lab.inputs(&Poke::Level(true))? {
        let mut subject = lab.started()?;
        subject.after(channel, &Poke::Level(false))?;
        for (pass, high) in [true, false, true, false, true, false].into_iter().enumerate() {
            let readings = subject.after(channel, &Poke::Level(high))?;
            if levels(&readings).len() != 1 {
                return Err(format!(
                    "channel {channel} changed on every pass; change {} to {} was told as {readings:?}",
                    pass + 1,
                    word(high)
                ));
            }
        }
    }
    for channel in lab.inputs(&Poke::Turn(1))? {
        let mut subject = lab.started()?;
        for by in [1, 1, -1, 3] {
            let told = turned(&subject.after(channel, &Poke::Turn(by))?);
            if told.abs() != i32::abs(by) {
                return Err(format!("channel {channel} turned by {by} and was told as {told}"));
            }
        }
    }
    for channel in lab.inputs(&Poke::Value(0.5))? {
        let mut subject = lab.started()?;
        for part in [0.1, 0.9, 0.4] {
            let readings = subject.after(channel, &Poke::Value(part))?;
            if !readings.iter().any(|reading| matches!(reading, Reading::Value { .. })) {
                return Err(format!(
                    "channel {channel} went to {part} of its range and nothing was told"
                ));
            }
        }
    }
    for channel in lab.inputs(&Poke::Tag(TAGS[0].to_owned()))? {
        let mut subject = lab.started()?;
        for tag in TAGS {
            let readings = subject.after(channel, &Poke::Tag(tag.to_owned()))?;
            if !readings.iter().any(|reading| matches!(reading, Reading::Tag(_))) {
                return Err(format!("channel {channel} met tag {tag} and told {readings:?}"));
            }
            subject.takes(channel, &Poke::TagAway);
            (0..4).try_for_each(|_| subject.passes().map(drop))?;
        }
    }
    Ok(())
}

/// The channels whose every change waits in a queue of the kernel: a line of their own moves as they do, or a keyboard.
/// A line that several channels move is an interrupt: it cannot tell which of them it was.
fn queued<D: Driver>(lab: &Lab<D>) -> Result<Vec<Channel>, String> {
    let mut moved: Vec<(Channel, Vec<LineName>)> = Vec::new();
    for channel in lab.inputs(&Poke::Level(true))? {
        let mut subject = lab.started()?;
        subject.after(channel, &Poke::Level(false))?;
        let moments = alternate(&mut subject, channel, 4);
        let log = subject.notes.log();
        if log.inputs.is_empty() && !log.keyboards.is_empty() {
            moved.push((channel, Vec::new()));
            continue;
        }
        let follows = |line: &&LineName| {
            let changes = subject.bench.wire(line).history().into_iter().map(|(at, _)| at);
            changes.filter(|at| *at >= moments[0]).eq(moments.iter().copied())
        };
        let lines: Vec<_> = log.inputs.iter().filter(follows).cloned().collect();
        if !lines.is_empty() {
            moved.push((channel, lines));
        }
    }
    let shared =
        |line: &LineName| moved.iter().filter(|(_, lines)| lines.contains(line)).count() > 1;
    let own = moved.iter().filter(|(_, lines)| !lines.iter().any(shared));
    Ok(own.map(|(channel, _)| *channel).collect())
}

/// Pokes a channel to and fro, first high, each a moment after the other, without a read between.
fn alternate<D: Driver>(subject: &mut Subject<D>, channel: Channel, times: usize) -> Vec<Moment> {
    let poke = |n: usize| {
        subject.bench.advance(MOMENT);
        subject.takes(channel, &Poke::Level(n.is_multiple_of(2)));
        subject.now()
    };
    (0..times).map(poke).collect()
}

/// D12.
pub(super) fn order_and_time<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    let channels: Vec<_> = queued(lab)?.into_iter().rev().take(4).collect();
    let mut subject = lab.started()?;
    for channel in &channels {
        subject.after(*channel, &Poke::Level(false))?;
    }
    let mut made = Vec::new();
    for _ in 0..3 {
        for channel in &channels {
            let moments = alternate(&mut subject, *channel, 2);
            made.extend(moments.into_iter().map(|at| (*channel, at)));
        }
    }
    subject.bench.advance(MOMENT);
    let told: Vec<_> = subject.passes()?.iter().map(|s| (s.channel, s.at)).collect();
    if told != made {
        let (made, told) = (show(&made), show(&told));
        return Err(format!("edges (channel@µs) came as {made} and were told as {told}"));
    }
    Ok(())
}

fn show(edges: &[(Channel, Moment)]) -> String {
    let shown: Vec<_> = edges.iter().map(|(channel, at)| format!("{channel}@{}", at.0)).collect();
    shown.join(" ")
}

/// D13.
pub(super) fn lost<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    let (channels, changes) = match lab.queue {
        Some(queue) => (lab.inputs(&Poke::Level(true))?, queue + queue / 2 + 3 + queue % 2),
        None => (queued(lab)?, BURST),
    };
    for channel in channels {
        let mut subject = lab.started()?;
        subject.after(channel, &Poke::Level(false))?;
        let high = levels(&subject.after(channel, &Poke::Level(true))?).last().copied();
        subject.after(channel, &Poke::Level(false))?;

        alternate(&mut subject, channel, changes | 1);
        let mut samples = subject.passes()?;
        samples.extend(subject.passes()?);

        if !samples.iter().any(|s| matches!(s.reading, Reading::Lost(1..))) {
            return Err(format!(
                "{} changes of channel {channel} between two reads, and nothing was told as lost",
                changes | 1
            ));
        }
        let told = samples.into_iter().filter(|s| s.channel == channel).map(|s| s.reading);
        if levels(&told.collect::<Vec<_>>()).last().copied() != high {
            return Err(format!(
                "after changes were lost, channel {channel} was not told as it is"
            ));
        }
    }
    Ok(())
}

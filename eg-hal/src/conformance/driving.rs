//! D20 to D22: outputs.

use super::describing::sets;
use super::lab::{Lab, Subject, said};
use crate::sim::{Poke, Wire};
use crate::{Channel, DeviceError, Driver, SafeLevels, Set};
use std::sync::{Arc, Mutex, PoisonError};

/// States of a chip's output as a watcher saw them, without repetitions.
type Seen = Arc<Mutex<Vec<Set>>>;

/// D20.
pub(super) fn safe_levels<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    for channel in lab.outputs()? {
        for high in [true, false] {
            safe_level(lab, channel, high)?;
        }
    }
    Ok(())
}

fn safe_level<D: Driver>(lab: &Lab<D>, channel: Channel, high: bool) -> Result<(), String> {
    let place = lab.place();
    let model = lab.model(&place).map_err(said("the model"))?;
    let seen = Seen::default();
    let (watched, into) = (Arc::clone(&model), Arc::clone(&seen));
    place.notes.log().after = Some(Box::new(move || {
        let shown = watched.lock().unwrap_or_else(PoisonError::into_inner).shown(channel);
        let mut seen = into.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shown) = shown.filter(|shown| seen.last() != Some(shown)) {
            seen.push(shown);
        }
    }));
    // The others the other way round, so that a mixed-up channel shows.
    let safe: SafeLevels =
        lab.outputs()?.into_iter().map(|c| (c, (c == channel) == high)).collect();
    let mut subject = lab.open_at(&place, model, &safe).map_err(said("open"))?;
    let _ = subject.passes()?;
    let (safe, word) = if high { (Set::On, "high") } else { (Set::Off, "low") };
    if subject.shown(channel).is_some() {
        let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        return match seen.iter().find(|shown| **shown != safe) {
            Some(other) => Err(format!(
                "output {channel} is safe {word} and showed {other:?} before any write"
            )),
            None => Ok(()),
        };
    }
    if subject.output_wires().is_empty() {
        return Ok(());
    }
    // The wire of this channel is the one that a write moves.
    let before: Vec<_> = subject.output_wires().iter().map(Wire::history).collect();
    let opposite = if high { Set::Off } else { Set::On };
    if subject.write(channel, opposite).is_err() {
        return Ok(());
    }
    let moves = |(wire, before): &(Wire, &Vec<_>)| wire.history().len() > before.len();
    let wires = subject.output_wires();
    match wires.into_iter().zip(&before).find(moves) {
        Some((wire, before)) if before.len() > usize::from(high) => Err(format!(
            "output {channel} on {} is safe {word} and flickered while it opened",
            wire.name()
        )),
        Some(_) => Ok(()),
        // A write that does nothing at all breaks D22; one that has nothing to do found the line there.
        None if subject.write(channel, safe).is_ok() && moved(&subject, &before) => {
            Err(format!("output {channel} is safe {word} and was not driven {word} from the start"))
        }
        None => Ok(()),
    }
}

fn moved<D: Driver>(subject: &Subject<D>, before: &[Vec<(crate::Moment, bool)>]) -> bool {
    subject
        .output_wires()
        .iter()
        .zip(before)
        .any(|(wire, before)| wire.history().len() > before.len())
}

/// Writes that no output can do, or that it is no shame to refuse.
fn odd() -> Vec<Set> {
    let mut odd = sets().to_vec();
    odd.extend([f64::NAN, f64::INFINITY, -1.0, 1e300].map(Set::Level));
    odd.extend(["", "\u{1f41d}\u{0}\n", &"9".repeat(5000)].map(|text| Set::Text(text.to_owned())));
    odd.extend([0, u64::MAX].map(Set::Pulse));
    odd
}

/// D21.
pub(super) fn refuses<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    let mut subject = lab.started()?;
    let outputs = lab.outputs()?;
    let beyond = subject.channels().outputs.saturating_add(7);
    for channel in outputs.iter().copied().chain([beyond, Channel::MAX]) {
        for set in odd() {
            let levels = |subject: &Subject<D>| -> Vec<_> {
                subject.output_wires().iter().map(Wire::level).collect()
            };
            let before = levels(&subject);
            match subject.write(channel, set.clone()) {
                Ok(()) if !outputs.contains(&channel) && channel >= beyond => {
                    return Err(format!("it has no output {channel} and took {set:?} for it"));
                }
                Ok(()) => {}
                Err(DeviceError::Unsupported { .. }) if levels(&subject) == before => {}
                Err(DeviceError::Unsupported { .. }) => {
                    return Err(format!(
                        "it refused {set:?} for output {channel} and moved a line"
                    ));
                }
                Err(error) => {
                    return Err(format!(
                        "{set:?} for output {channel} is not Unsupported: {error}"
                    ));
                }
            }
        }
    }
    for channel in lab.inputs(&Poke::Level(true))?.into_iter().take(1) {
        if !subject.answers(channel, &Poke::Level(true), &lab.idle()?)? {
            return Err(format!(
                "after writes it refused, channel {channel} is not reported any more"
            ));
        }
    }
    Ok(())
}

/// D22.
pub(super) fn does<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    for channel in lab.outputs()? {
        let mut subject = lab.started()?;
        let before = (lines(&subject), subject.notes.log().transfers, subject.shown(channel));
        let mut accepted = None;
        for set in sets() {
            if subject.write(channel, set.clone()).is_err() {
                continue;
            }
            on_is_high(&subject, channel, &set)?;
            accepted = Some(set);
        }
        let after = (lines(&subject), subject.notes.log().transfers, subject.shown(channel));
        if let Some(set) = accepted.filter(|_| before == after) {
            return Err(format!("output {channel} took {set:?}, and nothing was sent anywhere"));
        }
    }
    Ok(())
}

/// The changes that each line has seen.
fn lines<D: Driver>(subject: &Subject<D>) -> Vec<usize> {
    subject.output_wires().iter().map(|wire| wire.history().len()).collect()
}

fn on_is_high<D: Driver>(subject: &Subject<D>, channel: Channel, set: &Set) -> Result<(), String> {
    let wanted = match set {
        Set::On => true,
        Set::Off => false,
        Set::Level(_) | Set::Rgb(_) | Set::Text(_) | Set::Pulse(_) | _ => return Ok(()),
    };
    let opposite = if wanted { Set::Off } else { Set::On };
    let wires = subject.output_wires();
    // All outputs but this one are low: the last write decides whether any line is high.
    let wrong_line = !wires.is_empty()
        && wires.len() == usize::from(subject.channels().outputs)
        && wires.iter().any(Wire::level) != wanted;
    if subject.shown(channel) == Some(opposite) || wrong_line {
        return Err(format!("output {channel} took {set:?} and is the other way round"));
    }
    Ok(())
}

//! D23: chips that lose their supply for a moment, as they do when a magnetic lock on the same wire lets go.

use super::describing::pokes;
use super::lab::{Idle, Lab, Place, Subject, said};
use super::notes::Frame;
use crate::sim::Fault;
use crate::{Channel, Driver, Resource, Set};
use std::collections::BTreeSet;

/// Reads within which it has to be noticed.
const READS: usize = 64;

/// D23.
pub(super) fn brown_out<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    settings(lab)?;
    outputs(lab)
}

/// The settings that `open` made are there again, or an error said that they are not.
fn settings<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    let place = lab.place();
    place.notes.log().written = Some(BTreeSet::new());
    let mut subject = lab.open_on(&place).map_err(said("open"))?;
    let made = std::mem::take(&mut place.notes.log().written).unwrap_or_default();
    subject.settle()?;
    if !loses_supply(&place) {
        return Ok(());
    }
    place.notes.log().written = Some(BTreeSet::new());
    let noticed = notices(&mut subject)?;
    let again = std::mem::take(&mut place.notes.log().written).unwrap_or_default();
    if !noticed && let Some(missing) = made.difference(&again).next() {
        return Err(format!(
            "its chip lost its supply, and in {READS} reads no error said so, nor was {} sent again",
            shown(missing)
        ));
    }
    works(lab, &place, subject, noticed)
}

/// Outputs that were on are on again, or an error said that they are not.
fn outputs<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    for channel in lab.outputs()? {
        let place = lab.place();
        let mut subject = lab.open_on(&place).map_err(said("open"))?;
        subject.settle()?;
        if subject.write(channel, Set::On).is_err() {
            continue;
        }
        let before = subject.shown(channel);
        if !loses_supply(&place) || notices(&mut subject)? {
            continue;
        }
        let after = subject.shown(channel);
        if before != after {
            return Err(format!(
                "its chip lost its supply, output {channel} went from {} to {}, and in {READS} reads no error said so",
                seen(before.as_ref()),
                seen(after.as_ref())
            ));
        }
    }
    Ok(())
}

/// Every chip that the device holds loses its supply. False when it holds none.
fn loses_supply(place: &Place) -> bool {
    let mut any = false;
    for (what, _) in place.claims.held() {
        let fault = match what {
            Resource::Address(bus, address) => Fault::BrownOut(bus, address),
            Resource::Spi(select) => Fault::SpiBrownOut(select),
            Resource::Line(_) | Resource::Port(_) => continue,
        };
        any |= place.bench.inflict(&fault).is_ok();
    }
    any
}

/// `true` if a read notices the loss. Until then none may report a touch that nobody made.
fn notices<D: Driver>(subject: &mut Subject<D>) -> Result<bool, String> {
    for _ in 0..READS {
        match subject.pass() {
            Err(_) => return Ok(true),
            Ok(told) => {
                if let Some(sample) = told.first() {
                    return Err(format!(
                        "its chip lost its supply, and it told {:?} on channel {}",
                        sample.reading, sample.channel
                    ));
                }
            }
        }
    }
    Ok(false)
}

/// Checks that every input is heard, closed and opened again as the host does after an error.
fn works<D: Driver>(
    lab: &Lab<D>,
    place: &Place,
    mut subject: Subject<D>,
    noticed: bool,
) -> Result<(), String> {
    let idle: Idle = lab.idle()?;
    if noticed {
        drop(subject);
        let opened = lab.open_on(place);
        subject = opened.map_err(said("open, after its chip lost its supply,"))?;
        subject.settle()?;
    }
    for poke in pokes().into_iter().take(4) {
        for channel in lab.inputs(&poke)? {
            if !subject.answers(channel, &poke, &idle)? {
                return Err(dead(channel, &poke));
            }
        }
    }
    Ok(())
}

fn dead(channel: Channel, poke: &crate::sim::Poke) -> String {
    format!("after its chip lost its supply, {poke:?} on channel {channel} is not reported")
}

fn seen(set: Option<&Set>) -> String {
    set.map_or_else(|| "nothing".to_owned(), |set| format!("{set:?}"))
}

fn shown((chip, bytes): &Frame) -> String {
    let bytes: Vec<String> = bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{} to {chip}", bytes.join(" "))
}

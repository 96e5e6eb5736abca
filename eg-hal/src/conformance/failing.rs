//! D16 to D18: hardware that fails and comes back.

use super::describing::{pokes, sets};
use super::lab::{Lab, Place, Subject, said};
use super::notes::Failure;
use crate::panic_guard::catch_whole;
use crate::sim::Wire;
use crate::{DeviceError, Driver, Set};

/// Number of times that the host tries to open a device whose hardware is not there.
const TRIES: usize = 3;

fn transfers(place: &Place) -> u64 {
    place.notes.log().transfers
}

fn silence(place: &Place) {
    place.notes.log().fault = Failure::Silent { after: 0 };
}

/// `true` if a call that went to a dead chip came back as if nothing were wrong.
fn hides<T, E>(place: &Place, before: u64, ended: &Result<T, E>) -> bool {
    transfers(place) > before && ended.is_ok()
}

/// D16.
pub(super) fn silent_chip<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    let place = lab.place();
    let mut subject = lab.open_on(&place).map_err(said("open"))?;
    if place.notes.log().i2c == 0 {
        return Ok(());
    }
    subject.settle()?;
    silence(&place);
    for poke in (0..subject.counted_inputs().min(16)).flat_map(|c| pokes().map(|poke| (c, poke))) {
        subject.takes(poke.0, &poke.1);
        let before = transfers(&place);
        let read = subject.pass();
        if hides(&place, before, &read) {
            return Err("its chip did not acknowledge, and read said that all is well".to_owned());
        }
    }
    for channel in lab.outputs()? {
        for set in sets() {
            let before = transfers(&place);
            let written = subject.write(channel, set.clone());
            if hides(&place, before, &written) {
                return Err(format!(
                    "its chip did not acknowledge, and write {set:?} to {channel} said that all is well"
                ));
            }
        }
    }
    drop(subject);

    let place = lab.place();
    silence(&place);
    let Ok(mut subject) = lab.open_on(&place) else { return Ok(()) };
    let read = subject.pass();
    if hides(&place, 0, &read) {
        return Err("no chip is there, and neither open nor the first read said so".to_owned());
    }
    Ok(())
}

/// Pulls every plug and cuts every line.
fn pull<D: Driver>(place: &Place, subject: &Subject<D>) {
    let mut log = place.notes.log();
    log.pipes.iter().for_each(|pipe| place.bench.pipe(pipe).unplug());
    log.keyboards.iter().for_each(|keyboard| place.bench.keyboard(keyboard).unplug());
    log.fault = Failure::Lines;
    // Two edges, so that whoever waits has a reason to look, and everything is as before.
    for line in &log.inputs {
        let wire: Wire = subject.bench.wire(line);
        wire.stick(!wire.level());
        wire.unstick();
    }
}

/// D17.
pub(super) fn gone<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    let place = lab.place();
    let mut subject = lab.open_on(&place).map_err(said("open"))?;
    subject.settle()?;
    pull(&place, &subject);
    let (cuts, unplugged) = {
        let log = place.notes.log();
        (log.cut, !log.pipes.is_empty() || !log.keyboards.is_empty())
    };
    let read = subject.pass();
    if read.is_ok() && (unplugged || place.notes.log().cut > cuts) {
        return Err(
            "its plug was pulled or its line cut, and read said that all is well".to_owned()
        );
    }
    for channel in lab.outputs()? {
        let cuts = place.notes.log().cut;
        let written = subject.write(channel, Set::On);
        if place.notes.log().cut > cuts
            && matches!(written, Ok(()) | Err(DeviceError::Unsupported { .. }))
        {
            return Err(format!("the line of output {channel} was cut, and write did not say so"));
        }
    }
    Ok(())
}

/// D18.
pub(super) fn comes_back<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    let faults: [fn(&Place, &Subject<D>); 2] = [|place, _| silence(place), pull];
    let idle = lab.idle()?;
    for fault in faults {
        let place = lab.place();
        let mut subject = lab.open_on(&place).map_err(said("open"))?;
        subject.settle()?;
        fault(&place, &subject);
        for channel in 0..subject.counted_inputs().min(4) {
            for poke in pokes() {
                subject.takes(channel, &poke);
            }
        }
        // A panic there is for D16, D17 and D19.
        let mut fails = || catch_whole(|| subject.pass().is_err()).unwrap_or(true);
        let failed = fails() | fails();
        subject.let_go(&idle);
        drop(subject);
        for _ in 0..TRIES {
            let again = || lab.open_on(&place).map(|mut subject| drop(subject.pass()));
            let _ = catch_whole(again);
        }
        place.repair();
        let when = if failed { "an error" } else { "a fault" };
        let opened = lab.open_on(&place);
        let mut subject =
            opened.map_err(|e| format!("after {when} that is over it does not open: {e}"))?;
        subject.settle().map_err(|e| format!("after {when} that is over, {e}"))?;
        for poke in pokes().into_iter().take(4) {
            for channel in lab.inputs(&poke)? {
                if !subject.answers(channel, &poke, &idle)? {
                    return Err(format!(
                        "after {when} that is over, {poke:?} on channel {channel} is not reported"
                    ));
                }
            }
        }
    }
    Ok(())
}

//! D1 and D2: coming and going.

use super::lab::{Lab, Place, said};
use super::notes::Failure;
use crate::Driver;

/// Number of times that a device is opened on one bench.
const ROUNDS: usize = 3;
/// The transfers of an `open` after each of which the chip falls silent once.
const TRANSFERS: u64 = 32;

/// The driver opens as its test says.
pub(super) fn opens<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    lab.open_on(&lab.place()).map(drop).map_err(said("open"))
}

/// D1.
pub(super) fn again<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    let place = lab.place();
    for round in 1..=ROUNDS {
        let opened = lab.open_on(&place);
        let mut subject = opened.map_err(|error| format!("open number {round} failed: {error}"))?;
        // What the first reads say is for other promises; here they only have to be made.
        let _ = subject.pass();
        drop(subject);
        nothing_held(&place, "after closing")?;
    }
    Ok(())
}

/// D2.
pub(super) fn half_way<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    let (asked, transfers) = {
        let place = lab.place();
        let _subject = lab.open_on(&place).map_err(said("open"))?;
        let log = place.notes.log();
        (log.asked, log.transfers.min(TRANSFERS))
    };
    for refuse in 0..asked {
        let place = lab.place();
        place.notes.log().refuse = Some(refuse);
        if lab.open_on(&place).is_ok() {
            return Err(format!("it opened although thing {} of {asked} was refused", refuse + 1));
        }
        place.notes.log().refuse = None;
        comes_back(lab, &place, &format!("after thing {} of {asked} was refused", refuse + 1))?;
    }
    for after in 0..transfers {
        let place = lab.place();
        place.notes.log().fault = Failure::Silent { after };
        // Whether an open that says nothing hides it is for D16: a driver may find out when it speaks again.
        if lab.open_on(&place).is_ok() {
            continue;
        }
        place.repair();
        comes_back(
            lab,
            &place,
            &format!("after its chip fell silent at transfer {after} of open"),
        )?;
    }
    Ok(())
}

fn comes_back<D: Driver>(lab: &Lab<D>, place: &Place, when: &str) -> Result<(), String> {
    nothing_held(place, when)?;
    lab.open_on(place).map(drop).map_err(|error| format!("{when} it does not open: {error}"))
}

fn nothing_held(place: &Place, when: &str) -> Result<(), String> {
    match place.claims.held().first() {
        None => Ok(()),
        Some((what, _)) => Err(format!("{when} it still holds {what}")),
    }
}

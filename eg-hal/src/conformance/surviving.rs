//! D19: whatever comes over the wire.

use super::describing::sets;
use super::lab::{Lab, Place};
use super::noise::Noise;
use super::notes::Failure;
use crate::Driver;
use crate::sim::Wire;

/// Kinds of noise: zeros, ones, and so many others.
const SEEDS: u64 = 48;
/// Reads under each.
const READS: usize = 12;
/// Bytes on each serial port before each read.
const BYTES: usize = 300;

/// D19.
pub(super) fn noise<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    for seed in 0..SEEDS {
        let place = lab.place();
        {
            let mut log = place.notes.log();
            (log.fault, log.noise) = (Failure::Noise, Noise::new(seed));
        }
        // Errors are welcome; panics and endless loops end this check from below.
        let mut opened = lab.open_on(&place);
        if opened.is_err() {
            place.repair();
            opened = lab.open_on(&place);
            place.notes.log().fault = Failure::Noise;
        }
        let Ok(mut subject) = opened else { continue };
        let mut noise = Noise::new(seed);
        for _ in 0..READS {
            shake(&place, &mut noise);
            let _ = subject.pass();
        }
        for (channel, set) in lab.outputs()?.into_iter().flat_map(|c| sets().map(|set| (c, set))) {
            let _ = subject.write(channel, set);
        }
    }
    Ok(())
}

/// Sends noise to everything that is open.
fn shake(place: &Place, noise: &mut Noise) {
    let (inputs, pipes, keyboards) = {
        let log = place.notes.log();
        (log.inputs.clone(), log.pipes.clone(), log.keyboards.clone())
    };
    for line in &inputs {
        let wire: Wire = place.bench.wire(line);
        (0..noise.byte()).for_each(|_| wire.drive(noise.byte() & 1 == 1));
    }
    for pipe in &pipes {
        let mut bytes = [0; BYTES];
        noise.fill(&mut bytes);
        place.bench.pipe(pipe).send(&bytes);
    }
    for keyboard in &keyboards {
        for _ in 0..noise.byte() {
            let code = u16::from_be_bytes([noise.byte() & 3, noise.byte()]);
            place.bench.keyboard(keyboard).set(code, noise.byte() & 1 == 1);
        }
    }
}

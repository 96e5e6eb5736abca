//! Chips on I2C through their drivers; the register files of `eg_i2c_regs` stand for them.

use anyhow::{bail, ensure};
use eg_hal::{Output, Reading, Set, Source, clock};
use embedded_hal::i2c::I2c as _;

use crate::check::checks;
use crate::i2c::{fault, peek, poke};
use crate::place::{Place, levels, same, says, stamped};
use crate::sim_chip::SimChip;

checks!("chips", Root:
    an_mcp23017_is_set_up_read_and_driven,
    its_interrupt_line_wakes_and_stamps,
    its_unplugging_is_an_error_and_its_return_a_new_start,
    an_ads1115_is_told_what_to_convert_and_gives_volts,
);

/// Registers of an MCP23017 with IOCON.BANK = 0 (DS20001952C, table 3-2).
const IODIR: u64 = 0x00;
const GPPU: u64 = 0x0c;
const INTF: u64 = 0x0e;
const GPIO: u64 = 0x12;
const OLAT: u64 = 0x14;

/// Error number of the kernel when nobody acknowledges (asm-generic/errno.h).
const EREMOTEIO: u32 = 121;

const CONFIG: &str = "{bus: i2c-1, inputs: [A0, B7], outputs: [B0], pull: up}";

fn an_mcp23017_is_set_up_read_and_driven() -> anyhow::Result<()> {
    poke(0x20, 0, &[0; 0x20])?;
    poke(0x20, GPIO, &[0x00, 0x80])?;

    let mut chip = Place::with_safe([(0, true)]).open("vm/expander", "mcp23017", CONFIG)?;
    let (safe, directions, pulls) = (peek(0x20, OLAT)?, peek(0x20, IODIR)?, peek(0x20, GPPU)?);
    let start = levels(&chip.read()?)?;
    chip.device.write(Output { channel: 0, set: Set::Off })?;
    poke(0x20, GPIO, &[0x01, 0x80])?;
    let change = chip.read()?;

    same((safe, directions, pulls), ([0x00, 0x01], [0xff, 0xfe], [0x01, 0x80]))?;
    same(start, vec![(0, false), (1, true)])?;
    same(peek(0x20, OLAT)?, [0x00, 0x00])?;
    same(levels(&change)?, vec![(0, true)])?;
    same(change[0].src, Source::Driver)
}

fn its_interrupt_line_wakes_and_stamps() -> anyhow::Result<()> {
    let lines = SimChip::new("eg-chip", 4, &[])?;
    lines.pull(1, true)?;
    poke(0x20, 0, &[0; 0x20])?;
    poke(0x20, GPIO, &[0x01, 0x80])?;
    let config = CONFIG.replace('}', ", int: eg-chip:1}");
    let mut chip = Place::default().open("vm/expander", "mcp23017", &config)?;
    chip.read()?;

    // A0 falls: the chip notes it, captures the port and pulls its line.
    let before = clock::now();
    poke(0x20, INTF, &[0x01, 0x00, 0x00, 0x80, 0x00, 0x80])?;
    lines.pull(1, false)?;
    let after = clock::now();
    let samples = chip.samples(1)?;

    same(levels(&samples)?, vec![(0, false)])?;
    stamped(&samples, before, after)
}

fn its_unplugging_is_an_error_and_its_return_a_new_start() -> anyhow::Result<()> {
    poke(0x20, 0, &[0; 0x20])?;
    let place = Place::default();
    let mut chip = place.open("vm/expander", "mcp23017", CONFIG)?;
    chip.read()?;

    fault(EREMOTEIO, 1_000)?;
    let gone = chip.read().err().map(|error| error.to_string()).unwrap_or_default();
    drop(chip);
    let refused = place.refusal("vm/expander", "mcp23017", CONFIG)?;
    fault(0, 0)?;
    let mut chip = place.open("vm/expander", "mcp23017", CONFIG)?;
    let start = levels(&chip.read()?)?;

    says(&gone, "i2c-1 address 0x20: ")?;
    says(&refused, "i2c-1 address 0x20: ")?;
    same(start, vec![(0, false), (1, false)])?;
    // The bus itself was never gone.
    Ok(place.board("vm/other").i2c(&"i2c-1".into(), 0x21)?.write(0x21, &[0])?)
}

/// Registers of two bytes (SBAS444, 9.6): the conversion is the first, the settings the second.
fn an_ads1115_is_told_what_to_convert_and_gives_volts() -> anyhow::Result<()> {
    poke(0x48, 0, &[0x40, 0x00, 0x00, 0x00])?;

    let mut knob =
        Place::default().open("vm/knob", "ads1115", "{bus: i2c-1, knobs: [{pin: A2}]}")?;
    let [_, _, high, low] = peek::<4>(0x48, 0)?;
    let told = knob.read()?;

    // Start, A2 against ground, 4.096 V, once; 250 conversions a second, no comparator. Half of that range is 2.048 V.
    same([high, low], [0b1110_0011, 0b1010_0011])?;
    let [sample] = &told[..] else { bail!("wanted one value, found {told:?}") };
    let Reading::Value { v, .. } = sample.reading else { bail!("{sample:?} is no value") };
    ensure!((v - 2.048).abs() < 0.001, "{sample:?}");
    Ok(())
}

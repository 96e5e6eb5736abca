//! SPI chip selects: the module `eg_spi_loop` hears what it says.

use std::fs;
use std::path::PathBuf;

use eg_hal::{BitOrder, SpiConfig, SpiDevice};
use embedded_hal::spi::{MODE_0, MODE_3, Operation, SpiDevice as _};

use crate::check::checks;
use crate::place::{Place, refused, same, says};

checks!("spi", Root:
    hears_what_it_says,
    mode_and_speed_are_what_was_asked_for,
    one_transaction_is_one_select,
    as_much_as_the_kernel_takes_goes_out_and_more_is_explained,
    what_the_controller_cannot_do_is_refused,
    an_unknown_select_says_so,
);

const WANT: SpiConfig = SpiConfig { mode: MODE_0, max_hz: 1_000_000, order: BitOrder::MsbFirst };

fn slot(place: &Place, want: SpiConfig) -> anyhow::Result<SpiDevice> {
    Ok(place.board("vm/chip").spi(&"spi0.0".into(), want)?)
}

fn side(name: &str) -> anyhow::Result<String> {
    let file = PathBuf::from("/sys/devices/platform/eg-spi-loop").join(name);
    Ok(fs::read_to_string(file)?.trim().to_owned())
}

fn selects() -> anyhow::Result<u32> {
    Ok(side("selects")?.parse()?)
}

fn hears_what_it_says() -> anyhow::Result<()> {
    let place = Place::default();
    let mut chip = slot(&place, WANT)?;

    let (mut heard, mut both) = ([0; 4], [9, 8, 7]);
    chip.transfer(&mut heard, &[1, 2, 3, 4])?;
    chip.transfer_in_place(&mut both)?;
    let mut nothing = [1; 3];
    chip.read(&mut nothing)?;
    let mut longer = [1; 4];
    chip.transfer(&mut longer, &[5, 6])?;

    same((heard, both, nothing), ([1, 2, 3, 4], [9, 8, 7], [0; 3]))?;
    same(longer, [5, 6, 0, 0])
}

fn mode_and_speed_are_what_was_asked_for() -> anyhow::Result<()> {
    let place = Place::default();

    slot(&place, WANT)?.write(&[1, 2])?;
    let first = side("last")?;
    slot(&place, SpiConfig { mode: MODE_3, max_hz: 500_000, ..WANT })?.write(&[1, 2, 3])?;
    let second = side("last")?;

    same(first.as_str(), "mode 0, 1000000 Hz, 8 bits, 2 bytes")?;
    same(second.as_str(), "mode 3, 500000 Hz, 8 bits, 3 bytes")
}

fn one_transaction_is_one_select() -> anyhow::Result<()> {
    let place = Place::default();
    let mut chip = slot(&place, WANT)?;
    let before = selects()?;

    let (mut heard, mut rest) = ([0; 2], [1; 1]);
    let mut operations = [
        Operation::Write(&[1]),
        Operation::DelayNs(20_000),
        Operation::Transfer(&mut heard, &[2, 3]),
        Operation::Read(&mut rest),
    ];
    chip.transaction(&mut operations)?;

    same((heard, rest, selects()? - before), ([2, 3], [0], 1))
}

/// spidev's own buffer has 4,096 bytes.
fn as_much_as_the_kernel_takes_goes_out_and_more_is_explained() -> anyhow::Result<()> {
    let place = Place::default();
    let mut chip = slot(&place, WANT)?;

    let frame: Vec<u8> = (0..4_096_u32).map(|n| n.to_le_bytes()[0]).collect();
    let mut heard = vec![0; frame.len()];
    chip.transfer(&mut heard, &frame)?;
    let why = chip.write(&[0; 20_000]).err().map(|error| error.to_string()).unwrap_or_default();
    chip.transfer(&mut heard[..2], &[0xab, 0xcd])?;

    same((&heard[..2], heard[2..] == frame[2..]), (&[0xab, 0xcd], true))?;
    says(&why, "spi0.0: 20000 bytes in one transaction, the kernel takes 4096; send less at once")?;
    says(&why, "spidev.bufsiz=32768")
}

fn what_the_controller_cannot_do_is_refused() -> anyhow::Result<()> {
    let place = Place::default();
    let want = SpiConfig { order: BitOrder::LsbFirst, ..WANT };

    let why = refused(place.board("vm/chip").spi(&"spi0.0".into(), want))?;

    says(&why, "cannot open SPI chip select /dev/spidev0.0: the controller cannot do")?;
    slot(&place, WANT).map(drop)
}

fn an_unknown_select_says_so() -> anyhow::Result<()> {
    let place = Place::default();

    let why = refused(place.board("vm/chip").spi(&"spi7.1".into(), WANT))?;

    says(&why, "cannot open SPI chip select /dev/spidev7.1: it does not exist")
}

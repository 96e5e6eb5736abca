//! I2C buses: the module `eg_i2c_regs` is the controller, and its register files are the chips.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use anyhow::ensure;
use eg_hal::{BusError, I2cBus};
use embedded_hal::i2c::{ErrorKind, I2c, NoAcknowledgeSource, Operation};

use crate::check::checks;
use crate::place::{Place, refused, same, says};

checks!("i2c", Root:
    reads_what_the_chip_has_and_writes_what_it_gets,
    a_write_and_a_read_are_joined_by_a_repeated_start,
    operations_of_one_kind_are_one_message,
    a_long_write_goes_out_whole,
    a_missing_chip_does_not_acknowledge,
    faults_of_the_controller_keep_their_meaning,
    a_bus_is_well_again_after_a_fault,
    two_devices_share_a_bus_without_mixing,
    an_unknown_bus_says_so,
);

/// The controller's number is 1, as on a Pi's header.
const BUS: &str = "i2c-1";

/// The numbers of the kernel (asm-generic/errno.h).
const ENXIO: u32 = 6;
const EIO: u32 = 5;
const EAGAIN: u32 = 11;
const ETIMEDOUT: u32 = 110;
const EREMOTEIO: u32 = 121;

fn bus(place: &Place, address: u8) -> anyhow::Result<I2cBus> {
    Ok(place.board("vm/chip").i2c(&BUS.into(), address)?)
}

fn side(name: &str) -> PathBuf {
    PathBuf::from("/sys/devices/platform/eg-i2c-regs").join(name)
}

/// Sets registers of a chip from outside.
pub(crate) fn poke(address: u8, register: u64, bytes: &[u8]) -> anyhow::Result<()> {
    let chip = File::options().write(true).open(side(&format!("regs_{address:02x}")))?;
    Ok(chip.write_all_at(bytes, register)?)
}

/// Reads registers of a chip from outside.
pub(crate) fn peek<const N: usize>(address: u8, register: u64) -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    File::open(side(&format!("regs_{address:02x}")))?.read_exact_at(&mut bytes, register)?;
    Ok(bytes)
}

/// Lets so many transactions from now on end with that number of the kernel's.
pub(crate) fn fault(errno: u32, times: u32) -> anyhow::Result<()> {
    Ok(fs::write(side("fault"), format!("{errno} {times}"))?)
}

/// The messages of the last transaction, as the controller saw them.
fn last() -> anyhow::Result<String> {
    Ok(fs::read_to_string(side("last"))?.trim().to_owned())
}

fn count() -> anyhow::Result<u32> {
    Ok(fs::read_to_string(side("count"))?.trim().parse()?)
}

fn kind<T>(done: Result<T, BusError>) -> Option<ErrorKind> {
    done.err().map(|error| error.kind)
}

fn reads_what_the_chip_has_and_writes_what_it_gets() -> anyhow::Result<()> {
    let place = Place::default();
    let mut chip = bus(&place, 0x20)?;
    poke(0x20, 0x12, &[0xa5, 0x5a])?;

    let mut bytes = [0; 2];
    chip.write_read(0x20, &[0x12], &mut bytes)?;
    chip.write(0x20, &[0x40, 1, 2, 3])?;

    same(bytes, [0xa5, 0x5a])?;
    same(peek(0x20, 0x40)?, [1, 2, 3])
}

fn a_write_and_a_read_are_joined_by_a_repeated_start() -> anyhow::Result<()> {
    let place = Place::default();
    let mut chip = bus(&place, 0x20)?;
    poke(0x20, 0x30, &[7, 8, 9])?;
    let before = count()?;

    let (mut one, mut other) = ([0; 1], [0; 2]);
    let mut operations = [
        Operation::Write(&[0x30]),
        Operation::Read(&mut one),
        Operation::Write(&[0x31]),
        Operation::Read(&mut other),
    ];
    chip.transaction(0x20, &mut operations)?;

    same((one, other), ([7], [8, 9]))?;
    same((last()?.as_str(), count()? - before), ("W1 R1 W1 R2", 1))
}

/// embedded-hal's contract: between adjacent operations of the same type there is neither stop nor start. A display
/// that gets its command byte and its data as two operations depends on it.
fn operations_of_one_kind_are_one_message() -> anyhow::Result<()> {
    let place = Place::default();
    let mut chip = bus(&place, 0x20)?;
    poke(0x20, 0x50, &[0; 8])?;

    let mut writes = [Operation::Write(&[0x50]), Operation::Write(&[1, 2]), Operation::Write(&[3])];
    chip.transaction(0x20, &mut writes)?;
    let written = last()?;
    let (mut one, mut other) = ([0; 2], [0; 1]);
    let mut reads =
        [Operation::Write(&[0x50]), Operation::Read(&mut one), Operation::Read(&mut other)];
    chip.transaction(0x20, &mut reads)?;

    same(peek(0x20, 0x50)?, [1, 2, 3, 0])?;
    same((one, other), ([1, 2], [3]))?;
    same((written.as_str(), last()?.as_str()), ("W4", "W1 R3"))
}

/// A frame of a display of 128 × 64 dots, with its control byte.
fn a_long_write_goes_out_whole() -> anyhow::Result<()> {
    let place = Place::default();
    let mut chip = bus(&place, 0x20)?;

    let mut frame = vec![0; 1025];
    frame[1024] = 0x77;
    chip.write(0x20, &frame)?;

    // 1024 registers further the pointer of the chip has gone round four times.
    same((last()?.as_str(), peek(0x20, 0xff)?), ("W1025", [0x77]))
}

fn a_missing_chip_does_not_acknowledge() -> anyhow::Result<()> {
    let place = Place::default();
    let mut nobody = bus(&place, 0x55)?;

    let written = nobody.write(0x55, &[0]);
    let read = nobody.read(0x55, &mut [0]);

    let shown = written.clone().err().map(|error| error.to_string()).unwrap_or_default();
    says(&shown, "i2c-1 address 0x55: ")?;
    let missing = Some(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Unknown));
    same((kind(written), kind(read)), (missing, missing))
}

fn faults_of_the_controller_keep_their_meaning() -> anyhow::Result<()> {
    let place = Place::default();
    let mut chip = bus(&place, 0x20)?;

    let mut after = |errno: u32| -> anyhow::Result<Option<ErrorKind>> {
        fault(errno, 1)?;
        Ok(kind(chip.write(0x20, &[0])))
    };

    let unknown = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Unknown);
    same(after(EREMOTEIO)?, Some(unknown))?;
    same(after(ENXIO)?, Some(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address)))?;
    same(after(ETIMEDOUT)?, Some(ErrorKind::Bus))?;
    same(after(EIO)?, Some(ErrorKind::Bus))?;
    // The kernel itself tries a lost arbitration again where the controller allows; this one does not.
    same(after(EAGAIN)?, Some(ErrorKind::ArbitrationLoss))
}

fn a_bus_is_well_again_after_a_fault() -> anyhow::Result<()> {
    let place = Place::default();
    let mut chip = bus(&place, 0x20)?;
    poke(0x20, 0x12, &[0x42])?;
    fault(EREMOTEIO, 2)?;

    let mut byte = [0];
    let failed = [0, 1].map(|_| kind(chip.write_read(0x20, &[0x12], &mut [0])).is_some());
    chip.write_read(0x20, &[0x12], &mut byte)?;

    same((failed, byte), ([true, true], [0x42]))
}

fn two_devices_share_a_bus_without_mixing() -> anyhow::Result<()> {
    let place = Place::default();
    let (one, other) = (bus(&place, 0x20)?, bus(&place, 0x21)?);
    poke(0x20, 0x60, &[0x20; 4])?;
    poke(0x21, 0x60, &[0x21; 4])?;

    let read = |mut chip: I2cBus, address: u8| {
        move || -> Result<bool, BusError> {
            let mut right = true;
            for _ in 0..200 {
                let mut bytes = [0; 4];
                chip.write_read(address, &[0x60], &mut bytes)?;
                right &= bytes == [address; 4];
            }
            Ok(right)
        }
    };
    let (one, other) = (std::thread::spawn(read(one, 0x20)), std::thread::spawn(read(other, 0x21)));
    let ended = [one, other].map(|thread| thread.join().ok());

    ensure!(ended == [Some(Ok(true)), Some(Ok(true))], "{ended:?}");
    let again = refused({
        let _held = place.board("vm/first").i2c(&BUS.into(), 0x20)?;
        place.board("vm/second").i2c(&"/dev/i2c-1".into(), 0x20)
    })?;
    same(again.as_str(), "address 0x20 on i2c-1 is already held by vm/first")
}

fn an_unknown_bus_says_so() -> anyhow::Result<()> {
    let place = Place::default();

    let why = refused(place.board("vm/chip").i2c(&"i2c-9".into(), 0x20))?;

    says(&why, "cannot open I2C bus /dev/i2c-9: it does not exist")
}

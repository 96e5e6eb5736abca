//! Promises of the simulator: it waits, queues, loses and fails as the hardware does.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::sim::{Bench, I2cChip, Nack, SharedChip, SpiChip};
use eg_hal::{
    BitOrder, Board, BoardError, Claims, InputLine, LineName, Pull, Reading, Readings, SafeLevels,
    Source, SpiConfig, Waits,
};
use embedded_hal::digital::{InputPin as _, OutputPin as _};
use embedded_hal::i2c::{Error as _, ErrorKind, I2c as _, NoAcknowledgeSource, Operation};
use embedded_hal::spi::{MODE_0, SpiBus as _, SpiDevice as _};
use proptest::prelude::*;
use std::time::Duration;

fn board<T>(
    bench: &Bench,
    open: impl FnOnce(&mut Board<'_>) -> Result<T, BoardError>,
) -> Result<(T, Waits), BoardError> {
    let (claims, safe) = (Claims::default(), SafeLevels::new());
    let mut board = Board::new("slot-01/test", bench, &claims, &safe);
    let opened = open(&mut board)?;
    Ok((opened, board.into_waits()))
}

fn input(bench: &Bench, line: &str, pull: Pull) -> (InputLine, Waits) {
    board(bench, |board| board.input(&line.into(), pull)).unwrap()
}

fn drained(line: &mut InputLine, bench: &Bench) -> Vec<Reading> {
    let now = bench.now();
    let mut readings = Readings::new(now, Source::Driver, 0);
    readings.line(0, line).unwrap();
    readings.drain().map(|sample| sample.reading).collect()
}

#[test]
fn the_pull_decides_an_idle_line() {
    let bench = Bench::virtual_time();

    for (line, pull, high) in
        [("GPIO5", Pull::Up, true), ("GPIO6", Pull::Down, false), ("GPIO7", Pull::None, false)]
    {
        let (mut input, _waits) = input(&bench, line, pull);

        assert_eq!(input.is_high().unwrap(), high, "{line}");
        assert_eq!(input.next_edge().unwrap(), None, "{line}: a pull is no edge");
    }
}

#[test]
fn everything_on_a_bench_is_stamped_synthetic_with_its_clock() {
    let bench = Bench::virtual_time();
    let (mut line, _waits) = input(&bench, "GPIO5", Pull::Up);
    let before = bench.now();

    bench.advance(Duration::from_micros(1234));
    bench.wire(&"GPIO5".into()).drive(false);
    let edge = line.next_edge().unwrap().unwrap();

    assert_eq!(edge.at.since(before), Duration::from_micros(1234));
    assert_eq!((edge.high, edge.src, edge.seq), (false, Source::Synthetic, 1));
}

#[test]
fn a_live_bench_stamps_with_the_real_clock() {
    let bench = Bench::live();
    let (mut line, _waits) = input(&bench, "GPIO5", Pull::Up);

    let before = eg_hal::clock::now();
    bench.wire(&"GPIO5".into()).drive(false);
    let after = eg_hal::clock::now();

    let at = line.next_edge().unwrap().unwrap().at;
    assert!((before..=after).contains(&at));
}

#[test]
fn an_interrupt_line_tells_when_it_became_active_and_is_quiet_then() {
    let bench = Bench::virtual_time();
    let (mut int, waits) = input(&bench, "GPIO4", Pull::Up);
    let wire = bench.wire(&"GPIO4".into());

    bench.advance(Duration::from_millis(7));
    [false, true, false].into_iter().for_each(|high| wire.drive(high));
    let fell = int.first_edge_to(false).unwrap().unwrap();

    assert_eq!((fell.seq, fell.at), (1, bench.now()));
    assert_eq!(int.first_edge_to(false).unwrap(), None);
    assert!(!waits.ready());
}

#[test]
fn a_driver_is_told_what_is_safe_and_may_hold_lines_beside_its_outputs() {
    let bench = Bench::virtual_time();
    let (claims, safe) = (Claims::default(), SafeLevels::from([(3, true)]));
    let mut board = Board::new("slot-01/test", &bench, &claims, &safe);

    let _row = board.output_at(&"GPIO18".into(), true).unwrap();

    assert_eq!((board.safe_level(3), board.safe_level(4)), (true, false));
    assert!(bench.wire(&"GPIO18".into()).level());
}

#[test]
fn a_line_has_one_holder_whatever_it_is_called() {
    let bench = Bench::virtual_time();
    let _held = input(&bench, "GPIO5", Pull::Up);

    let name = LineName::from("pinctrl-bcm2711:5");
    let refused = board(&bench, |board| board.input(&name, Pull::Up)).err().unwrap();

    assert_eq!(refused.to_string(), "cannot open line GPIO5: it is in use by eg:slot-01/test");
}

#[test]
fn a_closed_line_can_be_opened_again_and_forgets_old_edges() {
    let bench = Bench::virtual_time();
    let (line, waits) = input(&bench, "GPIO5", Pull::Up);
    bench.wire(&"GPIO5".into()).drive(false);
    drop((line, waits));

    let (mut line, waits) = input(&bench, "GPIO5", Pull::Up);

    assert!(!waits.ready());
    assert_eq!(drained(&mut line, &bench), [Reading::Level(false)]);
}

#[test]
fn other_lines_can_be_asked_for() {
    let bench = Bench::virtual_time().with_lines(["A", "B"]);

    let refused = board(&bench, |board| board.input(&"C".into(), Pull::Up)).err().unwrap();

    assert_eq!(refused.to_string(), r#"no line called "C"; this board has A, B"#);
}

#[test]
fn a_stuck_line_hears_nobody_until_it_is_freed() {
    let bench = Bench::virtual_time();
    let wire = bench.wire(&"GPIO5".into());
    let (mut line, _waits) = input(&bench, "GPIO5", Pull::Up);
    drained(&mut line, &bench);

    wire.stick(true);
    wire.drive(false);
    assert_eq!(drained(&mut line, &bench), []);
    wire.unstick();

    assert_eq!(drained(&mut line, &bench), [Reading::Level(false)]);
}

#[test]
fn a_test_sees_what_an_output_did_and_when() {
    let bench = Bench::virtual_time();
    let wire = bench.wire(&"GPIO18".into());
    let (mut lamp, _) = board(&bench, |board| board.output(&"GPIO18".into(), 0)).unwrap();

    lamp.set_high().unwrap();
    bench.advance(Duration::from_millis(250));
    lamp.set_low().unwrap();

    let [(on, true), (off, false)] = wire.history()[..] else { panic!("{:?}", wire.history()) };
    assert_eq!(off.since(on), Duration::from_millis(250));
}

#[test]
fn an_output_that_becomes_an_input_lets_go_of_its_line() {
    let bench = Bench::virtual_time();
    let (lamp, _) = board(&bench, |board| board.output(&"GPIO18".into(), 0)).unwrap();
    drop(lamp);

    let (mut line, _waits) = input(&bench, "GPIO18", Pull::Up);

    assert!(line.is_high().unwrap());
}

#[test]
fn an_address_has_one_holder_whatever_its_bus_is_called() {
    let (bench, claims, safe) = (Bench::virtual_time(), Claims::default(), SafeLevels::new());
    let mut one = Board::new("slot-01/keypad", &bench, &claims, &safe);
    let mut two = Board::new("slot-01/lamps", &bench, &claims, &safe);
    let _held = one.i2c(&"i2c-1".into(), 0x20).unwrap();

    let refused = two.i2c(&"/dev/i2c-1".into(), 0x20).err().unwrap();

    assert_eq!(refused.to_string(), "address 0x20 on i2c-1 is already held by slot-01/keypad");
    assert!(two.i2c(&"/dev/i2c-1".into(), 0x21).is_ok());
}

/// Registers that count up while they are read, as most sensors have them.
#[derive(Default)]
struct Registers {
    pointer: u8,
    bytes: [u8; 8],
    stops: usize,
}

impl I2cChip for Registers {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        let [pointer, data @ ..] = bytes else { return Ok(()) };
        self.pointer = *pointer;
        for byte in data {
            *self.bytes.get_mut(usize::from(self.pointer)).ok_or(Nack)? = *byte;
            self.pointer += 1;
        }
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        for byte in bytes {
            *byte = self.bytes.get(usize::from(self.pointer)).copied().unwrap_or(0xff);
            self.pointer = self.pointer.saturating_add(1);
        }
        Ok(())
    }

    fn stop(&mut self) {
        self.stops += 1;
    }
}

#[test]
fn an_i2c_transaction_reaches_its_chip_with_neighbours_joined() {
    let bench = Bench::virtual_time();
    let chip = SharedChip::new(Registers::default());
    bench.attach_i2c(&"i2c-1".into(), 0x20, chip.clone());
    let (mut bus, _) = board(&bench, |board| board.i2c(&"i2c-1".into(), 0x20)).unwrap();

    let mut writes = [Operation::Write(&[2]), Operation::Write(&[7, 8, 9])];
    bus.transaction(0x20, &mut writes).unwrap();
    let (mut one, mut two) = ([0; 1], [0; 2]);
    let mut reads = [Operation::Write(&[2]), Operation::Read(&mut one), Operation::Read(&mut two)];
    bus.transaction(0x20, &mut reads).unwrap();

    assert_eq!((one, two), ([7], [8, 9]));
    assert_eq!(chip.lock().stops, 2);
}

#[test]
fn nobody_at_an_address_is_no_acknowledge_and_so_is_a_chip_that_vanished() {
    let bench = Bench::virtual_time();
    bench.attach_i2c(&"i2c-1".into(), 0x20, Registers::default());
    let (mut bus, _) = board(&bench, |board| board.i2c(&"i2c-1".into(), 0x20)).unwrap();
    bus.write(0x20, &[0]).unwrap();

    bench.detach_i2c(&"i2c-1".into(), 0x20);
    let gone = bus.write(0x20, &[0]).unwrap_err();
    bench.attach_i2c(&"i2c-1".into(), 0x20, Registers::default());
    let refused = bus.write(0x20, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).unwrap_err();

    assert_eq!(gone.kind(), ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address));
    assert_eq!(refused.kind(), ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data));
    assert_eq!((gone.bus.as_str(), gone.address), ("i2c-1", 0x20));
}

/// A shift register of one byte.
struct Shift(u8);

impl SpiChip for Shift {
    fn exchange(&mut self, byte: u8) -> u8 {
        std::mem::replace(&mut self.0, byte)
    }
}

#[test]
fn an_spi_transaction_shifts_through_its_chip_and_reads_ones_without_one() {
    let bench = Bench::virtual_time();
    bench.attach_spi(&"spi0.0".into(), Shift(0xaa));
    let want = SpiConfig { mode: MODE_0, max_hz: 1_000_000, order: BitOrder::MsbFirst };
    let (mut slot, _) = board(&bench, |board| board.spi(&"spi0.0".into(), want)).unwrap();

    let mut back = [0; 3];
    slot.transfer(&mut back, &[1, 2, 3]).unwrap();
    bench.detach_spi(&"spi0.0".into());
    let mut alone = [0; 2];
    slot.read(&mut alone).unwrap();

    assert_eq!((back, alone), ([0xaa, 1, 2], [0xff, 0xff]));
}

/// Counts the bytes of each select.
#[derive(Default)]
struct Selected(Vec<u8>);

impl SpiChip for Selected {
    fn select(&mut self) {
        self.0.push(0);
    }

    fn exchange(&mut self, _: u8) -> u8 {
        let count = self.0.last_mut();
        count.map_or(0xff, |count| {
            *count += 1;
            *count
        })
    }
}

#[test]
fn a_driver_that_selects_its_chip_itself_makes_one_select_of_several_transfers() {
    let bench = Bench::virtual_time();
    let chip = SharedChip::new(Selected::default());
    bench.attach_spi(&"spi0.0".into(), chip.clone());
    chip.follow(
        &bench.wire(&"GPIO8".into()),
        |chip, high| if high { chip.deselect() } else { chip.select() },
    );
    let config = SpiConfig::mode_0(1_000_000);
    let (mut bus, _) = board(&bench, |board| board.spi_bus(&"spi0.0".into(), config)).unwrap();
    let (mut select, _) = board(&bench, |board| board.output_at(&"GPIO8".into(), true)).unwrap();
    let mut back = [0; 2];

    select.set_low().unwrap();
    bus.write(&[0x90]).unwrap();
    bus.read(&mut back).unwrap();
    select.set_high().unwrap();

    assert_eq!((back, chip.lock().0.as_slice()), ([2, 3], [3].as_slice()));
}

proptest! {
    #[test]
    fn every_change_of_a_wire_is_an_edge_or_counted_lost(
        passes in proptest::collection::vec(proptest::collection::vec(any::<bool>(), 0..150), 1..6),
    ) {
        let bench = Bench::virtual_time();
        let wire = bench.wire(&"GPIO5".into());
        let (mut line, waits) = input(&bench, "GPIO5", Pull::Up);
        drained(&mut line, &bench);
        let mut level = true;

        for levels in passes {
            let mut changes = 0_u64;
            for high in levels {
                changes += u64::from(high != level);
                level = high;
                wire.drive(high);
            }
            prop_assert_eq!(waits.ready(), changes > 0);
            let (mut edges, mut lost) = (0, 0);
            while let Some(_edge) = line.next_edge().unwrap() {
                edges += 1;
            }
            lost += line.take_lost();

            prop_assert_eq!(edges + lost, changes);
            prop_assert_eq!(line.resync().unwrap(), (lost > 0).then_some(level));
            prop_assert!(!waits.ready());
        }
    }
}

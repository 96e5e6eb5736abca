//! Faults on a bench, as they happen on a desk.

use crate::{edges, i2c, input};
use eg_hal::sim::{Bench, Fault, I2cChip, Nack, SpiChip};
use eg_hal::{BitOrder, Board, Claims, SafeLevels, SpiConfig};
use embedded_hal::i2c::{I2c as _, NoAcknowledgeSource};
use embedded_hal::spi::{MODE_0, SpiDevice as _};
use std::time::Duration;

/// A chip that answers 1, 2, 3 … from the last byte written on.
#[derive(Default)]
struct Counter(u8);

impl I2cChip for Counter {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        self.0 = bytes.last().copied().unwrap_or(self.0);
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        bytes.iter_mut().zip(1..).for_each(|(byte, number)| *byte = self.0 + number);
        Ok(())
    }

    fn power_on(&mut self) {
        self.0 = 0;
    }
}

impl SpiChip for Counter {
    fn exchange(&mut self, _: u8) -> u8 {
        self.0 += 1;
        self.0
    }
}

fn fault(words: &str) -> Fault {
    words.parse().unwrap()
}

fn counter() -> Bench {
    let bench = Bench::virtual_time();
    bench.attach_i2c(&"i2c-1".into(), 0x20, Counter::default());
    bench
}

#[test]
fn bounce_goes_to_and_fro_and_rests_where_it_was_driven_the_same_in_every_run() {
    let run = |seedless: &str| {
        let bench = Bench::virtual_time();
        let wire = bench.wire(&"GPIO5".into());
        wire.drive(true);
        let (mut line, _waits) = input(&bench, "GPIO5");
        bench.inflict(&fault(seedless)).unwrap();
        let pressed = bench.now();
        wire.drive(false);
        bench.advance(Duration::from_millis(20));
        let edges: Vec<_> = std::iter::from_fn(|| line.next_edge().unwrap()).collect();
        edges.iter().map(|edge| (edge.high, edge.at.since(pressed))).collect::<Vec<_>>()
    };

    let seen = run("GPIO5 bounces 5ms");

    assert!(seen.len() >= 3, "{seen:?}");
    assert!(seen.iter().all(|(_, after)| *after <= Duration::from_millis(5)), "{seen:?}");
    assert_eq!(seen[0], (false, Duration::ZERO));
    assert!(!seen.last().unwrap().0);
    assert_eq!(seen, run("GPIO5 bounces 5ms"));
}

#[test]
fn a_new_press_ends_the_bounce_of_the_last() {
    let bench = Bench::virtual_time();
    let wire = bench.wire(&"GPIO5".into());
    let (mut line, _waits) = input(&bench, "GPIO5");
    bench.inflict(&fault("GPIO5 bounces 5ms")).unwrap();
    wire.drive(false);
    bench.lift(&fault("GPIO5 bounces 5ms")).unwrap();

    wire.drive(true);
    edges(&mut line);
    bench.advance(Duration::from_millis(20));

    assert!(edges(&mut line).is_empty());
    assert!(wire.level());
}

#[test]
fn a_lost_interrupt_changes_the_level_and_wakes_nobody() {
    let bench = Bench::virtual_time();
    let wire = bench.wire(&"GPIO17".into());
    let (mut line, waits) = input(&bench, "GPIO17");

    bench.inflict(&fault("GPIO17 loses 1")).unwrap();
    wire.drive(false);
    assert!(!waits.ready() && !wire.level());
    wire.drive(true);

    assert_eq!(edges(&mut line), [true]);
    assert_eq!(line.take_lost(), 0, "nobody knows");
}

#[test]
fn a_stuck_line_is_freed_by_lifting_the_fault() {
    let bench = Bench::virtual_time();
    let (mut line, _waits) = input(&bench, "GPIO5");
    bench.inflict(&fault("GPIO5 stuck high")).unwrap();
    bench.wire(&"GPIO5".into()).drive(false);
    assert!(edges(&mut line).is_empty());

    bench.lift(&fault("GPIO5 stuck high")).unwrap();

    assert_eq!(edges(&mut line), [false]);
}

#[test]
fn a_chip_does_not_acknowledge_so_many_times_and_then_does() {
    let (bench, claims) = (counter(), Claims::default());
    let mut bus = i2c(&bench, &claims, "i2c-1", 0x20);
    bench.inflict(&fault("i2c-1/0x20 nacks 2")).unwrap();

    let outcomes: Vec<_> = (0..4).map(|_| bus.write(0x20, &[1]).is_ok()).collect();

    assert_eq!(outcomes, [false, false, true, true]);
}

#[test]
fn a_vanished_chip_returns_as_it_was() {
    let (bench, claims) = (counter(), Claims::default());
    let mut bus = i2c(&bench, &claims, "i2c-1", 0x20);
    bus.write(0x20, &[7]).unwrap();

    bench.inflict(&fault("i2c-1/0x20 vanishes")).unwrap();
    let gone = bus.write(0x20, &[9]).unwrap_err();
    bench.lift(&fault("i2c-1/0x20 vanishes")).unwrap();
    let mut byte = [0];
    bus.read(0x20, &mut byte).unwrap();

    assert_eq!(
        gone.kind,
        embedded_hal::i2c::ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address)
    );
    assert_eq!(byte, [8]);
}

#[test]
fn a_brown_out_puts_registers_back_to_power_on() {
    let (bench, claims) = (counter(), Claims::default());
    let mut bus = i2c(&bench, &claims, "i2c-1", 0x20);
    bus.write(0x20, &[7]).unwrap();

    bench.inflict(&fault("i2c-1/0x20 browns-out")).unwrap();

    let mut byte = [0];
    bus.read(0x20, &mut byte).unwrap();
    assert_eq!(byte, [1]);
}

#[test]
fn a_short_read_ends_in_ones() {
    let (bench, claims) = (counter(), Claims::default());
    let mut bus = i2c(&bench, &claims, "i2c-1", 0x20);
    bench.inflict(&fault("i2c-1/0x20 reads 2")).unwrap();

    let mut bytes = [0; 4];
    bus.read(0x20, &mut bytes).unwrap();

    assert_eq!(bytes, [1, 2, 0xff, 0xff]);
}

#[test]
fn a_slow_bus_takes_virtual_time() {
    let (bench, claims) = (counter(), Claims::default());
    let mut bus = i2c(&bench, &claims, "i2c-1", 0x20);
    bench.inflict(&fault("i2c-1/0x20 slow 2ms")).unwrap();
    let before = bench.now();

    bus.write_read(0x20, &[0], &mut [0; 3]).unwrap();

    // Two addresses, one byte written and three read, which are stretched.
    assert_eq!(bench.now().since(before), Duration::from_micros(6 * 90 + 4 * 2_000));
}

#[test]
fn an_spi_chip_can_vanish_and_fall_short() {
    let bench = Bench::virtual_time();
    bench.attach_spi(&"spi0.0".into(), Counter::default());
    let (claims, safe) = (Claims::default(), SafeLevels::new());
    let mut board = Board::new("slot-01/shift", &bench, &claims, &safe);
    let want = SpiConfig { mode: MODE_0, max_hz: 1_000_000, order: BitOrder::MsbFirst };
    let mut slot = board.spi(&"spi0.0".into(), want).unwrap();
    let mut read = || {
        let mut bytes = [0; 3];
        slot.read(&mut bytes).unwrap();
        bytes
    };

    bench.inflict(&fault("spi0.0 reads 1")).unwrap();
    assert_eq!(read(), [1, 0xff, 0xff]);
    bench.lift(&fault("spi0.0 reads 1")).unwrap();
    bench.inflict(&fault("spi0.0 vanishes")).unwrap();
    assert_eq!(read(), [0xff; 3]);
    bench.lift(&fault("spi0.0 vanishes")).unwrap();

    assert_eq!(read(), [4, 5, 6]);
}

#[test]
fn a_serial_port_can_dribble() {
    let bench = Bench::virtual_time();
    let pipe = bench.pipe(&"/dev/ttyUSB0".into());
    let (claims, safe) = (Claims::default(), SafeLevels::new());
    let mut board = Board::new("slot-01/reader", &bench, &claims, &safe);
    let mut port = board.serial(&"/dev/ttyUSB0".into(), 9600).unwrap();
    bench.inflict(&fault("/dev/ttyUSB0 reads 2")).unwrap();
    pipe.send(b"12345");

    let mut counts = [0; 4];
    counts.fill_with(|| port.read(&mut [0; 16]).unwrap());

    assert_eq!(counts, [2, 2, 1, 0]);
}

#[test]
fn a_keyboard_tells_no_more_keys_than_it_can() {
    let bench = Bench::virtual_time();
    let keyboard = bench.keyboard(&"keys".into());
    bench.inflict(&fault("keys rolls-over 2")).unwrap();
    let (claims, safe) = (Claims::default(), SafeLevels::new());
    let mut board = Board::new("slot-01/keys", &bench, &claims, &safe);
    let mut reader = board.keys(&"keys".into(), false).unwrap();
    let mut heard = || {
        std::iter::from_fn(|| reader.next_key().unwrap())
            .map(|edge| (edge.code, edge.down))
            .collect::<Vec<_>>()
    };

    for code in [2, 3, 4] {
        keyboard.set(code, true);
    }
    assert_eq!(heard(), [(2, true), (3, true)]);
    keyboard.set(2, false);

    assert_eq!(heard(), [(2, false), (4, true)]);
}

#[test]
fn a_fault_of_something_that_is_not_there_is_refused_with_what_is() {
    let bench = counter();
    bench.pipe(&"/dev/ttyUSB0".into());
    let refusal = |words: &str| bench.inflict(&fault(words)).unwrap_err().to_string();

    assert_eq!(
        refusal("i2c-1/0x21 vanishes"),
        r#"no chip called "i2c-1/0x21"; this board has i2c-1/0x20"#
    );
    assert_eq!(
        refusal("GPIO99 stuck low"),
        r#"no line called "GPIO99"; this board has GPIO0…GPIO27"#
    );
    assert_eq!(
        refusal("/dev/ttyUSB1 unplugged"),
        r#"no port or keyboard called "/dev/ttyUSB1"; this board has /dev/ttyUSB0"#
    );
}

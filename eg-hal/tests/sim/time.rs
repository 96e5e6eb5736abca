//! Time that passes while a driver works, and what a driver does not reach.

use crate::{i2c, input};
use eg_hal::sim::{Bench, I2cChip, Nack, Timer};
use eg_hal::{BitOrder, Board, Claims, SafeLevels, SpiConfig};
use embedded_hal::delay::DelayNs as _;
use embedded_hal::i2c::{ErrorKind, I2c as _, NoAcknowledgeSource};
use embedded_hal::spi::{MODE_0, SpiDevice as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// A chip that is busy for a millisecond after each write, and counts what reaches it.
struct Busy(Timer, Arc<AtomicU32>);

impl Busy {
    fn on(bench: &Bench, bus: &str, address: u8) -> Arc<AtomicU32> {
        let reached = Arc::new(AtomicU32::new(0));
        bench.attach_i2c(&bus.into(), address, Self(Timer::new(bench), Arc::clone(&reached)));
        reached
    }
}

impl I2cChip for Busy {
    fn address(&mut self) -> Result<(), Nack> {
        self.1.fetch_add(1, Ordering::Relaxed);
        if self.0.is_running() { Err(Nack) } else { Ok(()) }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        if bytes.len() > 1 {
            self.0.start(Duration::from_millis(1));
        }
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        bytes.fill(1);
        Ok(())
    }
}

#[test]
fn a_transfer_takes_as_long_as_its_bytes_and_a_pause_as_it_says() {
    let (bench, claims, safe) = (Bench::virtual_time(), Claims::default(), SafeLevels::new());
    Busy::on(&bench, "i2c-1", 0x20);
    let want = SpiConfig { mode: MODE_0, max_hz: 1_000_000, order: BitOrder::MsbFirst };
    let mut board = Board::new("slot-01/test", &bench, &claims, &safe);
    let mut bus = board.i2c(&"i2c-1".into(), 0x20).unwrap();
    let mut slot = board.spi(&"spi0.0".into(), want).unwrap();
    let mut delay = board.delay();
    let took = |work: &mut dyn FnMut()| {
        let before = bench.now();
        work();
        bench.now().since(before)
    };

    // At 100 kHz: two addresses, a pointer, four bytes.
    let on_i2c = took(&mut || bus.write_read(0x20, &[0], &mut [0; 4]).unwrap());
    let on_spi = took(&mut || slot.write(&[0; 100]).unwrap());
    let pause = took(&mut || delay.delay_us(250));
    let parts = took(&mut || (0..10).for_each(|_| delay.delay_ns(400)));

    assert_eq!((on_i2c, on_spi), (Duration::from_micros(630), Duration::from_micros(800)));
    assert_eq!((pause, parts), (Duration::from_micros(250), Duration::from_micros(4)));
}

#[test]
fn what_is_due_during_a_transfer_happens_at_its_moment() {
    let (bench, claims) = (Bench::virtual_time(), Claims::default());
    Busy::on(&bench, "i2c-1", 0x20);
    let (mut line, _waits) = input(&bench, "GPIO5");
    let mut bus = i2c(&bench, &claims, "i2c-1", 0x20);
    let (wire, before) = (bench.wire(&"GPIO5".into()), bench.now());
    bench.after(Duration::from_micros(100), move || wire.drive(false));

    bus.write_read(0x20, &[0], &mut [0; 4]).unwrap();

    let edge = line.next_edge().unwrap().unwrap();
    assert_eq!(edge.at.since(before), Duration::from_micros(100));
}

#[test]
fn a_chip_is_late_for_a_driver_that_does_not_wait_and_being_refused_takes_time_too() {
    let (bench, claims) = (Bench::virtual_time(), Claims::default());
    Busy::on(&bench, "i2c-1", 0x20);
    let mut bus = i2c(&bench, &claims, "i2c-1", 0x20);

    bus.write(0x20, &[0, 1]).unwrap();
    let refusals = std::iter::from_fn(|| bus.read(0x20, &mut [0]).err());
    let kinds: Vec<_> = refusals.map(|refusal| refusal.kind).collect();

    // An address takes 90 µs: the twelfth is answered.
    assert_eq!(kinds, [ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address); 11]);
}

#[test]
fn an_address_that_was_not_claimed_is_refused_and_nothing_is_sent() {
    for bus in ["i2c-1/0x70/3", "i2c-1"] {
        let (bench, claims) = (Bench::virtual_time(), Claims::default());
        let reached = Busy::on(&bench, bus, 0x29);
        let mut device = i2c(&bench, &claims, bus, 0x2a);
        let before = bench.now();

        for address in [0x29, 0x70, 0x00] {
            let refused = device.write(address, &[1]).unwrap_err();

            assert_eq!((refused.kind, refused.claimed), (ErrorKind::Other, Some(0x2a)));
            let told = format!(
                "{bus} address {address:#04x}: not claimed by this device, which holds 0x2a there"
            );
            assert_eq!(refused.to_string(), told);
        }
        assert_eq!((bench.now(), reached.load(Ordering::Relaxed)), (before, 0));
    }
}

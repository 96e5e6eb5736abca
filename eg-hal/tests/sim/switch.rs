//! Buses behind I2C switches.

use crate::i2c;
use eg_hal::sim::{Bench, Fault, I2cChip, Nack};
use eg_hal::{Board, BusName, Claims, SafeLevels};
use embedded_hal::i2c::I2c as _;

/// A chip that answers its own number.
struct Number(u8);

impl I2cChip for Number {
    fn write(&mut self, _: &[u8]) -> Result<(), Nack> {
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        bytes.fill(self.0);
        Ok(())
    }
}

fn number(bus: &mut eg_hal::I2cBus) -> u8 {
    let mut byte = [0];
    bus.read(0x20, &mut byte).unwrap();
    byte[0]
}

fn refusal(claims: &Claims, bus: &str, address: u8) -> String {
    let (bench, safe) = (Bench::virtual_time(), SafeLevels::new());
    let mut board = Board::new("slot-01/late", &bench, claims, &safe);
    board.i2c(&bus.into(), address).err().unwrap().to_string()
}

#[test]
fn nine_chips_of_one_address_answer_each_for_itself() {
    let (bench, claims) = (Bench::virtual_time(), Claims::default());
    let names: Vec<_> = (0..9).map(|n| format!("i2c-1/{:#x}/{}", 0x70 + n / 8, n % 8)).collect();
    for (n, name) in (0..).zip(&names) {
        bench.attach_i2c(&name.as_str().into(), 0x20, Number(n));
    }
    let mut buses: Vec<_> = names.iter().map(|name| i2c(&bench, &claims, name, 0x20)).collect();

    for round in [[0, 1, 2, 3, 4, 5, 6, 7, 8], [8, 0, 8, 7, 1, 8, 2, 2, 0]] {
        for n in round {
            assert_eq!(number(&mut buses[n]), u8::try_from(n).unwrap());
        }
    }
}

#[test]
fn a_switch_behind_a_switch_is_closed_when_the_way_leads_elsewhere() {
    let (bench, claims) = (Bench::virtual_time(), Claims::default());
    let names = ["i2c-1/0x70/1/0x71/2", "i2c-1/0x70/1/0x72/0", "i2c-1/0x70/3", "i2c-1/0x73/3"];
    for (n, name) in (0..).zip(names) {
        bench.attach_i2c(&name.into(), 0x20, Number(n));
    }
    let mut buses = names.map(|name| i2c(&bench, &claims, name, 0x20));

    for n in [0, 1, 2, 3, 1, 3, 0, 2, 0, 1] {
        assert_eq!(number(&mut buses[n]), u8::try_from(n).unwrap());
    }
}

#[test]
fn a_switch_that_lost_its_power_is_selected_anew() {
    let (bench, claims) = (Bench::virtual_time(), Claims::default());
    bench.attach_i2c(&"i2c-1/0x70/3".into(), 0x20, Number(7));
    let mut bus = i2c(&bench, &claims, "i2c-1/0x70/3", 0x20);
    assert_eq!(number(&mut bus), 7);

    bench.inflict(&"i2c-1/0x70 browns-out".parse::<Fault>().unwrap()).unwrap();

    assert_eq!(number(&mut bus), 7);
}

#[test]
fn an_error_names_the_switch_or_the_chip_that_does_not_answer() {
    let (bench, claims) = (Bench::virtual_time(), Claims::default());
    bench.attach_i2c(&"i2c-1/0x70/3".into(), 0x21, Number(7));
    let mut bus = i2c(&bench, &claims, "i2c-1/0x70/3", 0x20);

    let nobody = bus.read(0x20, &mut [0]).unwrap_err();
    bench.detach_i2c(&"i2c-1".into(), 0x70);
    let no_switch = bus.read(0x20, &mut [0]).unwrap_err();

    assert_eq!((nobody.bus.as_str(), nobody.address), ("i2c-1/0x70/3", 0x20));
    assert_eq!((no_switch.bus.as_str(), no_switch.address), ("i2c-1", 0x70));
}

#[test]
fn an_address_behind_a_switch_must_be_free_before_it() {
    let (bench, claims) = (Bench::virtual_time(), Claims::default());
    let _behind = i2c(&bench, &claims, "i2c-1/0x70/3", 0x20);
    let _before = i2c(&bench, &claims, "i2c-1", 0x21);
    let _beside = i2c(&bench, &claims, "i2c-1/0x70/4", 0x20);

    assert_eq!(
        refusal(&claims, "i2c-1", 0x20),
        "address 0x20 on i2c-1/0x70/3 is already held by slot-01/i2c-1/0x70/3"
    );
    assert!(refusal(&claims, "i2c-1/0x70/3", 0x21).starts_with("address 0x21 on i2c-1 is already"));
}

#[test]
fn a_switch_holds_its_own_address_until_the_last_device_behind_it_is_gone() {
    let (bench, claims) = (Bench::virtual_time(), Claims::default());
    let one = i2c(&bench, &claims, "i2c-1/0x70/3", 0x20);
    let other = i2c(&bench, &claims, "i2c-1/0X70/04", 0x20);

    drop(one);
    let held = refusal(&claims, "i2c-1", 0x70);
    drop(other);

    assert_eq!(
        held,
        "address 0x70 on i2c-1 is already held by the bus switch before slot-01/i2c-1/0x70/3"
    );
    assert_eq!(claims.held(), []);
    i2c(&bench, &claims, "i2c-1", 0x70);
}

#[test]
fn a_name_that_leads_nowhere_is_refused_with_one_that_would() {
    for name in ["i2c-1/0x70/8", "i2c-1/0x20/3", "i2c-1/0x70", "i2c-1/0x70/three"] {
        let shown = refusal(&Claims::default(), name, 0x20);

        assert!(shown.starts_with(&format!(r#"no I2C bus called "{name}""#)), "{shown}");
        assert!(shown.ends_with("as in i2c-1/0x70/3"), "{shown}");
    }
    assert_eq!(BusName::from("i2c-1").behind(0x70, 3), "i2c-1/0x70/3".into());
}

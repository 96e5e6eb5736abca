//! Errors for a user who is in none of the groups that may use the hardware.

use eg_hal::{BitOrder, SpiConfig};
use embedded_hal::spi::MODE_0;

use crate::check::checks;
use crate::place::{Place, refused, says};

checks!("rights", Nobody:
    a_bus_names_the_group_that_may_use_it,
    a_select_names_the_group_that_may_use_it,
);

fn a_bus_names_the_group_that_may_use_it() -> anyhow::Result<()> {
    let place = Place::default();

    let why = refused(place.board("vm/chip").i2c(&"i2c-1".into(), 0x20))?;

    says(&why, "permission denied; add the user to group i2c (usermod -aG i2c USER)")
}

fn a_select_names_the_group_that_may_use_it() -> anyhow::Result<()> {
    let place = Place::default();
    let want = SpiConfig { mode: MODE_0, max_hz: 1_000_000, order: BitOrder::MsbFirst };

    let why = refused(place.board("vm/chip").spi(&"spi0.0".into(), want))?;

    says(&why, "permission denied; add the user to group spi (usermod -aG spi USER)")
}

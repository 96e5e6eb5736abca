//! `eg-agent scan` on all of the machine's wires.

use std::process::Command;

use anyhow::Context;
use eg_hal::{LineName, Pull};

use crate::check::checks;
use crate::i2c::{peek, poke};
use crate::place::{Place, same, says};
use crate::sim_chip::SimChip;

checks!("scan", Root:
    finds_what_answers_and_leaves_every_register_as_it_is,
    names_who_holds_a_line_and_each_keyboard,
);

/// What the agent as it is shipped prints.
fn scan(arguments: &[&str]) -> anyhow::Result<String> {
    let done = Command::new("/bin/eg-agent").arg("scan").args(arguments).output()?;
    anyhow::ensure!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).context("what scan prints")
}

fn finds_what_answers_and_leaves_every_register_as_it_is() -> anyhow::Result<()> {
    let marks: [u8; 32] = std::array::from_fn(|at| at as u8 ^ 0xa5);
    poke(0x20, 0, &marks)?;

    let told = scan(&["i2c-1"])?;

    for chip in ["mcp23017-20:", "mcp23017-21:", "ads1115-48:"] {
        says(&told, chip)?;
    }
    says(&told, "# i2c-1 (eg register files): 3 answer")?;
    says(&told, "select: spi0.0")?;
    same(peek(0x20, 0)?, marks)
}

fn names_who_holds_a_line_and_each_keyboard() -> anyhow::Result<()> {
    let _chip = SimChip::new("pinctrl-bcm2711", 58, &[])?;
    let place = Place::default();
    let _keyboard = crate::keys::Keyboard::plug_in()?;
    let mut board = place.board("vm/panel");
    let _line = board.input(&LineName::from("GPIO5"), Pull::None)?;

    let told = scan(&[])?;

    says(&told, "(pinctrl-bcm2711): 58 lines; in use: ")?;
    says(&told, "by eg:vm/panel")?;
    says(&told, "driver: evdev-keys")
}

//! The promises of every driver.

use mcp23017::{Mcp23s17, Mcp23017};

#[test]
fn an_mcp23017_conforms() {
    eg_hal::conformance::check::<Mcp23017>(
        "{ bus: i2c-1, inputs: [A0, A7, B3], outputs: [B0, A6], pull: up }",
    );
}

#[test]
fn an_mcp23017_that_calls_conforms() {
    eg_hal::conformance::check::<Mcp23017>(
        "{ bus: i2c-1, address: 0x27, inputs: [A0, A7, B3], outputs: [B0], pull: up, int: GPIO4 }",
    );
}

#[test]
fn an_mcp23s17_conforms() {
    eg_hal::conformance::check::<Mcp23s17>(
        "{ select: spi0.0, address: 5, inputs: [A0, B3], outputs: [B0], pull: up, int: GPIO4 }",
    );
}

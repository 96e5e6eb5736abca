//! The drivers in this agent: each crate of `drivers/` once. A crate registers its driver when it is linked, and is
//! linked because it is named here.

use button_row as _;
use evdev_keys as _;
use mcp23017 as _;
use pcf8574 as _;
use serial_tag as _;

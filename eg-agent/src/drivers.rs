//! The drivers in this agent: each crate of `drivers/` once. A crate registers its driver when it is linked, and is
//! linked because it is named here.

use ads1115 as _;
use button_row as _;
use evdev_keys as _;
use hc165 as _;
use ht16k33 as _;
use lcd1602 as _;
use matrix_keypad as _;
use max7219 as _;
use mcp23017 as _;
use mfrc522 as _;
use mpr121 as _;
use pcf8574 as _;
use pn532 as _;
use relay as _;
use rotary as _;
use seesaw as _;
use serial_tag as _;
use ssd1306 as _;
use tca8418 as _;
use tm1637 as _;
use ws2812 as _;

//! Keyboards and other evdev key devices.

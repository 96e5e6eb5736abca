//! Push buttons and LEDs wired straight to GPIO lines.

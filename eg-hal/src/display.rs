//! Displays: requests, pictures, and texts on segments and lines.

mod lines;
mod panel;
mod segments;

pub use lines::{plain, wrapped};
pub use panel::{Panel, SegmentPicture};
pub use segments::{Cell, fourteen, row, seven};

use crate::{Output, Set, SettingProblems};

/// Request to a display, which is output 0 of its device. Every display means the same by each.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum DisplayRequest<'o> {
    /// Nothing is shown. The picture is forgotten.
    Dark,
    /// Everything is lit: a test of its lamps.
    Lit,
    /// Brightness from now on, above 0.0 and up to 1.0. The picture stays.
    Brightness(f64),
    /// This text is shown in place of the picture.
    Text(&'o str),
}

impl<'o> DisplayRequest<'o> {
    /// Reads the request of an output. A level of 0 is dark.
    ///
    /// # Errors
    /// Texts that would have worked, for [`DeviceError::Unsupported`](crate::DeviceError::Unsupported).
    pub fn of(output: &'o Output) -> Result<Self, &'static str> {
        match &output.set {
            _ if output.channel != 0 => Err("the display is output 0 and has no other"),
            Set::Off => Ok(Self::Dark),
            Set::On => Ok(Self::Lit),
            Set::Level(level) if *level <= 0.0 => Ok(Self::Dark),
            Set::Level(level) if *level <= 1.0 => Ok(Self::Brightness(*level)),
            Set::Text(text) => Ok(Self::Text(text)),
            Set::Level(_) | Set::Rgb(_) | Set::Pulse(_) | _ => {
                Err("a display takes a text, on, off or a level up to 1")
            }
        }
    }
}

/// Checks the `brightness:` of a display's config.
///
/// # Errors
/// That setting, unless it is above 0 and up to 1.
pub fn brightness(level: f64) -> Result<f64, SettingProblems> {
    if level > 0.0 && level <= 1.0 {
        return Ok(level);
    }
    Err(SettingProblems::of("brightness", format!("above 0 and up to 1, not {level}")))
}

/// The step of a chip's dimmer that is nearest to a level above, 1 to `steps`: what is on never looks off.
pub fn step(level: f64, steps: u8) -> u8 {
    // Casts of floats saturate, and a NaN becomes 0.
    ((level * f64::from(steps)).ceil() as u8).clamp(1, steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(channel: u16, set: Set) -> Result<(), &'static str> {
        DisplayRequest::of(&Output { channel, set }).map(drop)
    }

    #[test]
    fn a_display_is_one_output_and_says_what_it_takes() {
        assert_eq!(
            DisplayRequest::of(&Output { channel: 0, set: Set::Level(0.0) }),
            Ok(DisplayRequest::Dark)
        );
        assert!(wish(1, Set::Off).unwrap_err().contains("output 0"));
        for odd in [Set::Level(f64::NAN), Set::Level(1.5), Set::Rgb([1, 2, 3]), Set::Pulse(5)] {
            assert!(wish(0, odd).unwrap_err().contains("a text, on, off"));
        }
    }

    #[test]
    fn a_brightness_of_nothing_is_refused() {
        assert_eq!(brightness(0.25).unwrap(), 0.25);
        let refused = brightness(0.0).unwrap_err().to_string();
        assert_eq!(refused, "brightness: above 0 and up to 1, not 0");
        assert!(brightness(f64::NAN).is_err());
    }

    #[test]
    fn what_is_on_is_never_dimmed_to_nothing() {
        assert_eq!([0.001, 0.5, 1.0].map(|level| step(level, 16)), [1, 8, 16]);
        assert_eq!([f64::NAN, f64::INFINITY].map(|level| step(level, 8)), [1, 8]);
    }
}

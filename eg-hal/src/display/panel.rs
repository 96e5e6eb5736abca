//! Displays as devices: one output, refreshed from time to time.

use super::{DisplayRequest, step};
use crate::{Channels, Device, DeviceError, Output, Readings, Wake};
use std::time::Duration;

/// A display that shows one picture. Whoever implements this is a [`Device`]: output 0 takes a text, on, off and, where
/// the display can be dimmed, a level.
///
/// ```
/// # use eg_hal::display::{DisplayRequest, Panel};
/// # use eg_hal::{Device, DeviceError, Output, Set};
/// /// A display of a single word.
/// #[derive(Default)]
/// struct Word(String);
///
/// impl Panel for Word {
///     type Picture = String;
///
///     fn picture(&self, request: DisplayRequest<'_>) -> Result<String, &'static str> {
///         match request {
///             DisplayRequest::Dark => Ok(String::new()),
///             DisplayRequest::Text(text) => Ok(text.to_owned()),
///             _ => Err("it shows a word, or nothing"),
///         }
///     }
///
///     fn show(&mut self, picture: String) -> Result<(), DeviceError> {
///         self.0 = picture; // and sends it to the chip
///         Ok(())
///     }
///
///     fn refresh(&mut self) -> Result<(), DeviceError> {
///         Ok(())
///     }
/// }
///
/// let mut display = Word::default();
/// let write = |set| Output { channel: 0, set };
/// assert!(display.write(write(Set::Text("left".to_owned()))).is_ok());
/// assert!(display.write(write(Set::Level(0.5))).is_err());
/// assert_eq!(display.0, "left");
/// ```
pub trait Panel: Send {
    /// Everything that the chip is told to show.
    type Picture;

    /// Lays a request out as the picture that is shown next.
    ///
    /// # Errors
    /// The request that would have worked, for [`DeviceError::Unsupported`]; the display stays as it is.
    fn picture(&self, request: DisplayRequest<'_>) -> Result<Self::Picture, &'static str>;

    /// Sends a picture to the chip and keeps it for the next refresh. A picture that was not sent is not kept.
    ///
    /// # Errors
    /// As for [`Device::write`].
    fn show(&mut self, picture: Self::Picture) -> Result<(), DeviceError>;

    /// Makes sure that the picture still stands there: sends it again, or checks the chip.
    ///
    /// # Errors
    /// As for [`Device::read`].
    fn refresh(&mut self) -> Result<(), DeviceError>;

    /// Time between two refreshes, 1 s by default: a display that lost its supply shows its text again after it.
    fn refresh_period(&self) -> Duration {
        Duration::from_secs(1)
    }
}

impl<P: Panel> Device for P {
    fn wake(&self) -> Wake {
        Wake::Every(self.refresh_period())
    }

    fn read(&mut self, _: &mut Readings) -> Result<(), DeviceError> {
        self.refresh()
    }

    fn write(&mut self, output: Output) -> Result<(), DeviceError> {
        let picture = DisplayRequest::of(&output).and_then(|request| self.picture(request));
        picture.map_err(|can| output.unsupported(can)).and_then(|picture| self.show(picture))
    }

    fn channels(&self) -> Channels {
        Channels::of(0, 1)
    }
}

/// Picture of a row of segments: `N` bytes of the chip's display memory, and a brightness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentPicture<const N: usize> {
    /// Display memory, in the chip's own order.
    pub memory: [u8; N],
    /// Step of the chip's dimmer, from 1.
    pub brightness: u8,
}

impl<const N: usize> SegmentPicture<N> {
    /// The picture after opening: dark, or every segment `lit`, at a level above 0 and up to 1 of a dimmer with so many
    /// `steps`.
    pub fn filled(lit: bool, level: f64, steps: u8) -> Self {
        Self { memory: [if lit { 0xff } else { 0 }; N], brightness: step(level, steps) }
    }

    /// The picture after a request, on a chip whose dimmer has so many `steps` and whose `layout` puts a text into its
    /// memory.
    ///
    /// # Errors
    /// As for `layout`.
    pub fn after(
        self,
        request: DisplayRequest<'_>,
        steps: u8,
        layout: impl FnOnce(&str) -> Result<[u8; N], &'static str>,
    ) -> Result<Self, &'static str> {
        Ok(match request {
            DisplayRequest::Dark => Self { memory: [0; N], ..self },
            DisplayRequest::Lit => Self { memory: [0xff; N], ..self },
            DisplayRequest::Brightness(level) => Self { brightness: step(level, steps), ..self },
            DisplayRequest::Text(text) => Self { memory: layout(text)?, ..self },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Moment, Set, Source};

    const STEPS: u8 = 16;

    /// Notes what it was sent; a write to a chip that is gone fails.
    struct Row {
        picture: SegmentPicture<2>,
        gone: bool,
    }

    impl Panel for Row {
        type Picture = SegmentPicture<2>;

        fn picture(&self, request: DisplayRequest<'_>) -> Result<SegmentPicture<2>, &'static str> {
            self.picture.after(request, STEPS, |text| text.as_bytes().try_into().map_err(|_| "two"))
        }

        fn show(&mut self, picture: SegmentPicture<2>) -> Result<(), DeviceError> {
            if self.gone {
                return Err(DeviceError::unexpected("a display", "nothing"));
            }
            self.picture = picture;
            Ok(())
        }

        fn refresh(&mut self) -> Result<(), DeviceError> {
            self.show(self.picture)
        }
    }

    fn row() -> Row {
        Row { picture: SegmentPicture::filled(false, 0.5, STEPS), gone: false }
    }

    #[test]
    fn a_text_keeps_the_brightness_and_a_level_keeps_the_text() {
        let mut row = row();

        for set in [Set::Text("ab".to_owned()), Set::Level(1.0)] {
            row.write(Output { channel: 0, set }).unwrap();
        }

        assert_eq!(row.picture, SegmentPicture { memory: *b"ab", brightness: 16 });
        row.write(Output { channel: 0, set: Set::Off }).unwrap();
        assert_eq!(row.picture, SegmentPicture { memory: [0; 2], brightness: 16 });
    }

    #[test]
    fn a_request_that_is_refused_changes_nothing() {
        let mut row = row();
        row.write(Output { channel: 0, set: Set::On }).unwrap();

        for (channel, text) in [(0, "abc"), (1, "ab")] {
            let refused = row.write(Output { channel, set: Set::Text(text.to_owned()) });
            assert!(matches!(refused, Err(DeviceError::Unsupported { .. })));
        }

        assert_eq!(row.picture.memory, [0xff; 2]);
    }

    #[test]
    fn a_chip_that_is_gone_fails_at_the_next_refresh() {
        let mut row = Row { gone: true, ..row() };

        assert_eq!(row.wake(), Wake::Every(Duration::from_secs(1)));
        assert!(row.read(&mut Readings::new(Moment(0), Source::Poll, 0)).is_err());
    }
}

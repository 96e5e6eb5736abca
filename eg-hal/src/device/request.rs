//! Reading of a request: the output it is for, the state it asks for, and refusals of what cannot be done.

use super::{DeviceError, Output};
use crate::Set;

impl Output {
    /// Picks what this output's channel stands for: channel n is the n-th of `outputs`.
    ///
    /// # Errors
    /// [`DeviceError::Unsupported`] when there are fewer.
    pub fn select<T>(&self, outputs: impl IntoIterator<Item = T>) -> Result<T, DeviceError> {
        let output = outputs.into_iter().nth(self.channel.into());
        output.ok_or_else(|| self.unsupported("there is no such output"))
    }

    /// Reads a request for something with two states: `true` is on.
    ///
    /// ```
    /// # use eg_hal::{Output, Set};
    /// let output = Output { channel: 0, set: Set::On };
    /// assert!(output.on_off("a lamp is on or off").is_ok_and(|on| on));
    /// ```
    ///
    /// # Errors
    /// [`DeviceError::Unsupported`], saying what it `can`, for everything but on and off.
    pub fn on_off(&self, can: &'static str) -> Result<bool, DeviceError> {
        match self.set {
            Set::On => Ok(true),
            Set::Off => Ok(false),
            Set::Level(_) | Set::Rgb(_) | Set::Text(_) | Set::Pulse(_) | _ => {
                Err(self.unsupported(can))
            }
        }
    }

    /// Refuses this request, saying what the output `can` do; the device goes on as it is.
    pub fn unsupported(&self, can: &'static str) -> DeviceError {
        DeviceError::Unsupported { output: self.clone(), can }
    }
}

#[cfg(test)]
mod tests {
    use super::{DeviceError, Output, Set};
    use crate::Channel;

    fn output(channel: Channel, set: Set) -> Output {
        Output { channel, set }
    }

    #[test]
    fn a_channel_stands_for_the_nth_of_its_outputs_or_is_refused() {
        let lamps = ["red", "green"];

        assert_eq!(output(1, Set::On).select(&lamps).unwrap(), &"green");
        let refused = output(2, Set::On).select(&lamps).unwrap_err().to_string();

        assert_eq!(refused, "output 2 cannot be set to On: there is no such output");
    }

    #[test]
    fn what_is_neither_on_nor_off_is_refused_with_what_would_have_worked() {
        let on_off = |set| output(0, set).on_off("a lamp is on or off");

        assert!(on_off(Set::On).unwrap());
        assert!(!on_off(Set::Off).unwrap());
        for odd in [Set::Level(1.0), Set::Rgb([1; 3]), Set::Text(String::new()), Set::Pulse(5)] {
            let refused = on_off(odd.clone()).unwrap_err();
            let as_asked =
                matches!(&refused, DeviceError::Unsupported { output, .. } if output.set == odd);
            assert!(as_asked, "{refused}");
        }
    }
}

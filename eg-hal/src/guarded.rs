//! Devices and models that are called under guard: a panic of one costs that one and nothing else.

use crate::sim::{Model, Poke, PokeError, Touch};
use crate::{Channel, Channels, Device, DeviceError, Output, Readings, Set, Wake, catch_panic};

/// A device that is called under guard. One that panicked is gone: nobody knows what state it left itself in.
pub(crate) struct GuardedDevice<D> {
    device: Option<D>,
    wake: Wake,
    channels: Channels,
}

impl<D: Device> GuardedDevice<D> {
    /// Guards a device. Call it under guard, as the device is asked what it is.
    pub(crate) fn new(device: D) -> Self {
        let (wake, channels) = (device.wake(), device.channels());
        Self { device: Some(device), wake, channels }
    }

    fn call(
        &mut self,
        call: impl FnOnce(&mut D) -> Result<(), DeviceError>,
    ) -> Result<(), DeviceError> {
        let Some(device) = &mut self.device else {
            return Err(DeviceError::Panicked("it did so before".to_owned()));
        };
        let called = catch_panic(|| {
            let called = call(device);
            (called, device.wake())
        });
        match called {
            Ok((called, wake)) => {
                self.wake = wake;
                called
            }
            Err(said) => {
                self.let_go();
                Err(DeviceError::Panicked(said))
            }
        }
    }

    fn let_go(&mut self) {
        let device = self.device.take();
        drop(catch_panic(|| drop(device)));
    }
}

impl<D: Device> Device for GuardedDevice<D> {
    fn wake(&self) -> Wake {
        self.wake
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        self.call(|device| device.read(readings))
    }

    fn write(&mut self, output: Output) -> Result<(), DeviceError> {
        self.call(|device| device.write(output))
    }

    fn channels(&self) -> Channels {
        self.channels
    }
}

impl<D> Drop for GuardedDevice<D> {
    fn drop(&mut self) {
        let device = self.device.take();
        drop(catch_panic(|| drop(device)));
    }
}

/// A model that is called under guard.
pub(crate) struct GuardedModel(Option<Box<dyn Model>>);

impl GuardedModel {
    pub(crate) fn new(model: Box<dyn Model>) -> Self {
        Self(Some(model))
    }
}

impl Model for GuardedModel {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        let poked = catch_panic(|| self.0.as_mut().map(|model| model.poke(channel, poke)));
        poked.map(|poked| poked.unwrap_or(Ok(()))).unwrap_or_else(|said| {
            let takes = format!("its model panicked: {said}");
            Err(PokeError { channel, poke: poke.clone(), takes })
        })
    }

    fn shown(&self, channel: Channel) -> Option<Set> {
        catch_panic(|| self.0.as_ref()?.shown(channel)).ok().flatten()
    }

    fn touch(&self, channel: Channel) -> Touch {
        let touch = catch_panic(|| self.0.as_ref().map(|model| model.touch(channel)));
        touch.ok().flatten().unwrap_or(Touch::Nothing)
    }
}

impl Drop for GuardedModel {
    fn drop(&mut self) {
        let model = self.0.take();
        drop(catch_panic(|| drop(model)));
    }
}

#[cfg(test)]
mod tests {
    use super::{GuardedDevice, GuardedModel};
    use crate::sim::{Model, Poke, PokeError, Touch};
    use crate::{Channel, Device, DeviceError, Moment, Readings, Source, Wake};
    use std::cell::Cell;

    /// Panics at a chosen call, and whenever it is dropped.
    struct Fragile(Cell<Option<&'static str>>);

    impl Fragile {
        fn at(&self, call: &'static str) {
            assert!(self.0.get() != Some(call), "dropped on the floor in {call}");
        }
    }

    impl Device for Fragile {
        fn wake(&self) -> Wake {
            self.at("wake");
            Wake::OnEdge
        }

        fn read(&mut self, _: &mut Readings) -> Result<(), DeviceError> {
            self.at("read");
            Ok(())
        }
    }

    impl Model for Fragile {
        fn poke(&mut self, _: Channel, _: &Poke) -> Result<(), PokeError> {
            self.at("poke");
            Ok(())
        }

        fn touch(&self, _: Channel) -> Touch {
            self.at("touch");
            Touch::Contact
        }
    }

    impl Drop for Fragile {
        fn drop(&mut self) {
            panic!("never lets go");
        }
    }

    fn read(at: &'static str) -> Result<(), String> {
        let mut device = GuardedDevice::new(Fragile(Cell::new(None)));
        if let Some(inner) = &device.device {
            inner.0.set(Some(at));
        }
        let mut readings = Readings::new(Moment(0), Source::Poll, 0);
        device.read(&mut readings).map_err(|error| error.to_string())
    }

    #[test]
    fn a_panic_of_a_device_is_an_error_of_that_call() {
        let told = |call| Err(format!("the driver panicked: dropped on the floor in {call}"));

        assert_eq!(read("read"), told("read"));
        assert_eq!(read("wake"), told("wake"));
        assert_eq!(read("nothing"), Ok(()));
    }

    #[test]
    fn a_panic_of_a_model_is_a_poke_it_does_not_take() {
        let mut model = GuardedModel::new(Box::new(Fragile(Cell::new(Some("poke")))));
        let untouchable = GuardedModel::new(Box::new(Fragile(Cell::new(Some("touch")))));

        let refused = model.poke(0, &Poke::TagAway).unwrap_err();

        assert_eq!(refused.takes, "its model panicked: dropped on the floor in poke");
        assert_eq!((model.touch(0), untouchable.touch(0)), (Touch::Contact, Touch::Nothing));
    }
}

//! A slot's file under examination, and the mistakes found in it so far.

use super::device::DeviceConfig;
use super::place;
use eg_config::{Anything, KeyPath, Located, Problems, Source, read_at};

/// A file under examination.
pub(super) struct Checks<'a> {
    pub(super) source: &'a Source,
    pub(super) problems: &'a mut Problems,
}

/// A device whose settings could be read, and where it is named.
pub(super) struct Named {
    pub(super) at: Located<String>,
    pub(super) device: DeviceConfig,
    /// The channels of its inputs and outputs as they were written, to point at.
    pub(super) input_channels: Vec<Located<u16>>,
    pub(super) output_channels: Vec<Located<u16>>,
    /// `true` if the file says which inputs the device has.
    pub(super) says_inputs: bool,
}

impl Checks<'_> {
    /// Notes a mistake at a value.
    pub(super) fn push<T>(&mut self, at: &Located<T>, message: impl Into<String>) {
        if at.is_written() {
            self.problems.push(self.source.problem_at(at, message));
        }
    }

    /// Notes that a key is missing or that nothing stands there, unless what stands there is wrong.
    pub(super) fn missing(&mut self, path: &KeyPath, key: &str, variable: &str) {
        let inner = path.key(key);
        match place::of_field(self.source, path, key) {
            None => {
                let message = format!("missing key {key:?}; write it, or set {variable}");
                self.problems.push(self.source.problem_at(path, message));
            }
            Some(location)
                if matches!(read_at::<Option<Anything>>(self.source, &inner), Ok(None)) =>
            {
                let message = format!("nothing stands here; write the {key}, or set {variable}");
                self.problems.push(self.source.problem_at(&location, message));
            }
            Some(_) => {}
        }
    }
}

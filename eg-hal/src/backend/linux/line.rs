//! GPIO lines through the character device, uAPI v2 where the kernel has it.

use super::chips::{LineLocation, find};
use crate::backend::{InputPort, OutputPort};
use crate::{
    BoardError, Drive, Edge, InputConfig, LineError, LineName, Moment, OutputConfig, Pull, Source,
};
use gpiocdev::line::{self, Bias, EdgeDetection, EdgeKind, Value};
use gpiocdev::{Chip, Request};
use std::os::fd::{AsFd, BorrowedFd};

/// Edges that the kernel keeps for us. It has 16 by default, which a burst of contact bounce overflows.
const KERNEL_QUEUE: u32 = 512;

/// Words of the largest event of the uAPI: v2's `gpio_v2_line_event` of 48 bytes.
const EVENT_WORDS: usize = 6;

/// The kernel's limit on a consumer label (`GPIO_MAX_NAME_SIZE`), less the final zero.
const LABEL_BYTES: usize = 31;

/// A requested input.
pub(super) struct GpioInput {
    line: String,
    offset: u32,
    request: Request,
}

impl GpioInput {
    pub(super) fn open(
        line: &LineName,
        config: InputConfig,
        consumer: &str,
    ) -> Result<Self, BoardError> {
        let place = find(line)?;
        let bias = match config.pull {
            Pull::Up => Bias::PullUp,
            Pull::Down => Bias::PullDown,
            Pull::None => Bias::Disabled,
        };
        let mut asked = Request::builder();
        asked
            .on_chip(&place.chip)
            .with_consumer(label(consumer))
            .with_kernel_event_buffer_size(KERNEL_QUEUE)
            .with_line(place.offset)
            .as_input()
            .with_bias(bias)
            .with_edge_detection(EdgeDetection::BothEdges);
        if let Some(debounce) = config.debounce {
            asked.with_debounce_period(debounce);
        }
        let request = asked.request().map_err(|error| refused(line, &place, &error))?;
        Ok(Self { line: line.to_string(), offset: place.offset, request })
    }

    fn failed(&self, error: &gpiocdev::Error) -> LineError {
        LineError { line: self.line.clone(), cause: error.to_string() }
    }
}

impl InputPort for GpioInput {
    fn level(&mut self) -> Result<bool, LineError> {
        let value = self.request.value(self.offset).map_err(|error| self.failed(&error))?;
        Ok(value == Value::Active)
    }

    /// Reads into a slice of exactly one event. `Request::read_edge_event` of gpiocdev 0.8 does so only when built with
    /// both uAPI features: else it reads up to eight events into its buffer and drops all but the first. And an
    /// `EdgeEventBuffer` would keep events where poll(2) does not see them. This way what is queued stays in the kernel.
    fn next_edge(&mut self) -> Result<Option<Edge>, LineError> {
        if !self.request.has_edge_event().map_err(|error| self.failed(&error))? {
            return Ok(None);
        }
        let mut words = [0; EVENT_WORDS];
        let event = &mut words[..self.request.edge_event_u64_size().min(EVENT_WORDS)];
        let event = self
            .request
            .read_edge_events_into_slice(event)
            .and_then(|read| self.request.edge_event_from_slice(&event[..read]))
            .map_err(|error| self.failed(&error))?;
        Ok(Some(Edge {
            high: event.kind == EdgeKind::Rising,
            at: Moment::from_nanos(event.timestamp_ns),
            src: Source::Kernel,
            // Zero under uAPI v1, which does not number edges: then no gap is ever seen.
            seq: event.line_seqno,
        }))
    }

    fn fd(&self) -> Option<BorrowedFd<'_>> {
        Some(self.request.as_fd())
    }
}

/// A requested output.
pub(in crate::backend) struct GpioOutput {
    line: String,
    offset: u32,
    request: Request,
    #[cfg(feature = "rppal")]
    gpio: Option<u8>,
}

impl GpioOutput {
    pub(in crate::backend) fn open(
        line: &LineName,
        config: OutputConfig,
        consumer: &str,
    ) -> Result<Self, BoardError> {
        let place = find(line)?;
        let request = Request::builder()
            .on_chip(&place.chip)
            .with_consumer(label(consumer))
            .with_line(place.offset)
            .as_output(value(config.high))
            .with_drive(match config.drive {
                Drive::PushPull => line::Drive::PushPull,
                Drive::OpenDrain => line::Drive::OpenDrain,
                Drive::OpenSource => line::Drive::OpenSource,
            })
            .request()
            .map_err(|error| refused(line, &place, &error))?;
        Ok(Self {
            line: line.to_string(),
            offset: place.offset,
            request,
            #[cfg(feature = "rppal")]
            gpio: super::chips::gpio_number(&place),
        })
    }

    /// Number of the line on a Pi's header; `None` for a line of another chip.
    #[cfg(feature = "rppal")]
    pub(in crate::backend) fn gpio_number(&self) -> Option<u8> {
        self.gpio
    }
}

impl OutputPort for GpioOutput {
    fn drive(&mut self, high: bool) -> Result<(), LineError> {
        self.request
            .set_value(self.offset, value(high))
            .map_err(|error| LineError { line: self.line.clone(), cause: error.to_string() })
    }

    /// The kernel drives lines; its PWM controllers are another matter.
    fn has_pwm(&self) -> bool {
        false
    }

    fn set_duty(&mut self, _: u16) -> Result<(), LineError> {
        Err(LineError::no_pwm(&self.line))
    }
}

fn value(high: bool) -> Value {
    if high { Value::Active } else { Value::Inactive }
}

/// Names the holder where the kernel knows one, else gives its words.
fn refused(line: &LineName, place: &LineLocation, error: &gpiocdev::Error) -> BoardError {
    let info = Chip::from_path(&place.chip).and_then(|chip| chip.line_info(place.offset));
    let cause = match info {
        Ok(info) if info.used && info.consumer.is_empty() => {
            "it is in use by the kernel".to_owned()
        }
        Ok(info) if info.used => format!("it is in use by {}", info.consumer),
        Ok(_) | Err(_) => error.to_string(),
    };
    BoardError::Refused { what: format!("line {line}"), cause }
}

/// As much of a label as the kernel keeps, cut between characters.
fn label(consumer: &str) -> &str {
    let mut end = consumer.len().min(LABEL_BYTES);
    while !consumer.is_char_boundary(end) {
        end -= 1;
    }
    &consumer[..end]
}

#[cfg(test)]
mod tests {
    use super::{LABEL_BYTES, label};

    #[test]
    fn a_label_is_cut_to_what_the_kernel_keeps() {
        assert_eq!(label("eg:slot-01/panel"), "eg:slot-01/panel");
        assert_eq!(label(&"x".repeat(40)).len(), LABEL_BYTES);
        assert_eq!(label(&"é".repeat(20)).len(), LABEL_BYTES - 1);
    }
}

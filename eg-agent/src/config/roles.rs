//! Names, channels and settings of a device's inputs and outputs.

use super::checks::Checks;
use super::device::{Gestures, InputConfig, InputKind, OutputConfig};
use super::file::{GestureWants, Input, Output};
use eg_config::{Located, Span};
use eg_hal::{Channel, InputTraits};
use eg_proto::{InputName, OutputName, Set};
use std::collections::BTreeMap;
use std::time::Duration;

/// The longest that debounce may take: a longer one is a slip of the unit.
const LONGEST_DEBOUNCE: Duration = Duration::from_secs(5);
/// Time after which a held input is reported as stuck, unless the file says otherwise.
const STUCK_AFTER: Duration = Duration::from_secs(10);

type Channels = Vec<Located<Channel>>;

/// The inputs in the order of the file, and their channels as they were written. What the file does not say of one, its
/// driver does.
pub(super) fn inputs(
    checks: &mut Checks<'_>,
    written: &Option<BTreeMap<Located<String>, Input>>,
    traits: impl Fn(Channel) -> InputTraits,
) -> (Vec<InputConfig>, Channels) {
    let entries = in_order(written.iter().flatten());
    distinct(checks, "input", entries.iter().map(|(name, input)| (*name, &input.channel)));
    let mut read = (Vec::new(), Vec::new());
    for (name, input) in entries {
        match InputName::new(name.as_str()) {
            Ok(role) => {
                read.0.push(of_input(checks, role, input, traits(*input.channel)));
                read.1.push(input.channel.clone());
            }
            Err(error) => checks.push(name, error.to_string()),
        }
    }
    read
}

/// The outputs likewise.
pub(super) fn outputs(
    checks: &mut Checks<'_>,
    written: &BTreeMap<Located<String>, Output>,
) -> (Vec<OutputConfig>, Channels) {
    let entries = in_order(written);
    distinct(checks, "output", entries.iter().map(|(name, output)| (*name, &output.channel)));
    let mut read = (Vec::new(), Vec::new());
    for (name, output) in entries {
        match OutputName::new(name.as_str()) {
            Ok(role) => {
                read.0.push(of_output(checks, role, output));
                read.1.push(output.channel.clone());
            }
            Err(error) => checks.push(name, error.to_string()),
        }
    }
    read
}

fn in_order<'a, V>(
    entries: impl IntoIterator<Item = (&'a Located<String>, &'a V)>,
) -> Vec<(&'a Located<String>, &'a V)> {
    let mut entries: Vec<_> = entries.into_iter().collect();
    entries.sort_by_key(|(name, _)| (name.at().line, name.at().column));
    entries
}

/// One channel has one name.
fn distinct<'a>(
    checks: &mut Checks<'_>,
    what: &str,
    channels: impl Iterator<Item = (&'a Located<String>, &'a Located<Channel>)>,
) {
    let mut names: BTreeMap<Channel, &Located<String>> = BTreeMap::new();
    for (name, channel) in channels.filter(|(_, channel)| channel.is_written()) {
        if let Some(first) = names.insert(**channel, name) {
            let message = format!("{what} channel {} is {:?} already", **channel, first.as_str());
            checks.push(channel, message);
        }
    }
}

fn of_input(
    checks: &mut Checks<'_>,
    name: InputName,
    input: &Input,
    traits: InputTraits,
) -> InputConfig {
    let Input { channel, active, kind, symbol, lockout, release, stuck_after, gestures } = input;
    for span in [lockout, release].into_iter().flatten() {
        if span.get() > LONGEST_DEBOUNCE {
            checks.push(span, format!("{} is too long to debounce; 5s at most", **span));
        }
    }
    let stays = *kind == InputKind::Switch;
    if let Some(span) = stuck_after
        && stays
    {
        checks.push(span, "a switch stays where it is put, so it is never stuck; leave this out");
    }
    if gestures.is_written() && *kind != InputKind::Momentary {
        let what = if stays { "a switch" } else { "a key" };
        checks.push(gestures, format!("{what} has no gestures; only a momentary input has"));
    }
    if let Some(symbol) = symbol {
        if *kind != InputKind::Key {
            checks.push(symbol, "only a key has a symbol; add kind: key, or leave this out");
        } else if symbol.trim().is_empty() {
            checks.push(symbol, "wanted what is printed on the key, such as \"#\"");
        }
    }
    let stuck_after = stuck_after.as_ref().map_or(STUCK_AFTER, |span| span.get());
    let or = |written: &Option<Located<Span>>, default| {
        written.as_ref().map_or(default, |span| span.get())
    };
    InputConfig {
        active: *active,
        kind: *kind,
        symbol: symbol.as_ref().map(|symbol| symbol.to_string()),
        lockout: or(lockout, traits.lockout),
        release: or(release, traits.release),
        stuck_after: Some(stuck_after).filter(|span| !stays && !span.is_zero()),
        gestures: of_gestures(checks, gestures),
        ..InputConfig::new(name, **channel, traits)
    }
}

fn of_gestures(checks: &mut Checks<'_>, wants: &GestureWants) -> Gestures {
    let GestureWants { click, hold, hold_end } = wants;
    for (span, example) in [(click, "300ms"), (hold, "800ms")] {
        if let Some(span) = span.as_ref().filter(|span| span.is_zero()) {
            checks.push(span, format!("wanted a length of time above zero, such as {example}"));
        }
    }
    if **hold_end && hold.is_none() {
        checks.push(hold_end, "there is no hold to end; add \"hold\", such as hold: 800ms");
    }
    let length = |span: &Option<Located<Span>>| span.as_ref().map(|span| span.get());
    Gestures { click: length(click), hold: length(hold), hold_end: **hold_end }
}

fn of_output(checks: &mut Checks<'_>, name: OutputName, output: &Output) -> OutputConfig {
    let Output { channel, active, safe, safe_after, max_on } = output;
    if let Set::Pulse(_) = **safe {
        checks.push(
            safe,
            "a pulse is no state to stay in; wanted on, off, a level, a colour or a text",
        );
    }
    if let Some(span) = max_on.as_ref().filter(|span| span.is_zero()) {
        checks.push(span, "it could never be on; wanted a length of time above zero, such as 5s");
    }
    if let Some(span) = max_on
        && **safe == Set::On
    {
        checks.push(
            span,
            "its safe state is on, which lasts longer than this; leave out one of the two",
        );
    }
    OutputConfig {
        name,
        channel: **channel,
        active: *active,
        safe: (**safe).clone(),
        safe_after: safe_after.get(),
        max_on: max_on.as_ref().map(|span| span.get()),
    }
}

//! A Raspberry Pi's own registers and PWM, through the rppal backend. The kernel looks at the same registers.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use eg_hal::backend::rppal::Rppal;
use eg_hal::{DeviceError, Output, Set};
use eg_proto::DeviceState;

use crate::agent::{Agent, OUTBOX, is, with_log};
use crate::check::checks;
use crate::ear::{Core, Ear};
use crate::place::{Place, same, says, until};
use crate::sim_chip::in_use;

checks!("pi", Root:
    rppal_sees_a_raspberry_pi_3_model_b,
    an_output_has_its_level_from_the_first_moment_and_follows,
    a_line_in_use_names_its_holder,
    a_level_is_pwm_and_on_and_off_end_it,
    one_of_two_lines_on_one_channel_has_the_pwm,
    a_line_without_pwm_says_which_have_it,
    an_agent_on_rppal_drives_a_lamp,
);

const LAMP: &str = "outputs: [GPIO18]";

fn place() -> anyhow::Result<Place> {
    Ok(Place::on(Rppal::new()?))
}

fn set(channel: u16, set: Set) -> Output {
    Output { channel, set }
}

/// Returns what the kernel reads of a line: `gpio-476 (GPIO18 |eg:slot-01/lamp ) out hi` where somebody holds it.
fn line(name: &str) -> anyhow::Result<String> {
    let lines = in_use()?;
    let line = lines.lines().find(|line| line.contains(&format!("({name} ")));
    let line = line.with_context(|| format!("no line is called {name}: {lines}"))?;
    Ok(line.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The function that a pin has now, `alt5`, and whatever else the pin controller says of it.
fn pin(number: u8) -> anyhow::Result<String> {
    let pins = fs::read_to_string("/sys/kernel/debug/pinctrl/3f200000.gpio-pinctrl-bcm2835/pins")?;
    let pin = pins.lines().find(|line| line.starts_with(&format!("pin {number} (")));
    Ok(pin.with_context(|| format!("no pin {number} in {pins}"))?.to_owned())
}

/// A channel of the header's PWM, where the kernel shows it while it is used.
fn pwm(channel: u8) -> anyhow::Result<PathBuf> {
    for chip in fs::read_dir("/sys/class/pwm")?.flatten() {
        let channel = chip.path().join(format!("pwm{channel}"));
        if channel.exists() {
            return Ok(channel);
        }
    }
    anyhow::bail!("PWM channel {channel} is not in use")
}

fn number(channel: &Path, name: &str) -> anyhow::Result<u64> {
    Ok(fs::read_to_string(channel.join(name))?.trim().parse()?)
}

fn rppal_sees_a_raspberry_pi_3_model_b() -> anyhow::Result<()> {
    same(Rppal::new()?.model(), "Raspberry Pi 3 B")
}

fn an_output_has_its_level_from_the_first_moment_and_follows() -> anyhow::Result<()> {
    let place = place()?.and_safe([(0, true)]);

    let mut lamp = place.open("slot-01/lamp", "button-row", LAMP)?;
    let first = line("GPIO18")?;
    lamp.device.write(set(0, Set::Off))?;
    let off = line("GPIO18")?;
    lamp.device.write(set(0, Set::On))?;
    let on = line("GPIO18")?;

    says(&first, "eg:slot-01/lamp ) out hi")?;
    says(&off, "eg:slot-01/lamp ) out lo")?;
    says(&on, "eg:slot-01/lamp ) out hi")?;
    drop(lamp);
    ensure!(!line("GPIO18")?.contains("eg:"), "the kernel still has a holder: {}", line("GPIO18")?);
    Ok(())
}

fn a_line_in_use_names_its_holder() -> anyhow::Result<()> {
    let _held = Place::default().open("slot-07/lamp", "button-row", LAMP)?;

    let why = place()?.refusal("slot-01/lamp", "button-row", LAMP)?;

    same(why.as_str(), "cannot open line GPIO18: it is in use by eg:slot-07/lamp")
}

fn a_level_is_pwm_and_on_and_off_end_it() -> anyhow::Result<()> {
    let mut lamp = place()?.open("slot-01/lamp", "button-row", LAMP)?;

    lamp.device.write(set(0, Set::Level(0.25)))?;
    let (channel, dimmed) = (pwm(0)?, pin(18)?);
    let (period, duty) = (number(&channel, "period")?, number(&channel, "duty_cycle")?);
    let enabled = number(&channel, "enable")?;
    lamp.device.write(set(0, Set::Level(0.5)))?;
    let half = number(&channel, "duty_cycle")?;
    lamp.device.write(set(0, Set::On))?;

    says(&dimmed, "alt5")?;
    same((period, enabled), (1_000_000, 1))?;
    ensure!(duty.abs_diff(250_000) < 20 && half.abs_diff(500_000) < 20, "{duty} and {half} ns");
    says(&pin(18)?, "gpio_out")?;
    says(&line("GPIO18")?, "out hi")?;
    ensure!(pwm(0).is_err(), "the PWM goes on");
    Ok(())
}

fn one_of_two_lines_on_one_channel_has_the_pwm() -> anyhow::Result<()> {
    let mut lamps = place()?.open("slot-01/lamps", "button-row", "outputs: [GPIO18, GPIO12]")?;

    lamps.device.write(set(0, Set::Level(0.5)))?;
    let second = lamps.device.write(set(1, Set::Level(0.5)));

    ensure!(matches!(second, Err(DeviceError::Unsupported { .. })), "{second:?}");
    Ok(lamps.device.write(set(1, Set::On))?)
}

fn a_line_without_pwm_says_which_have_it() -> anyhow::Result<()> {
    let mut lamp = place()?.open("slot-01/lamp", "button-row", "outputs: [GPIO20]")?;

    let refused = lamp.device.write(set(0, Set::Level(0.5)));

    let why = refused.err().map(|error| error.to_string()).unwrap_or_default();
    says(&why, "GPIO12, 13, 18 and 19 have levels")
}

fn an_agent_on_rppal_drives_a_lamp() -> anyhow::Result<()> {
    with_log(|| {
        let mut core = Ear::open(Core::Stores)?;
        let port = core.port;
        let agent = Agent::run(&format!(
            "slot: vm
core: {{ host: 127.0.0.1, port: {port} }}
compat: true
hal: rppal
outbox: {OUTBOX}
devices:
  panel:
    driver: button-row
    config: {{ outputs: [GPIO18] }}
    outputs:
      lamp: {{ channel: 0 }}
"
        ))?;
        core.status(|status| is(status, "panel", DeviceState::Ready))?;
        says(&line("GPIO18")?, "eg:vm/panel ) out lo")?;

        core.tell("eg/dev/vm/input/cmd/led", br#"{"index":0,"state":true}"#)?;

        until(|| Ok(line("GPIO18")?.ends_with("out hi")))?;
        agent.kill()
    })
}

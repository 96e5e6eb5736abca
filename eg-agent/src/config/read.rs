//! Reads a slot's file: from its shape to a checked slot.

use super::checks::{Checks, Named};
use super::device::DeviceConfig;
use super::dry_run;
use super::file::{Device, SlotFile};
use super::overrides::Overrides;
use super::place;
use super::plugins::{self, Choice};
use super::roles::{inputs, outputs};
use super::slot::{CoreAddress, Hal, NO_RPPAL, SlotConfig};
use crate::pairing::SecretFile;
use eg_config::{Anything, KeyPath, Located, Problem, Problems, Source, read_at, read_lenient_at};
use eg_hal::{DriverEntry, InputTraits};
use eg_proto::{DeviceName, SlotId, Topics};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Reads one slot's file. No device is touched.
///
/// # Errors
/// Every mistake in it.
pub fn read_slot(source: Source, overrides: &Overrides) -> Result<SlotConfig, Problems> {
    let source = Arc::new(source);
    let mut lenient = read_lenient_at::<SlotFile>(&source, &KeyPath::root());
    let mut problems = std::mem::take(&mut lenient.problems);
    let Some(file) = lenient.value.take() else { return Err(problems) };
    let mut checks = Checks { source: &source, problems: &mut problems };

    let slot = checks.slot(file.slot.as_ref(), overrides);
    let core = checks.core(&file, overrides);
    let page_port = overrides.page_port.unwrap_or_else(|| checks.port(&file.page.port));
    let topics = Topics::new(file.base_topic.as_str()).unwrap_or_else(|error| {
        checks.push(&file.base_topic, error.to_string());
        Topics::default()
    });
    let outbox = slot.as_ref().map(|slot| checks.outbox(file.outbox.as_ref(), slot));
    let secret = checks.secret(file.secret_file.as_ref(), outbox.as_deref());
    let hal = overrides.hal.unwrap_or(*file.hal);
    if hal == Hal::Rppal && overrides.hal.is_none() && cfg!(not(feature = "rppal")) {
        checks.push(&file.hal, NO_RPPAL);
    }
    let choice =
        plugins::choose(&mut checks, &file, |path| lenient.is_sound(path), &overrides.libraries);
    let devices = checks.devices(&file.devices, &choice);
    let holder = slot.as_ref().map_or("this slot", |slot| slot.as_str());
    let devices = dry_run::open_all(&mut checks, holder, hal, devices);

    match (slot, core, outbox.zip(secret)) {
        (Some(slot), Some(core), Some((outbox, secret))) => {
            let slot = SlotConfig {
                slot,
                core,
                hal,
                outbox,
                secret,
                page_port,
                page_listen: file.page.listen,
                touch: file.page.touch,
                compat: file.compat,
                restart: file.restart,
                hosts: file.hosts.iter().map(|host| host.to_ascii_lowercase()).collect(),
                topics,
                devices,
                source: source.clone(),
            };
            problems.or(slot)
        }
        (_, _, _) => {
            if problems.is_empty() {
                let message = "this names no slot that could be run";
                problems.push(Problem::with_file(source.name(), message));
            }
            Err(problems)
        }
    }
}

/// Reads where the core of a slot's file is, whatever else stands in the file.
///
/// # Errors
/// Every mistake in the file, when it does not say where the core is.
pub fn core_of(source: &Source, overrides: &Overrides) -> Result<CoreAddress, Problems> {
    let mut lenient = read_lenient_at::<SlotFile>(source, &KeyPath::root());
    let mut problems = std::mem::take(&mut lenient.problems);
    let Some(file) = lenient.value.take() else { return Err(problems) };
    let mut wrong = Problems::default();
    let core = Checks { source, problems: &mut wrong }.core(&file, overrides);
    match core.filter(|_| wrong.is_empty() && lenient.is_sound(&KeyPath::from("core"))) {
        Some(core) => Ok(core),
        None => {
            problems.extend(wrong);
            Err(problems)
        }
    }
}

/// Reads who the slot of a file is, whatever else stands in the file: its id, its topics, where its secret is, and its
/// boards for people, such as `panel (button-row)`, and whether it obeys the topics of the older stack.
///
/// # Errors
/// Every mistake in the file, when it does not say who the slot is.
pub fn identity_of(
    source: &Source,
    overrides: &Overrides,
) -> Result<(SlotId, Topics, SecretFile, Vec<String>, bool), Problems> {
    let mut lenient = read_lenient_at::<SlotFile>(source, &KeyPath::root());
    let mut problems = std::mem::take(&mut lenient.problems);
    let Some(file) = lenient.value.take() else { return Err(problems) };
    let mut wrong = Problems::default();
    let mut checks = Checks { source, problems: &mut wrong };
    let slot = checks.slot(file.slot.as_ref(), overrides);
    let outbox = slot.as_ref().map(|slot| checks.outbox(file.outbox.as_ref(), slot));
    let secret = checks.secret(file.secret_file.as_ref(), outbox.as_deref());
    match (slot.zip(secret), Topics::new(file.base_topic.as_str())) {
        (Some((slot, secret)), Ok(topics)) if wrong.is_empty() => {
            let mut devices: Vec<_> = file.devices.iter().collect();
            devices.sort_by_key(|(name, _)| (name.at().line, name.at().column));
            let board = |(name, device): (&Located<String>, &Device)| {
                format!("{} ({})", name.as_str(), device.driver.as_str())
            };
            Ok((slot, topics, secret, devices.into_iter().map(board).collect(), file.compat))
        }
        _ => {
            problems.extend(wrong);
            Err(problems)
        }
    }
}

/// Reads several files for one run. Where one slot is read, the overrides may name it. A page port that the overrides
/// give counts up from slot to slot, and so do equal ones in the files.
///
/// # Errors
/// Every mistake in all of them; a slot or an outbox that two files claim is one.
pub fn read_slots(
    sources: Vec<Source>,
    overrides: &Overrides,
) -> Result<Vec<SlotConfig>, Problems> {
    let mut problems = Problems::default();
    let several = sources.len() > 1;
    if several && overrides.slot.is_some() {
        let message = "it names one slot, and there are several files here; unset it";
        problems.push(Problem::with_file("SLOT_ID", message));
    }
    let one = Overrides { slot: overrides.slot.clone().filter(|_| !several), ..overrides.clone() };
    let mut slots: Vec<SlotConfig> = Vec::new();
    for source in sources {
        let Some(mut slot) = problems.keep(read_slot(source, &one)) else { continue };
        if let Some(other) = slots.iter().find(|other| other.slot == slot.slot) {
            let (name, file) = (&slot.slot, other.source.name());
            let message = format!("{file} is slot {name} already; each slot has one file");
            problems.push(slot.source.problem_at(&KeyPath::from(["slot"]), message));
        } else if let Some(other) = slots.iter().find(|other| other.outbox == slot.outbox) {
            let message = format!("slot {} keeps its events there already", other.slot);
            problems.push(slot.source.problem_at(&KeyPath::from(["outbox"]), message));
        } else if let Some(other) = slots.iter().find(|other| other.secret == slot.secret) {
            let message = format!("slot {} has its secret there already", other.slot);
            problems.push(slot.source.problem_at(&KeyPath::from(["secret_file"]), message));
        }
        while slots.iter().any(|other| other.page_port == slot.page_port) {
            slot.page_port = slot.page_port.checked_add(1).unwrap_or(1024);
        }
        slots.push(slot);
    }
    problems.or(slots)
}

impl Checks<'_> {
    fn slot(&mut self, slot: Option<&Located<String>>, overrides: &Overrides) -> Option<SlotId> {
        if let Some(slot) = &overrides.slot {
            return Some(slot.clone());
        }
        let Some(slot) = slot else {
            self.missing(&KeyPath::root(), "slot", "SLOT_ID");
            return None;
        };
        match SlotId::new(slot.as_str()) {
            Ok(id) => Some(id),
            Err(error) => {
                self.push(slot, error.to_string());
                None
            }
        }
    }

    fn core(&mut self, file: &SlotFile, overrides: &Overrides) -> Option<CoreAddress> {
        let core = &file.core;
        let port = overrides.core_port.unwrap_or_else(|| self.port(&core.port));
        let tls = overrides.core_tls.unwrap_or(core.tls);
        if let Some(host) = &overrides.core_host {
            return Some(CoreAddress { host: host.clone(), port, tls });
        }
        let Some(host) = &core.host else {
            let (path, key) = match core.is_written() {
                true => (KeyPath::from(["core"]), "host"),
                false => (KeyPath::root(), "core"),
            };
            let empty = matches!(read_at(self.source, &path), Ok(None::<Anything>));
            if file.discovery && !empty && place::of_field(self.source, &path, key).is_none() {
                return Some(CoreAddress { host: String::new(), port, tls });
            }
            if core.is_written() {
                self.missing(&KeyPath::from(["core"]), "host", "CORE_HOST");
            } else {
                self.missing(&KeyPath::root(), "core", "CORE_HOST");
            }
            return None;
        };
        if host.trim().is_empty() {
            self.push(host, "wanted a host name or an address");
        }
        Some(CoreAddress { host: host.trim().to_owned(), port, tls })
    }

    /// The database of the events that wait: the one that is written, or one of the slot's name.
    fn outbox(&mut self, written: Option<&Located<PathBuf>>, slot: &SlotId) -> PathBuf {
        let Some(written) = written else {
            return PathBuf::from(format!("./data/{slot}.outbox.db"));
        };
        if written.to_str().is_some_and(|name| name.trim().is_empty()) {
            self.push(written, "wanted a file, such as ./data/slot-01.outbox.db");
        }
        written.to_path_buf()
    }

    /// The file with the slot's secret: the one that is written, or the one beside the outbox.
    fn secret(
        &mut self,
        written: Option<&Located<PathBuf>>,
        outbox: Option<&Path>,
    ) -> Option<SecretFile> {
        let Some(written) = written else { return outbox.map(SecretFile::beside) };
        if written.to_str().is_some_and(|name| name.trim().is_empty()) {
            self.push(written, "wanted a file, such as ./data/slot-01.secret");
        }
        Some(SecretFile::new(written.to_path_buf()))
    }

    fn port(&mut self, port: &Located<u16>) -> u16 {
        if **port == 0 {
            self.push(port, "wanted a port from 1 to 65535, found 0");
        }
        **port
    }

    fn devices(
        &mut self,
        devices: &BTreeMap<Located<String>, Device>,
        choice: &Choice,
    ) -> Vec<Named> {
        let mut devices: Vec<_> = devices.iter().collect();
        devices.sort_by_key(|(name, _)| (name.at().line, name.at().column));
        devices.into_iter().filter_map(|(name, device)| self.device(name, device, choice)).collect()
    }

    fn device(&mut self, at: &Located<String>, device: &Device, choice: &Choice) -> Option<Named> {
        let name = DeviceName::new(at.as_str());
        if let Err(error) = &name {
            self.push(at, error.to_string());
        }
        let config_path = KeyPath::from(["devices", at.as_str(), "config"]);
        let known = choice.catalog.find(&device.driver);
        let source = self.source;
        let traits = |channel| {
            known.map_or(InputTraits::CONTACT, |entry| (entry.input)(source, &config_path, channel))
        };
        let (inputs, input_channels) = inputs(self, &device.inputs, traits);
        let (outputs, output_channels) = outputs(self, &device.outputs);
        let entry = self.driver(&device.driver, choice)?;
        let says_inputs = device.inputs.is_some();
        let Ok(name) = name else {
            self.problems.keep((entry.check)(self.source, &config_path));
            return None;
        };
        let faults = Vec::new();
        let touches = BTreeMap::new();
        let device = DeviceConfig { name, entry, config_path, inputs, outputs, touches, faults };
        let at = at.clone();
        Some(Named { at, device, input_channels, output_channels, says_inputs })
    }

    fn driver(
        &mut self,
        driver: &Located<String>,
        choice: &Choice,
    ) -> Option<&'static DriverEntry> {
        let entry = choice.catalog.find(driver);
        if entry.is_none() && driver.is_written() && !choice.incomplete {
            let message = format!("no driver called {:?}", driver.as_str());
            let kinds = choice.catalog.iter().map(|known| known.entry.kind);
            self.problems.push(self.source.problem_at(driver, message).known(driver, kinds));
        }
        entry
    }
}

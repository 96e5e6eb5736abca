//! D3 to D7: what a driver says about itself.

use super::lab::{Lab, said};
use crate::sim::Poke;
use crate::{Channel, Channels, DeviceError, Driver, Port, Resource, Set, drivers};
use eg_config::{Source, read};
use serde_json::Value;

/// A key that no driver has.
const UNKNOWN: &str = "a-key-that-no-driver-has";

fn config<D: Driver>(lab: &Lab<D>) -> Result<Value, String> {
    read(&Source::text("config", lab.config.as_str())).map_err(said("reading the config"))
}

/// D3.
pub(super) fn unknown_keys<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    let mut config = config(lab)?;
    let Some(keys) = config.as_object_mut() else { return Ok(()) };
    keys.insert(UNKNOWN.to_owned(), Value::from(1));
    match read::<D::Config>(&Source::kept_json("config", &config)) {
        Ok(_) => Err(format!("its config took the key \"{UNKNOWN}\"")),
        Err(_) => Ok(()),
    }
}

/// D4.
pub(super) fn schema<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    let schema = schemars::schema_for!(D::Config);
    let none = serde_json::Map::new();
    let described = schema.get("properties").and_then(Value::as_object).unwrap_or(&none);
    let config = config(lab)?;
    let keys = config.as_object().into_iter().flat_map(|keys| keys.keys());
    if let Some(missing) = keys.into_iter().find(|key| !described.contains_key(*key)) {
        return Err(format!("its schema does not know the key \"{missing}\""));
    }
    let bare = |(_, of): &(&String, &Value)| of.get("description").is_none();
    match described.iter().find(bare) {
        Some((key, _)) => Err(format!("its schema says nothing about the key \"{key}\"")),
        None => Ok(()),
    }
}

/// D5.
pub(super) fn registered<D: Driver>(_: &Lab<D>) -> Result<(), String> {
    let kind = D::KIND;
    let proper = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !kind.starts_with(|c: char| c.is_ascii_lowercase()) || !kind.chars().all(proper) {
        return Err(format!("{kind:?} is no proper name"));
    }
    match drivers().iter().filter(|driver| driver.kind == kind).count() {
        0 => Err(format!("no driver called {kind:?} is registered")),
        1 => Ok(()),
        times => Err(format!("{times} drivers called {kind:?} are registered")),
    }
}

/// D25.
pub(super) fn attachments<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    let has = |wanted: &dyn Fn(&Port) -> bool| D::ATTACHMENTS.iter().any(|it| wanted(&it.port));
    if D::ATTACHMENTS.is_empty() {
        return Ok(());
    }
    let place = lab.place();
    let _subject = lab.open_on(&place).map_err(said("open"))?;
    let held: Vec<Resource> = place.claims.held().into_iter().map(|(what, _)| what).collect();
    // A bus switch on the way to the chip is the bus's, and no chip of the driver.
    let on_the_way: Vec<Resource> = held.iter().flat_map(switches).collect();
    for what in held {
        let found = match &what {
            Resource::Line(_) => true,
            Resource::Address(..) if on_the_way.contains(&what) => true,
            Resource::Address(_, address) => {
                has(&|port| matches!(port, Port::I2c(all) if all.contains(address)))
            }
            Resource::Spi(_) => has(&|port| *port == Port::Spi),
            Resource::Port(_) => has(&|port| matches!(port, Port::Serial | Port::Keyboard)),
        };
        if !found {
            return Err(format!("it holds {what}, and its ATTACHMENTS do not have that"));
        }
    }
    Ok(())
}

/// Returns the bus switches before an address.
fn switches(what: &Resource) -> Vec<Resource> {
    let hops = match what {
        Resource::Address(bus, _) => bus.route().map(|(_, hops)| hops).unwrap_or_default(),
        Resource::Line(_) | Resource::Spi(_) | Resource::Port(_) => Vec::new(),
    };
    hops.into_iter().map(|hop| Resource::Address(hop.bus, hop.address)).collect()
}

/// One poke of each kind.
pub(super) fn pokes() -> [Poke; 6] {
    [
        Poke::Level(true),
        Poke::Turn(1),
        Poke::Value(0.5),
        Poke::Tag("04A37C91".to_owned()),
        Poke::TagAway,
        Poke::Line("1234".to_owned()),
    ]
}

/// D6.
pub(super) fn model<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    let subject = lab.started()?;
    let Channels { inputs, .. } = subject.channels();
    let counted = if inputs == Channel::MAX { 0 } else { inputs };
    match (0..counted).find(|channel| !pokes().iter().any(|poke| subject.takes(*channel, poke))) {
        Some(dead) => Err(format!("nothing can be done to input {dead} of its model")),
        None => Ok(()),
    }
}

/// D7.
pub(super) fn channels<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    let mut subject = lab.started()?;
    let Channels { inputs, outputs } = subject.channels();
    if inputs == Channel::MAX || outputs == Channel::MAX {
        return Err("it does not say how many channels it has".to_owned());
    }
    if let Some(poke) = pokes().iter().find(|poke| subject.takes(inputs, poke)) {
        return Err(format!(
            "it says {inputs} inputs, its model takes {poke:?} on channel {inputs}"
        ));
    }
    for poke in (0..inputs).flat_map(|channel| pokes().map(|poke| (channel, poke))) {
        subject.takes(poke.0, &poke.1);
        for sample in subject.passes()? {
            if sample.channel >= inputs {
                return Err(format!("it says {inputs} inputs and reported {sample:?}"));
            }
        }
    }
    if let Some(dead) =
        (0..outputs).find(|output| !sets().iter().any(|set| does(&mut subject, *output, set)))
    {
        return Err(format!("it says {outputs} outputs and refused everything on {dead}"));
    }
    // A driver that takes any number breaks D21, not this.
    let takes_any = sets().iter().any(|set| does(&mut subject, Channel::MAX, set));
    match sets().iter().find(|set| !takes_any && does(&mut subject, outputs, set)) {
        Some(set) => {
            Err(format!("it says {outputs} outputs and took {set:?} on channel {outputs}"))
        }
        None => Ok(()),
    }
}

/// One sensible value of each kind.
pub(super) fn sets() -> [Set; 6] {
    let text = Set::Text("12".to_owned());
    [Set::On, Set::Off, Set::Level(0.5), Set::Rgb([255, 0, 0]), text, Set::Pulse(20)]
}

fn does<D: Driver>(subject: &mut super::lab::Subject<D>, channel: Channel, set: &Set) -> bool {
    // An output that failed otherwise exists: that it fails is for others to say.
    !matches!(subject.write(channel, set.clone()), Err(DeviceError::Unsupported { .. }))
}

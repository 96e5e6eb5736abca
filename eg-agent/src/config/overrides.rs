//! Settings of the environment and the command line, which win over the file.

use super::slot::Hal;
use crate::library::Libraries;
use eg_config::{Problem, Problems};
use eg_proto::SlotId;
use std::collections::BTreeMap;

/// Settings that the command line or the environment gives, which win over the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Host of the core's broker: `CORE_HOST`.
    pub core_host: Option<String>,
    /// TCP port of the core's broker: `MQTT_PORT`.
    pub core_port: Option<u16>,
    /// Speak to the core under TLS alone: `CORE_TLS`.
    pub core_tls: Option<bool>,
    /// The slot's id: `SLOT_ID`. Only where a single file is read.
    pub slot: Option<SlotId>,
    /// Backend that the devices are opened on.
    pub hal: Option<Hal>,
    /// The slot page's port; the slots of further files get the following ones.
    pub page_port: Option<u16>,
    /// Sources of driver libraries, and those that every slot has.
    pub libraries: Libraries,
}

impl Overrides {
    /// Reads `CORE_HOST`, `CORE_TLS`, `SLOT_ID` and `MQTT_PORT` out of a process's environment. Empty values count as not set.
    ///
    /// # Errors
    /// One problem for each variable that has no sensible value.
    pub fn of_environment(environment: &BTreeMap<String, String>) -> Result<Self, Problems> {
        let said = |name| environment.get(name).map(|value| value.trim()).filter(|v| !v.is_empty());
        let mut problems = Problems::default();
        let mut overrides =
            Self { core_host: said("CORE_HOST").map(str::to_owned), ..Self::default() };
        if let Some(port) = said("MQTT_PORT") {
            match port.parse() {
                Ok(port) if port > 0 => overrides.core_port = Some(port),
                Ok(_) | Err(_) => problems.push(Problem::with_file(
                    "MQTT_PORT",
                    format!("wanted a port from 1 to 65535 in the environment, found {port:?}"),
                )),
            }
        }
        match said("CORE_TLS").map(str::to_ascii_lowercase).as_deref() {
            None => {}
            Some("true" | "1") => overrides.core_tls = Some(true),
            Some("false" | "0") => overrides.core_tls = Some(false),
            Some(other) => problems.push(Problem::with_file(
                "CORE_TLS",
                format!("wanted true or false in the environment, found {other:?}"),
            )),
        }
        if let Some(slot) = said("SLOT_ID") {
            match SlotId::new(slot) {
                Ok(slot) => overrides.slot = Some(slot),
                Err(error) => problems.push(Problem::with_file("SLOT_ID", error.to_string())),
            }
        }
        problems.or(overrides)
    }
}

#[cfg(test)]
mod tests {
    use super::Overrides;
    use std::collections::BTreeMap;

    fn environment(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn reads_the_three_variables_of_existing_installations() {
        let said = [("CORE_HOST", "core.local"), ("SLOT_ID", "slot-07"), ("MQTT_PORT", "2883")];

        let overrides = Overrides::of_environment(&environment(&said)).unwrap();

        assert_eq!(overrides.core_host.as_deref(), Some("core.local"));
        assert_eq!(overrides.slot.unwrap().as_str(), "slot-07");
        assert_eq!(overrides.core_port, Some(2883));
    }

    #[test]
    fn an_empty_variable_says_nothing() {
        let overrides = Overrides::of_environment(&environment(&[("CORE_HOST", " ")])).unwrap();

        assert_eq!(overrides, Overrides::default());
    }

    #[test]
    fn tells_every_wrong_variable_by_name() {
        let said = [("SLOT_ID", "Slot 1"), ("MQTT_PORT", "mqtt"), ("CORE_TLS", "perhaps")];

        let problems = Overrides::of_environment(&environment(&said)).unwrap_err();

        let heads: Vec<_> = problems.iter().map(|problem| problem.head()).collect();
        assert_eq!(
            heads,
            [
                r#"CORE_TLS: wanted true or false in the environment, found "perhaps""#,
                r#"MQTT_PORT: wanted a port from 1 to 65535 in the environment, found "mqtt""#,
                r#"SLOT_ID: "Slot 1" is not a name: 1 to 32 of a-z, 0-9 and - are wanted"#,
            ]
        );
    }
}

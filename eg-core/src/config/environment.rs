//! Environment variables that override `core.yaml`.

use eg_config::{Problem, Problems};
use eg_game::ballot::Expected;
use eg_proto::SlotId;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// Password that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Returns the password itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Password(…)")
    }
}

/// Settings from environment variables, which override the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Host of a broker that runs elsewhere (`MQTT_HOST`).
    pub mqtt_host: Option<String>,
    /// Port of that broker, or of the built-in one without `MQTT_HOST` (`MQTT_PORT`).
    pub mqtt_port: Option<u16>,
    /// File with the core's password at that broker; the user is the core's id, unless the file names another
    /// (`MQTT_PASSWORD_FILE`).
    pub mqtt_password_file: Option<PathBuf>,
    /// Id of the core (`CORE_DEVICE_ID`).
    pub device_id: Option<String>,
    /// Path of the journal's file (`DB_PATH`).
    pub db: Option<PathBuf>,
    /// Votes that a night expects: a number from 1, or `auto` (`NIGHT_EXPECTED_VOTES`).
    pub expected_votes: Option<Expected>,
    /// Password of the operator (`EG_OPERATOR_PASSWORD`).
    pub operator_password: Option<Password>,
}

impl Environment {
    /// Reads the variables of a process's environment. Empty values count as not set.
    ///
    /// # Errors
    /// Returns one problem for each variable that has no valid value.
    pub fn of(variables: &BTreeMap<String, String>) -> Result<Self, Problems> {
        let said = |name| variables.get(name).map(|value| value.trim()).filter(|v| !v.is_empty());
        let mut problems = Problems::default();
        let mut environment = Self {
            mqtt_host: said("MQTT_HOST").map(str::to_owned),
            mqtt_password_file: said("MQTT_PASSWORD_FILE").map(PathBuf::from),
            db: said("DB_PATH").map(PathBuf::from),
            operator_password: said("EG_OPERATOR_PASSWORD").map(|word| Password(word.to_owned())),
            ..Self::default()
        };
        if let Some(port) = said("MQTT_PORT") {
            match port.parse() {
                Ok(port) if port > 0 => environment.mqtt_port = Some(port),
                Ok(_) | Err(_) => problems.push(wrong(
                    "MQTT_PORT",
                    format!("wanted a port from 1 to 65535, found {port:?}"),
                )),
            }
        }
        if let Some(id) = said("CORE_DEVICE_ID") {
            match SlotId::new(id) {
                Ok(_) => environment.device_id = Some(id.to_owned()),
                Err(error) => problems.push(wrong("CORE_DEVICE_ID", error.to_string())),
            }
        }
        if let Some(votes) = said("NIGHT_EXPECTED_VOTES") {
            match expected(votes) {
                Some(expected) => environment.expected_votes = Some(expected),
                None => problems.push(wrong(
                    "NIGHT_EXPECTED_VOTES",
                    format!("wanted auto or a number from 1, found {votes:?}"),
                )),
            }
        }
        problems.or(environment)
    }
}

fn expected(word: &str) -> Option<Expected> {
    match word {
        "auto" => Some(Expected::Auto),
        number => number.parse().ok().map(Expected::Votes),
    }
}

fn wrong(variable: &str, what: String) -> Problem {
    Problem::with_file(format!("environment variable {variable}"), what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Result<Environment, Problems> {
        let owned = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Environment::of(&owned.collect())
    }

    #[test]
    fn an_empty_variable_says_nothing() {
        assert_eq!(of(&[("MQTT_HOST", ""), ("MQTT_PORT", " ")]).unwrap(), Environment::default());
    }

    #[test]
    fn tells_every_wrong_variable_by_name() {
        let problems = of(&[("MQTT_PORT", "mqtt"), ("NIGHT_EXPECTED_VOTES", "0")]).unwrap_err();

        let heads: Vec<_> = problems.iter().map(|problem| problem.head()).collect();
        assert_eq!(
            heads,
            [
                r#"environment variable MQTT_PORT: wanted a port from 1 to 65535, found "mqtt""#,
                r#"environment variable NIGHT_EXPECTED_VOTES: wanted auto or a number from 1, found "0""#,
            ]
        );
    }

    #[test]
    fn never_prints_the_password() {
        let environment = of(&[("EG_OPERATOR_PASSWORD", "s3cret")]).unwrap();

        assert!(!format!("{environment:?}").contains("s3cret"));
    }
}

//! Checks of `core.yaml` and the environment, which make the settings of a core.

use super::environment::Environment;
use super::file::{CoreFile, EmbeddedWord, ExternalFile, RoomsFile};
use super::keep::Keep;
use super::rooms::rooms;
use super::sessions::NewSessions;
use super::settings::{BrokerConfig, CoreConfig, Ports, Retention, RoomConfig};
use super::tls::{authority, tls_files};
use crate::games::NIGHT;
use crate::journal::beside;
use eg_config::{Anything, KeyPath, Located, Problem, Problems, Source, read_at, read_lenient};
use eg_game::games;
use eg_mqtt::Credentials;
use eg_proto::{RoomId, SlotId, Topics};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;

pub(super) fn check(source: &Source, environment: &Environment) -> Result<CoreConfig, Problems> {
    let (file, mut problems) = read_lenient::<CoreFile>(source);
    let Some(file) = file else { return Err(problems) };
    let mut checked = |place: &Located<String>, found: Result<(), String>| {
        if let Some(problem) = found.err().filter(|_| place.is_written()) {
            problems.push(source.problem_at(place, problem));
        }
    };
    let topics = Topics::new(file.base_topic.as_str());
    checked(&file.base_topic, topics.as_ref().map(drop).map_err(ToString::to_string));
    let id = SlotId::new(file.device_id.as_str()).map(drop);
    checked(&file.device_id, id.map_err(|error| error.to_string()));
    let listen = file.listen.parse::<IpAddr>();
    let not_an_address = |_: &_| {
        let found = file.listen.as_str();
        format!(
            "{found:?} is no address; 127.0.0.1 is this machine alone, 0.0.0.0 the whole network"
        )
    };
    checked(&file.listen, listen.as_ref().map(drop).map_err(not_an_address));
    file.origins.iter().for_each(|origin| checked(origin, is_origin(origin)));

    let proxy = |said: &Located<String>| said.parse::<IpAddr>();
    let no_proxy =
        |said: &str| format!("{said:?} is no address; wanted a proxy's own, such as 10.0.0.2");
    for said in &file.proxies {
        checked(said, proxy(said).map(drop).map_err(|_| no_proxy(said)));
    }

    let no_file = || "wanted the journal's file, such as ./data/eg.db".to_owned();
    checked(
        &file.db.clone().map(|db| db.display().to_string()),
        named(&file.db).ok_or_else(no_file),
    );

    let tls = file.tls.and_then(|files| problems.keep(tls_files(source, &files)));
    let broker = broker(source, file.broker.as_ref(), &mut problems);
    let rooms = rooms(source, file.rooms, &mut problems);
    let compat_room = compat_room(source, file.compat_room, &rooms, &mut problems);
    if let Some(twins) = eg_game::twins(&games()) {
        problems.push(Problem::with_file("this core", twins.to_string()));
    }
    let (Ok(topics), Ok(listen), true) = (topics, listen, problems.is_empty()) else {
        return Err(problems);
    };
    let keep = match file.journal.keep {
        Keep::Forever => None,
        Keep::For(span) => Some(span.get()),
    };
    let archive = file.journal.archive.unwrap_or_default();
    let journal = Retention { keep, archive };
    let ports = file.ports;
    let ports =
        Ports { mqtt: ports.mqtt, websocket: ports.websocket, api: ports.api, page: ports.page };
    let config = CoreConfig {
        topics,
        device_id: file.device_id.into_inner(),
        listen,
        ports,
        db: file.db.into_inner(),
        durability: file.durability,
        journal,
        compat: file.compat,
        compat_room,
        discovery: file.discovery,
        hosts: file.hosts.iter().map(|name| name.to_ascii_lowercase()).collect(),
        origins: file.origins.iter().map(|origin| origin.to_ascii_lowercase()).collect(),
        tls,
        proxies: file
            .proxies
            .iter()
            .filter_map(|said| proxy(said).ok())
            .map(|it| it.to_canonical())
            .collect(),
        broker,
        rooms,
        sessions: NewSessions::default(),
        operator_password: None,
    };
    let mut config = overlay(config, environment);
    if let Some(file) = &environment.mqtt_password_file
        && let BrokerConfig::External { credentials, .. } = &mut config.broker
    {
        let password = read_password(file)
            .map_err(|what| Problem::with_file("environment variable MQTT_PASSWORD_FILE", what))?;
        let user = credentials.take().map_or_else(|| config.device_id.clone(), |known| known.user);
        *credentials = Some(Credentials { user, password });
    }
    Ok(config)
}

/// Reads a password from a file, without the white space around it.
fn read_password(file: &Path) -> Result<String, String> {
    let read = std::fs::read_to_string(file);
    let read = read.map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    match read.trim() {
        "" => Err(format!("{} is empty; it should hold a password", file.display())),
        password => Ok(password.to_owned()),
    }
}

/// Checks that a browser could send this as its page's origin (RFC 6454, section 6.2); `*` stands for all.
fn is_origin(said: &str) -> Result<(), String> {
    let good =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
    let whole = said.split_once("://").is_some_and(|(scheme, host)| {
        matches!(scheme, "http" | "https") && !host.is_empty() && host.chars().all(good)
    });
    if said == "*" || whole {
        return Ok(());
    }
    Err(format!(
        "{said:?} is no origin; http:// or https://, a host and perhaps a port are wanted, without a path, such as \
         http://192.168.1.30:5173; * lets all pages in"
    ))
}

/// Returns the settings of a core with these rooms and everything else as without a file.
#[cfg(feature = "demo")]
pub(super) fn of_rooms(
    source: &Source,
    said: RoomsFile,
    problems: &mut Problems,
) -> Option<CoreConfig> {
    let rooms = rooms(source, said, problems);
    let plain = problems.keep(CoreConfig::without_file(&Environment::default()))?;
    let compat_room = default_compat_room(&rooms);
    Some(CoreConfig { rooms, compat_room, ..plain })
}

/// Returns the room of the topics of older installations, as named or by default.
fn compat_room(
    source: &Source,
    said: Option<Located<RoomId>>,
    rooms: &BTreeMap<RoomId, RoomConfig>,
    problems: &mut Problems,
) -> Option<RoomId> {
    let Some(said) = said else { return default_compat_room(rooms) };
    if !rooms.contains_key(&*said) {
        let what = format!("no room called {:?}", said.as_str());
        let known = rooms.keys().map(RoomId::as_str);
        problems.push(source.problem_at(&said, what).known(said.as_str(), known));
    }
    Some(said.into_inner())
}

/// Returns the only room or, of several, the first that plays the night vote.
fn default_compat_room(rooms: &BTreeMap<RoomId, RoomConfig>) -> Option<RoomId> {
    let night = rooms.iter().find(|(_, room)| room.game == NIGHT);
    let only = rooms.iter().next().filter(|_| rooms.len() == 1);
    only.or(night).map(|(name, _)| name.clone())
}

fn overlay(mut config: CoreConfig, environment: &Environment) -> CoreConfig {
    let said = environment.clone();
    if let Some(host) = said.mqtt_host {
        let (kept, credentials, authority, mosquitto) = match config.broker {
            BrokerConfig::External { port, credentials, authority, mosquitto, .. } => {
                (port, credentials, authority, mosquitto)
            }
            BrokerConfig::Embedded => (Ports::default().mqtt, None, None, None),
        };
        let port = said.mqtt_port.unwrap_or(kept);
        config.broker = BrokerConfig::External { host, port, credentials, authority, mosquitto };
    } else if let Some(said) = said.mqtt_port {
        match &mut config.broker {
            BrokerConfig::External { port, .. } => *port = said,
            BrokerConfig::Embedded => config.ports.mqtt = said,
        }
    }
    config.device_id = said.device_id.unwrap_or(config.device_id);
    config.db = said.db.unwrap_or(config.db);
    if config.journal.archive.as_os_str().is_empty() {
        config.journal.archive = beside(&config.db);
    }
    config.operator_password = said.operator_password;
    if let Some(expected) = said.expected_votes {
        let nights = config.rooms.values_mut().filter(|room| room.game == NIGHT);
        for settings in nights.filter_map(|room| room.config.as_object_mut()) {
            settings.insert("expected".to_owned(), serde_json::json!(expected));
        }
    }
    config
}

fn broker(source: &Source, said: Option<&Anything>, problems: &mut Problems) -> BrokerConfig {
    let path = KeyPath::from(["broker"]);
    if said.is_none() || matches!(read_at(source, &path), Ok(EmbeddedWord::Embedded)) {
        return BrokerConfig::Embedded;
    }
    match read_at::<ExternalFile>(source, &path) {
        Ok(ExternalFile { host, port, username, password, password_file, ca, mosquitto }) => {
            let mut password = password;
            if let Some(file) = password_file.as_deref() {
                match read_password(file) {
                    Ok(_) if password.is_some() => {
                        let what = "a password stands beside it already; one of the two is enough";
                        problems.push(source.problem_at(&password_file, what));
                    }
                    Ok(read) => password = Some(read),
                    Err(what) => problems.push(source.problem_at(&password_file, what)),
                }
            }
            if username.is_none() && password.is_some() {
                let where_ = path.key("password");
                problems.push(source.problem_at(&where_, "a password needs a username beside it"));
            }
            let name = host.as_deref().unwrap_or_default().trim().to_owned();
            if name.is_empty() {
                problems.push(source.problem_at(&host, "wanted a host name or an address"));
            }
            if *port == 0 {
                problems.push(source.problem_at(&port, "wanted a port from 1 to 65535, found 0"));
            }
            let password = password.unwrap_or_default();
            let credentials = username.map(|user| Credentials { user, password });
            let authority = ca.and_then(|file| problems.keep(authority(source, &file)));
            let mosquitto = mosquitto.map(|mosquitto| mosquitto.files);
            BrokerConfig::External { host: name, port: *port, credentials, authority, mosquitto }
        }
        Err(wrong) => {
            let word = read_at::<String>(source, &path).ok();
            match word {
                Some(word) => problems.push(
                    source
                        .problem_at(&path, format!("no broker called {word:?}"))
                        .known(&word, ["embedded", "{host, port, username, password, ca}"]),
                ),
                None => problems.extend(wrong),
            }
            BrokerConfig::Embedded
        }
    }
}

/// Returns `Some` if a file's name is not blank.
fn named(file: &Path) -> Option<()> {
    let blank = file.to_str().is_some_and(|name| name.trim().is_empty());
    (!blank).then_some(())
}

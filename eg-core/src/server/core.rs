//! Core from start to stop: broker, engine and link, in this order, and back.

use super::engine_thread;
use super::engine_thread::EngineThread;
use super::identity::{IdentityParts, IdentityTask};
use super::retention::RetentionTask;
use super::spare_account::SpareAccount;
use crate::access::mosquitto::MosquittoFiles;
use crate::access::{Access, AccessError, AccessOptions, control};
use crate::broker;
use crate::broker::websocket::{WebSocket, WebSocketOptions};
use crate::broker::{
    Address, Broker, ClientTrouble, Embedded, EmbeddedOptions, External, Limits, Remember, Takeover,
};
use crate::clock::Clock;
use crate::config::{BrokerConfig, CoreConfig};
use crate::engine::Engine;
use crate::engine::handle::Handle;
use crate::journal::{Journal, JournalError, Reader};
use crate::mqtt;
use crate::mqtt::{Link, LinkError, LinkOptions, Outbound, Way};
use crate::tls::{PortTls, Renewed, RoomError, ServerTls, TlsFileError, TlsFiles};
use eg_mqtt::{Options, Trust};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// Time within which the built-in broker answers, or something is wrong; another broker is not waited for.
const BROKER_TIMEOUT: Duration = Duration::from_secs(5);
/// Number of takeovers, and of troubles with clients, that may wait to be reported; further ones tell nothing new.
const TAKEOVERS: usize = 64;

/// Reason why a core did not start. Parts that had started by then have been stopped.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Journal cannot be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Broker, or its WebSocket listener, did not start.
    #[error(transparent)]
    Broker(#[from] broker::BrokerError),
    /// Identities of the slots cannot be used.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Connection to the broker cannot even be tried.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// Certificate, key or authority cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsFileError),
    /// Certificate has to be renewed and cannot be.
    #[error(transparent)]
    Certificate(#[from] RoomError),
    /// Operating system gives no thread.
    #[error("cannot start a thread: {0}")]
    Thread(io::Error),
}

/// Running core without pages. Dropping it stops it, in order, and waits.
pub struct Core {
    handle: Handle,
    journal: Reader,
    mqtt: Address,
    clock: Arc<dyn Clock>,
    access: Arc<Access>,
    tls: Option<ServerTls>,
    _spare: Option<SpareAccount>,
    // Dropped in this order: nothing comes in any more, what came is stored, then the broker lets its clients go.
    _identities: IdentityTask,
    _retention: Option<RetentionTask>,
    websocket: Option<WebSocket>,
    _link: Link,
    _engine: EngineThread,
    _broker: Box<dyn Broker>,
}

impl Core {
    /// Opens the journal, starts the broker, and connects to it. The caller starts API and page if wanted, with
    /// [`handle`](Self::handle) and [`journal`](Self::journal).
    ///
    /// # Errors
    /// [`StartError`], naming the file or the port that is in the way.
    pub fn start(config: &CoreConfig, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        if !config.listen.is_loopback() && config.compat {
            let listen = config.listen;
            tracing::warn!(%listen, "compat lets everybody on the network act by the topics of older installations");
        }
        let options = AccessOptions {
            topics: config.topics.clone(),
            core: config.device_id.clone(),
            compat: config.compat,
        };
        let account = beside(&config.db, "account.db");
        let tls = config.tls.as_ref().map(|files| open_tls(files, &*clock)).transpose()?;
        let (access, spare) = open_access(&account, options, &clock)?;
        let access = Arc::new(access.under(tls.as_ref().and_then(ServerTls::fingerprint)));
        let journal = Journal::open_or_read(&config.db, config.durability)?;
        let reader = journal.reader().with_archive(&config.journal.archive);
        let (mut engine, handle, requests) = Engine::open(config, journal, Arc::clone(&clock))
            .map_err(|error| error.at(&config.db))?;
        let hello = mqtt::hello(&config.device_id);
        engine.goes_by(hello.boot)?;
        let labels = access.adopted().into_iter().map(|(slot, adopted)| (slot, adopted.label));
        engine.label_slots(labels.filter(|(_, label)| !label.is_empty()));

        let (told, takeovers) = mpsc::channel(TAKEOVERS);
        let (complain, troubles) = mpsc::channel(TAKEOVERS);
        let mut broker = broker_of(config, &access, tls.as_ref(), &clock, (told, complain));
        let mqtt = broker.start()?;
        let websocket = match config.broker {
            BrokerConfig::Embedded => {
                let options = websocket_options(config, tls.as_ref(), mqtt.clone());
                Some(WebSocket::start(options)?)
            }
            BrokerConfig::External { .. } => None,
        };

        let outbound = Arc::new(Outbound::default());
        let (thread, bus) = engine_thread::spawn(engine, requests, Arc::clone(&outbound))
            .map_err(StartError::Thread)?;
        let options = LinkOptions {
            way: way(config, &*broker, &mqtt),
            topics: config.topics.clone(),
            compat: config.compat,
            hello,
            clock: Arc::clone(&clock),
            takeovers,
            troubles,
            access: Arc::clone(&access),
        };
        let link = mqtt::start(options, Arc::clone(&outbound), bus)?;
        if config.broker == BrokerConfig::Embedded && !outbound.wait_connected(BROKER_TIMEOUT) {
            tracing::warn!("the core does not reach its own broker yet");
        }
        let (seen, asked, time) = (reader.clone(), handle.clone(), Arc::clone(&clock));
        let retention = RetentionTask::start(&config.journal, &config.db, seen, asked, time)
            .map_err(StartError::Thread)?;
        let identities = IdentityTask::start(IdentityParts {
            access: Arc::clone(&access),
            handle: handle.clone(),
            outbound,
            socket: control::socket(&config.db),
            files: mosquitto_files(config),
        })
        .map_err(StartError::Thread)?;
        Ok(Self {
            _identities: identities,
            _retention: retention,
            access,
            handle,
            journal: reader,
            mqtt,
            clock,
            tls,
            _spare: spare,
            websocket,
            _link: link,
            _engine: thread,
            _broker: broker,
        })
    }

    /// Returns the handle of the engine.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Returns a reader of the journal.
    pub fn journal(&self) -> Reader {
        self.journal.clone()
    }

    /// Returns the core's clock.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// Returns the identities of the slots: who is adopted, and who waits.
    pub fn access(&self) -> Arc<Access> {
        Arc::clone(&self.access)
    }

    /// Returns the server's side of TLS; `None` if everything goes in clear.
    pub(crate) fn tls(&self) -> Option<&ServerTls> {
        self.tls.as_ref()
    }

    /// Returns the address to which slots connect, from this machine's point of view.
    pub fn mqtt(&self) -> &Address {
        &self.mqtt
    }

    /// Returns the address to which pages connect by MQTT over WebSocket; `None` if the broker runs elsewhere.
    pub fn websocket(&self) -> Option<SocketAddr> {
        self.websocket.as_ref().map(WebSocket::address)
    }
}

/// Opens the identities of the slots; on a disk that cannot be written, a copy of them.
fn open_access(
    account: &Path,
    options: AccessOptions,
    clock: &Arc<dyn Clock>,
) -> Result<(Access, Option<SpareAccount>), AccessError> {
    let refused = match Access::open(account, options.clone(), Arc::clone(clock)) {
        Ok(access) => return Ok((access, None)),
        Err(refused) => refused,
    };
    let Some(spare) = SpareAccount::of(account) else { return Err(refused) };
    let access = Access::open(spare.file(), options, Arc::clone(clock)).map_err(|_| refused)?;
    tracing::error!(account = %account.display(), "the slots' identities can be read and not written");
    Ok((access, Some(spare)))
}

/// Returns the TLS of the broker's ports. Older slots and pages know none.
fn port_tls(config: &CoreConfig, tls: Option<&ServerTls>) -> Option<PortTls> {
    tls.map(|server| PortTls { server: server.clone(), clear: config.compat })
}

/// Renews the certificate if it is due, and reads the files.
fn open_tls(files: &TlsFiles, clock: &dyn Clock) -> Result<ServerTls, StartError> {
    match files.room().map(|room| room.renew(&[], clock.now())).transpose()?.flatten() {
        None => {}
        Some(Renewed::Done) => tracing::info!("the certificate for TLS is renewed"),
        Some(Renewed::KeyMissing) => tracing::warn!(
            cert = %files.cert.display(),
            "the certificate for TLS ends within 60 days, and the authority's key is not beside it: run `eg-core cert` where it is"
        ),
    }
    Ok(ServerTls::load(files)?)
}

fn broker_of(
    config: &CoreConfig,
    access: &Arc<Access>,
    tls: Option<&ServerTls>,
    clock: &Arc<dyn Clock>,
    (takeovers, troubles): (mpsc::Sender<Takeover>, mpsc::Sender<ClientTrouble>),
) -> Box<dyn Broker> {
    let remember = Remember { file: beside(&config.db, "clients.json"), clock: Arc::clone(clock) };
    match &config.broker {
        BrokerConfig::Embedded => Box::new(Embedded::new(EmbeddedOptions {
            listen: config.listen,
            port: config.ports.mqtt,
            // Nothing of ours lives in the broker: agents and the core say again what it forgets.
            folder: None,
            limits: Limits::default(),
            // Older clients take it for granted that the broker outlives the core.
            remember: config.compat.then_some(remember),
            tls: port_tls(config, tls),
            takeovers: Some(takeovers),
            troubles: Some(troubles),
            access: Some(Arc::clone(access)),
        })),
        BrokerConfig::External { host, port, .. } => Box::new(External::new(host, *port)),
    }
}

/// Returns the path of a file beside the journal: its name, a dot and `ending`.
fn beside(db: &Path, ending: &str) -> PathBuf {
    let mut name = db.file_stem().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    db.with_file_name(name)
}

fn websocket_options(
    config: &CoreConfig,
    tls: Option<&ServerTls>,
    broker: Address,
) -> WebSocketOptions {
    let mut options = WebSocketOptions::new(config.listen, config.ports.websocket, broker);
    options.tls = port_tls(config, tls);
    options.hosts.clone_from(&config.hosts);
    options.origins.clone_from(&config.origins);
    if config.compat {
        // The pages of an older installation are served by anybody: a slot's own machine, a kiosk, a tablet.
        options.origins.push("*".to_owned());
    }
    options
}

/// Returns the files of a Mosquitto that the core keeps, if its settings name a folder.
fn mosquitto_files(config: &CoreConfig) -> Option<MosquittoFiles> {
    match &config.broker {
        BrokerConfig::External { mosquitto: Some(folder), .. } => {
            Some(MosquittoFiles::new(folder, &config.device_id, config.compat))
        }
        BrokerConfig::External { .. } | BrokerConfig::Embedded => None,
    }
}

/// Returns the way to a broker that has been started: none leads out of this process if the broker is in it.
fn way(config: &CoreConfig, broker: &dyn Broker, address: &Address) -> Way {
    if let Some(local) = broker.local() {
        return Way::Local(local, config.device_id.clone());
    }
    let mut options = Options::new(&address.host, address.port, &config.device_id);
    options.manual_acks = true;
    // What slots publish while the core restarts waits there.
    options.persistent = true;
    if let BrokerConfig::External { credentials, authority, .. } = &config.broker {
        options.tls = authority.clone().map(Trust::pinned);
        options.credentials.clone_from(credentials);
    }
    Way::Socket(Box::new(options))
}

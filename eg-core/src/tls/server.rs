//! Server's side of TLS: certificate and key from files, and connections of which each may be under TLS or in clear.

use super::room::{CA_FILE, CERT_FILE, KEY_FILE, RoomFiles};
use eg_mqtt::Authority;
use eg_page::Guest;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest as _, Sha256};
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;

/// First byte of a TLS connection: the content type `handshake` (RFC 8446, section 5.1). No MQTT packet and no HTTP
/// method that a client begins with has it.
const HANDSHAKE: u8 = 22;

/// Paths of the files that TLS needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// Certificate in PEM, those of the authorities between behind it.
    pub cert: PathBuf,
    /// Key of the certificate in PEM.
    pub key: PathBuf,
    /// Certificate of the room's authority, which slots pin and browsers may take; `None` for one that they know.
    pub ca: Option<PathBuf>,
}

impl TlsFiles {
    /// Returns the room's folder, if `eg-core cert` made these files.
    pub fn room(&self) -> Option<RoomFiles> {
        let folder = self.cert.parent()?;
        let room = RoomFiles::new(folder);
        let is_room = self.ca.as_ref() == Some(&room.file(CA_FILE))
            && self.cert == room.file(CERT_FILE)
            && self.key == room.file(KEY_FILE);
        is_room.then_some(room)
    }
}

/// Error of a file that TLS needs.
#[derive(Debug, thiserror::Error)]
pub enum TlsFileError {
    /// The file cannot be read.
    #[error("cannot read {}, which `tls` names: {source}; `eg-core cert` makes it", file.display())]
    Read {
        /// Path of the file.
        file: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("{} holds no {wanted} in PEM: {found}", file.display())]
    Content {
        /// Path of the file.
        file: PathBuf,
        /// Kind of thing that was looked for.
        wanted: &'static str,
        /// Error of the reader.
        found: String,
    },
    /// Certificate and key are not a pair.
    #[error("{} and {} cannot be used together: {found}", cert.display(), key.display())]
    Pair {
        /// Path of the certificate.
        cert: PathBuf,
        /// Path of the key.
        key: PathBuf,
        /// Error of the library.
        found: rustls::Error,
    },
}

/// Connection of a client, in clear (left) or under TLS (right).
pub(crate) type ServerStream<S = TcpStream> = Either<S, Box<TlsStream<S>>>;

/// Connection whose first bytes can be looked at and left there.
pub(crate) trait Peek: AsyncRead + AsyncWrite + Unpin + Send {
    /// Waits for the first bytes and copies them, as far as there is room. Returns their number.
    ///
    /// # Errors
    /// Error of the connection.
    fn peek_first(&mut self, bytes: &mut [u8]) -> impl Future<Output = io::Result<usize>> + Send;
}

impl Peek for TcpStream {
    async fn peek_first(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.peek(bytes).await
    }
}

impl Peek for Guest {
    async fn peek_first(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.peek(bytes).await
    }
}

/// Server's side of TLS, for all ports of a core. Cheap to clone.
#[derive(Clone)]
pub struct ServerTls {
    acceptor: TlsAcceptor,
    authority: Option<Authority>,
}

impl std::fmt::Debug for ServerTls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerTls").field("authority", &self.authority).finish_non_exhaustive()
    }
}

impl ServerTls {
    /// Reads the files. The authority's certificate is sent along, so that a slot can pin it.
    ///
    /// # Errors
    /// [`TlsFileError`], which names the file.
    pub fn load(files: &TlsFiles) -> Result<Self, TlsFileError> {
        let content = |file: &Path, wanted, found: String| TlsFileError::Content {
            file: file.into(),
            wanted,
            found,
        };
        let chain = CertificateDer::pem_slice_iter(&read(&files.cert)?)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| content(&files.cert, "certificate", error.to_string()))?;
        let key = PrivateKeyDer::from_pem_slice(&read(&files.key)?)
            .map_err(|error| content(&files.key, "key", error.to_string()))?;
        let authority = match &files.ca {
            None => None,
            Some(file) => Some(
                Authority::from_pem(&read(file)?)
                    .map_err(|error| content(file, "certificate", error.to_string()))?,
            ),
        };
        let pair =
            |found| TlsFileError::Pair { cert: files.cert.clone(), key: files.key.clone(), found };
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_no_client_auth().with_single_cert(chain, key))
            .map_err(pair)?;
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), authority })
    }

    /// Returns the room's authority, if the file names one.
    pub fn authority(&self) -> Option<&Authority> {
        self.authority.as_ref()
    }

    /// Returns the SHA-256 of the authority's certificate, of which the code of a pairing is made too.
    pub fn fingerprint(&self) -> Option<[u8; 32]> {
        self.authority.as_ref().map(|authority| Sha256::digest(authority.der()).into())
    }

    /// Runs the handshake if the client begins one; the stream comes back in clear if not. The caller limits the time.
    ///
    /// # Errors
    /// Error of the socket or of the handshake.
    pub(crate) async fn accept<S: Peek>(&self, mut stream: S) -> io::Result<ServerStream<S>> {
        let mut first = [0];
        // Waits for a byte, and leaves it there.
        if stream.peek_first(&mut first).await? == 1 && first[0] == HANDSHAKE {
            let secured = self.acceptor.accept(stream).await?;
            return Ok(Either::Right(Box::new(secured)));
        }
        Ok(Either::Left(stream))
    }
}

/// TLS of one port, and who may come to it in clear.
#[derive(Clone, Debug)]
pub struct PortTls {
    /// Certificate and key.
    pub server: ServerTls,
    /// `true` to let other machines in without TLS too, as older installations need.
    pub clear: bool,
}

impl PortTls {
    /// Runs the handshake with a client at `peer`. In clear comes this machine, on which nobody listens between, and
    /// whoever [`clear`](Self::clear) lets in.
    ///
    /// # Errors
    /// Error of the socket or of the handshake; `PermissionDenied` for who has to come under TLS.
    pub(crate) async fn accept<S: Peek>(
        &self,
        stream: S,
        peer: IpAddr,
    ) -> io::Result<ServerStream<S>> {
        let stream = self.server.accept(stream).await?;
        let is_free = self.clear || peer.to_canonical().is_loopback();
        if matches!(stream, Either::Left(_)) && !is_free {
            let why = "it came without TLS; `core: { tls: true }` in a slot's file, or `compat` in the core's for older installations";
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
        }
        Ok(stream)
    }
}

fn read(file: &Path) -> Result<Vec<u8>, TlsFileError> {
    std::fs::read(file).map_err(|source| TlsFileError::Read { file: file.into(), source })
}

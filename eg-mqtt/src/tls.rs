//! TLS towards a broker: the authority that is believed, pinned rather than looked up.
//!
//! A room has an authority of its own, whose only certificates are those of its core. A client that has pinned it goes by
//! it alone, never by the system's list.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, InvalidDnsNameError, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use thiserror::Error;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Name in every certificate of a core, beside its host's names and addresses. A core whose address has changed is still
/// recognized by it; `.internal` is never given to anybody (ICANN, 2024), so no public authority signs it.
pub const ROOM_NAME: &str = "core.eg.internal";
/// Time for the handshake.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(4);

/// Authority whose certificates are believed: the certificate that it signs with.
#[derive(Clone, PartialEq, Eq)]
pub struct Authority(CertificateDer<'static>);

impl Authority {
    /// Reads the first certificate of a PEM text (RFC 7468), such as `ca.crt`.
    ///
    /// # Errors
    /// [`TlsError::NotPem`] if there is none.
    pub fn from_pem(pem: &[u8]) -> Result<Self, TlsError> {
        let found = CertificateDer::from_pem_slice(pem);
        found.map(Self).map_err(|source| TlsError::NotPem(source.to_string()))
    }

    /// Returns the certificate as PEM text (RFC 7468).
    pub fn to_pem(&self) -> String {
        let lines = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
        pem::encode_config(&pem::Pem::new("CERTIFICATE", self.0.as_ref()), lines)
    }

    /// Returns the certificate in DER, of which fingerprints are made.
    pub fn der(&self) -> &[u8] {
        &self.0
    }

    /// Checks that this authority signed the first certificate of `chain`, for a core, and that it holds at `time`.
    ///
    /// # Errors
    /// [`TlsError::Unusable`] with what is wrong with it.
    pub fn vouches_for(
        &self,
        chain: &[CertificateDer<'_>],
        time: SystemTime,
    ) -> Result<(), TlsError> {
        let verifier = self.verifier(&Arc::new(ring::default_provider()))?;
        let (first, rest) =
            chain.split_first().ok_or(TlsError::Unusable(Error::NoCertificatesPresented))?;
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let now = UnixTime::since_unix_epoch(since);
        let verified = verifier.inner.verify_server_cert(first, rest, &verifier.room, &[], now);
        verified.map(drop).map_err(TlsError::Unusable)
    }

    fn verifier(&self, provider: &Arc<CryptoProvider>) -> Result<RoomVerifier, TlsError> {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.clone()).map_err(TlsError::Unusable)?;
        let builder =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider));
        let inner =
            builder.build().map_err(|e| TlsError::Unusable(Error::General(e.to_string())))?;
        let room = ServerName::try_from(ROOM_NAME)?;
        Ok(RoomVerifier { inner, room })
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Authority({} bytes)", self.0.len())
    }
}

/// Place for an authority: pinned, or seen in the last handshake, or none yet. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct SharedAuthority(Arc<Mutex<Option<Authority>>>);

impl SharedAuthority {
    /// Returns the authority; `None` before one was pinned or seen.
    pub fn get(&self) -> Option<Authority> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts an authority here.
    pub fn set(&self, authority: Authority) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(authority);
    }
}

impl From<Option<Authority>> for SharedAuthority {
    fn from(authority: Option<Authority>) -> Self {
        Self(Arc::new(Mutex::new(authority)))
    }
}

/// Rule by which a server is believed.
#[derive(Clone, Debug)]
pub enum Trust {
    /// Certificates of this authority, for the host's name or for [`ROOM_NAME`]. While there is none, nothing is sent
    /// ([`TlsError::NotPinned`]).
    Pinned(SharedAuthority),
    /// Any certificate with its authority beside it, which is noted here. Nothing secret may be sent: people compare a
    /// code.
    FirstUse(SharedAuthority),
}

impl Trust {
    /// Returns the authority that is pinned, or was seen in the last handshake.
    pub fn authority(&self) -> Option<Authority> {
        match self {
            Self::Pinned(authority) | Self::FirstUse(authority) => authority.get(),
        }
    }

    /// Returns the rule that goes by this authority.
    pub fn pinned(authority: Authority) -> Self {
        Self::Pinned(Some(authority).into())
    }
}

/// Error of TLS towards a broker.
#[derive(Debug, Error)]
pub enum TlsError {
    /// The text holds no certificate.
    #[error("no certificate in PEM (-----BEGIN CERTIFICATE-----) was found: {0}")]
    NotPem(String),
    /// No authority is pinned yet, so nobody can be believed.
    #[error("no authority of the core is pinned yet, so nothing secret is sent")]
    NotPinned,
    /// The authority's certificate cannot be used.
    #[error("the authority's certificate cannot be used: {0}")]
    Unusable(Error),
    /// The host's name fits into no certificate.
    #[error("`{0}` is neither a host name nor an address")]
    Host(String),
    /// The room's name is malformed.
    #[error(transparent)]
    Name(#[from] InvalidDnsNameError),
    /// The server did not finish the handshake, or is not who it should be.
    #[error("TLS to {host} failed: {source}; {help}")]
    Handshake {
        /// Host asked for.
        host: String,
        /// Error of the handshake.
        source: io::Error,
        /// Advice, for people.
        help: &'static str,
    },
}

/// Runs the handshake on a stream to `host`, by `trust` as it is now.
///
/// # Errors
/// [`TlsError::NotPinned`] without an authority, and [`TlsError::Handshake`] with advice.
pub(crate) async fn secure(
    trust: &Trust,
    host: &str,
    stream: TcpStream,
) -> Result<TlsStream<TcpStream>, TlsError> {
    let name = ServerName::try_from(host.to_owned());
    let name = name.map_err(|_| TlsError::Host(host.to_owned()))?;
    let connector = connector(trust)?;
    let done = match timeout(HANDSHAKE_LIMIT, connector.connect(name, stream)).await {
        Ok(done) => done,
        Err(_) => Err(io::ErrorKind::TimedOut.into()),
    };
    done.map_err(|source| {
        let help = advice(&source);
        TlsError::Handshake { host: host.to_owned(), source, help }
    })
}

/// Prepares a connection that goes by `trust`.
fn connector(trust: &Trust) -> Result<TlsConnector, TlsError> {
    let provider = Arc::new(ring::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match trust {
        Trust::Pinned(pinned) => {
            let authority = pinned.get().ok_or(TlsError::NotPinned)?;
            Arc::new(authority.verifier(&provider)?)
        }
        Trust::FirstUse(seen) => {
            Arc::new(FirstUseVerifier { provider: Arc::clone(&provider), seen: seen.clone() })
        }
    };
    let builder = ClientConfig::builder_with_provider(provider);
    let versions = builder.with_safe_default_protocol_versions().map_err(TlsError::Unusable)?;
    let config =
        versions.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

fn advice(error: &io::Error) -> &'static str {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    match inner {
        Some(Error::InvalidCertificate(
            CertificateError::Expired | CertificateError::ExpiredContext { .. },
        )) => "renew the core's certificate with `eg-core cert`",
        Some(Error::InvalidCertificate(_)) => {
            "its certificate is not of the authority that is pinned here: is it another core, or has the room a new authority"
        }
        _ => "does the core speak TLS on this port (`tls:` in its file)",
    }
}

/// Verifier that goes by one authority, for the host's name or the room's.
#[derive(Debug)]
struct RoomVerifier {
    inner: Arc<WebPkiServerVerifier>,
    room: ServerName<'static>,
}

impl ServerCertVerifier for RoomVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verify = |name: &ServerName<'_>, now| {
            self.inner.verify_server_cert(end_entity, intermediates, name, ocsp_response, now)
        };
        let either_name = |now| match verify(server_name, now) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => verify(&self.room, now),
            done => done,
        };
        match either_name(now) {
            // A Pi has no clock until the core tells it the time.
            Err(Error::InvalidCertificate(CertificateError::NotValidYetContext {
                not_before,
                ..
            })) => either_name(not_before),
            done => done,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// Verifier that believes the authority that comes with the certificate, and notes it.
#[derive(Debug)]
struct FirstUseVerifier {
    provider: Arc<CryptoProvider>,
    seen: SharedAuthority,
}

impl ServerCertVerifier for FirstUseVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let shown = intermediates.last().unwrap_or(end_entity).clone().into_owned();
        let authority = Authority(shown);
        let verifier = authority.verifier(&self.provider).map_err(general)?;
        let verified = verifier.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        )?;
        self.seen.set(authority);
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

fn general(error: TlsError) -> Error {
    Error::General(error.to_string())
}

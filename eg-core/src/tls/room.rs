//! Authority of a room: a key of its own, and the certificates that it signs for the core.

use eg_mqtt::{Authority, ROOM_NAME};
use eg_proto::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, PublicKeyData,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use sha2::{Digest as _, Sha256};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::net::{IpAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Name of the authority's certificate in its folder, which browsers and agents are given.
pub const CA_FILE: &str = "ca.crt";
/// Name of the authority's key. It is needed for new certificates alone.
const CA_KEY_FILE: &str = "ca.key";
/// Name of the core's certificate, with the authority's behind it.
pub const CERT_FILE: &str = "core.crt";
/// Name of the key of the core's certificate.
pub const KEY_FILE: &str = "core.key";

/// One day.
const DAY: Duration = Duration::from_secs(24 * 3_600);
/// Life of the authority: longer than the room's.
const CA_LIFE: Duration = Duration::from_secs(20 * 365 * 24 * 3_600);
/// Life of the core's certificate: Apple's systems refuse more than 825 days.
const CERT_LIFE: Duration = Duration::from_secs(820 * 24 * 3_600);
/// Time before its end at which the certificate is renewed.
const RENEW_BEFORE: Duration = Duration::from_secs(60 * 24 * 3_600);

/// Last parts of names that never leave a local network (RFC 6762, RFC 8375, ICANN's `.internal`, and `.lan`, which
/// routers give out).
const LOCAL_DOMAINS: [&str; 5] = ["internal", "local", "lan", "home.arpa", "localhost"];
/// Addresses that never leave a local network (RFC 1918, RFC 3927, RFC 4193, RFC 4291, loopback).
const LOCAL_NETWORKS: [&str; 8] = [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "127.0.0.0/8",
    "fc00::/7",
    "fe80::/10",
    "::1/128",
];

/// Error of making a room's authority or certificate.
#[derive(Debug, thiserror::Error)]
pub enum RoomError {
    /// A file cannot be read or written.
    #[error("cannot use {}: {source}", file.display())]
    File {
        /// Path of the file.
        file: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
    /// The key of the authority is not there any more.
    #[error(
        "{} is not there, so no certificate can be signed; bring it back, or move the folder away for a new authority, which every slot and browser has to take again",
        file.display()
    )]
    NoKey {
        /// Path of the missing key.
        file: PathBuf,
    },
    /// The certificate was not made.
    #[error("cannot make a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// The authority does not vouch for the certificate.
    #[error(
        "the authority in {} does not vouch for this certificate: {source}; it signs for names and addresses of a local network, and for those that were named when it was made",
        folder.display()
    )]
    NotVouched {
        /// Folder of the authority.
        folder: PathBuf,
        /// Reason.
        source: eg_mqtt::TlsError,
    },
    /// A name is none.
    #[error("{0:?} is neither a host name nor an address; give core.local or 192.168.1.10")]
    Name(String),
}

/// Folder with a room's authority and the certificate of its core.
#[derive(Clone, Debug)]
pub struct RoomFiles(PathBuf);

impl RoomFiles {
    /// Names a folder; nothing is read yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// Returns the path of one of the files.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Makes the authority, unless it is there, and a certificate for this machine's names and addresses and for
    /// `names`. Returns those names.
    ///
    /// # Errors
    /// [`RoomError`], which names the file that is in the way.
    pub fn make(&self, names: &[String], now: Timestamp) -> Result<Vec<String>, RoomError> {
        let now = date(now);
        std::fs::create_dir_all(&self.0).map_err(|source| self.failed("", source))?;
        if !self.file(CA_FILE).exists() {
            let key = KeyPair::generate()?;
            let authority = authority(&key, names, now)?.self_signed(&key)?;
            self.write(CA_KEY_FILE, 0o600, &key.serialize_pem())?;
            self.write(CA_FILE, 0o644, &authority.pem())?;
        }
        let names = all_names(names)?;
        self.sign(&names, now)?;
        Ok(names)
    }

    /// Renews the certificate if it ends within 60 days and the authority's key is here. Returns the time that is left
    /// to do so by hand: `None` while there is nothing to do.
    ///
    /// # Errors
    /// [`RoomError`] if it has to be renewed and cannot.
    pub fn renew(&self, names: &[String], now: Timestamp) -> Result<Option<Renewed>, RoomError> {
        if self.check(date(now) + RENEW_BEFORE).is_ok() {
            return Ok(None);
        }
        if self.file(CA_KEY_FILE).exists() {
            self.make(names, now)?;
            return Ok(Some(Renewed::Done));
        }
        self.check(date(now))?;
        Ok(Some(Renewed::KeyMissing))
    }

    /// Reads the authority's certificate.
    ///
    /// # Errors
    /// [`RoomError::File`] if it cannot be read.
    pub fn authority(&self) -> Result<Authority, RoomError> {
        Authority::from_pem(&self.read(CA_FILE)?)
            .map_err(|error| self.failed(CA_FILE, io::Error::other(error)))
    }

    fn check(&self, time: SystemTime) -> Result<(), RoomError> {
        let chain = CertificateDer::pem_slice_iter(&self.read(CERT_FILE)?)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| self.failed(CERT_FILE, io::Error::other(error.to_string())))?;
        self.vouched(&chain, time)
    }

    fn vouched(&self, chain: &[CertificateDer<'_>], time: SystemTime) -> Result<(), RoomError> {
        let vouched = self.authority()?.vouches_for(chain, time);
        vouched.map_err(|source| RoomError::NotVouched { folder: self.0.clone(), source })
    }

    fn sign(&self, names: &[String], now: SystemTime) -> Result<(), RoomError> {
        let file = self.file(CA_KEY_FILE);
        if !file.exists() {
            return Err(RoomError::NoKey { file });
        }
        let pem = String::from_utf8_lossy(&self.read(CA_KEY_FILE)?).into_owned();
        let ca_key = KeyPair::from_pem(&pem)?;
        // Its subject and key identifier follow from the key, as they did when it was made.
        let issuer = Issuer::new(authority(&ca_key, &[], now)?, ca_key);
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(names.to_vec())?;
        params.distinguished_name.push(DnType::CommonName, "EG core");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        (params.not_before, params.not_after) = ((now - DAY).into(), (now + CERT_LIFE).into());
        let certificate = params.signed_by(&key, &issuer)?;
        self.vouched(&[certificate.der().clone()], now)?;
        let authority = String::from_utf8_lossy(&self.read(CA_FILE)?).into_owned();
        self.write(KEY_FILE, 0o600, &key.serialize_pem())?;
        self.write(CERT_FILE, 0o644, &(certificate.pem() + &authority))
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, RoomError> {
        std::fs::read(self.file(name)).map_err(|source| self.failed(name, source))
    }

    /// Writes a file whole or not at all: beside it first, then in its place.
    fn write(&self, name: &str, mode: u32, text: &str) -> Result<(), RoomError> {
        let new = self.file(&format!("{name}.new"));
        let mut open = OpenOptions::new();
        open.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut open, mode);
        let mut file = open.open(&new).map_err(|source| self.failed(name, source))?;
        // Whatever one that was left behind had.
        let rights = std::os::unix::fs::PermissionsExt::from_mode(mode);
        let written = file
            .set_permissions(rights)
            .and_then(|()| file.write_all(text.as_bytes()))
            .and_then(|()| file.sync_all());
        written
            .and_then(|()| std::fs::rename(&new, self.file(name)))
            .map_err(|source| self.failed(name, source))
    }

    fn failed(&self, name: &str, source: io::Error) -> RoomError {
        let file = if name.is_empty() { self.0.clone() } else { self.file(name) };
        RoomError::File { file, source }
    }
}

/// Returns a moment of the core's clock as the system's date.
fn date(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(at.0).unwrap_or(0))
}

/// Outcome of a renewal that was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewed {
    /// The certificate is new.
    Done,
    /// The authority's key is kept elsewhere: somebody has to run `eg-core cert`.
    KeyMissing,
}

/// Describes the authority of a key. It may sign for names and addresses of a local network alone, and for `names`, so
/// that a browser that takes it does not trust it with anything else.
fn authority(
    key: &KeyPair,
    names: &[String],
    now: SystemTime,
) -> Result<CertificateParams, RoomError> {
    let digest = Sha256::digest(key.subject_public_key_info());
    let mark: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(DnType::CommonName, format!("EG room {mark}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let domains = LOCAL_DOMAINS.iter().map(|domain| (*domain).to_owned());
    let (addresses, own): (Vec<_>, Vec<_>) =
        names.iter().cloned().partition(|name| name.parse::<IpAddr>().is_ok());
    let host = host_name().into_iter();
    let mut permitted: Vec<_> =
        domains.chain(own).chain(host).map(GeneralSubtree::DnsName).collect();
    let single = |address: String| {
        let bits = if address.contains(':') { 128 } else { 32 };
        format!("{address}/{bits}")
    };
    let networks = LOCAL_NETWORKS.iter().map(|net| (*net).to_owned());
    let networks = networks.chain(addresses.into_iter().map(single));
    permitted.extend(
        networks.filter_map(|net| net.parse::<CidrSubnet>().ok().map(GeneralSubtree::IpAddress)),
    );
    params.name_constraints =
        Some(NameConstraints { permitted_subtrees: permitted, excluded_subtrees: Vec::new() });
    (params.not_before, params.not_after) = ((now - DAY).into(), (now + CA_LIFE).into());
    Ok(params)
}

/// Returns this machine's names and addresses, [`ROOM_NAME`] and `names`, each once.
fn all_names(names: &[String]) -> Result<Vec<String>, RoomError> {
    let host = host_name();
    let local = host.iter().filter(|host| !host.contains('.')).map(|host| format!("{host}.local"));
    let mut all = vec![ROOM_NAME.to_owned(), "localhost".into(), "127.0.0.1".into(), "::1".into()];
    all.extend(local.collect::<Vec<_>>());
    all.extend(host);
    all.extend(["192.0.2.1:9", "[2001:db8::1]:9"].into_iter().filter_map(address_towards));
    for name in names {
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '*');
        if name.parse::<IpAddr>().is_err() && (name.is_empty() || !name.chars().all(good)) {
            return Err(RoomError::Name(name.clone()));
        }
        all.push(name.to_ascii_lowercase());
    }
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|name| seen.insert(name.clone()));
    Ok(all)
}

/// Returns the name of this machine, where it is one that certificates may hold.
fn host_name() -> Option<String> {
    let name = std::fs::read_to_string(Path::new("/proc/sys/kernel/hostname")).ok()?;
    let name = name.trim().to_ascii_lowercase();
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    (!name.is_empty() && name.chars().all(good)).then_some(name)
}

/// Returns the local address that this machine has towards another; no packet is sent (UDP). A public one has to be
/// named, since the authority signs for none otherwise.
fn address_towards(other: &str) -> Option<String> {
    let any = if other.starts_with('[') { "[::]:0" } else { "0.0.0.0:0" };
    let socket = UdpSocket::bind(any).ok()?;
    socket.connect(other).ok()?;
    let address = socket.local_addr().ok()?.ip();
    let is_local = match address {
        IpAddr::V4(ip) => ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unique_local(),
    };
    is_local.then(|| address.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Some day of 2026.
    const NOW: Timestamp = Timestamp(1_790_000_000_000_000);

    #[test]
    fn a_certificate_holds_for_the_room_and_is_renewed_in_time_by_the_same_authority() {
        let folder = tempfile::tempdir().unwrap();
        let room = RoomFiles::new(folder.path());
        let now = NOW;

        let names = room.make(&["escape.example.org".into()], now).unwrap();

        assert!(
            names.contains(&ROOM_NAME.to_owned()) && names.contains(&"escape.example.org".into())
        );
        let before = room.read(CA_FILE).unwrap();
        assert_eq!(room.renew(&[], now).unwrap(), None);
        assert_eq!(room.renew(&[], now + (CERT_LIFE - 30 * DAY)).unwrap(), Some(Renewed::Done));
        assert!(room.check(date(now) + CERT_LIFE + 20 * DAY).is_ok());
        assert_eq!(room.read(CA_FILE).unwrap(), before);
    }

    #[test]
    fn without_the_authority_s_key_the_end_of_a_certificate_is_told_before_it_comes() {
        let folder = tempfile::tempdir().unwrap();
        let room = RoomFiles::new(folder.path());
        let now = NOW;
        room.make(&[], now).unwrap();
        std::fs::remove_file(room.file(CA_KEY_FILE)).unwrap();

        assert_eq!(
            room.renew(&[], now + (CERT_LIFE - 30 * DAY)).unwrap(),
            Some(Renewed::KeyMissing)
        );
        assert!(room.renew(&[], now + (CERT_LIFE + DAY)).is_err());
        let error = room.make(&[], now).unwrap_err().to_string();
        assert!(error.contains(CA_KEY_FILE), "{error}");
    }

    #[test]
    fn an_authority_signs_for_no_name_outside_the_local_network() {
        let folder = tempfile::tempdir().unwrap();
        let room = RoomFiles::new(folder.path());
        let now = NOW;
        room.make(&[], now).unwrap();

        let refused = room.make(&["bank.example.com".into()], now).unwrap_err();

        assert!(matches!(refused, RoomError::NotVouched { .. }), "{refused}");
        assert!(room.check(date(now)).is_ok(), "the certificate that was there stays");
    }

    #[test]
    fn keys_are_for_the_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let room = RoomFiles::new(folder.path());
        room.make(&[], NOW).unwrap();

        for key in [CA_KEY_FILE, KEY_FILE] {
            let mode = std::fs::metadata(room.file(key)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{key}");
        }
    }
}

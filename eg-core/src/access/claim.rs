//! Claims: who a client says it is at its CONNECT, and the identity that its credentials prove.

use super::acl::ClientIdentity;
use super::identities::Identities;
use super::refusals::RefusalKind;
use eg_proto::{PAIRING_CLIENT, PAIRING_USER, SecretDigest, SlotId};
use std::net::IpAddr;

/// ClientIdentity with which a connection was admitted, and what proved it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// ClientIdentity of the connection.
    pub identity: ClientIdentity,
    pub(super) secret: Option<SecretDigest>,
}

/// Contents of a CONNECT that tell who comes.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// Client id.
    pub client: &'a str,
    /// User name, if there is one.
    pub user: Option<&'a str>,
    /// Password, if there is one.
    pub password: Option<&'a [u8]>,
    /// Topic of the will, if there is one.
    pub will: Option<&'a str>,
    /// Address from which the connection comes.
    pub address: IpAddr,
}

impl Admitted {
    /// Admits somebody as this identity, on a broker that asks for no credentials.
    pub(crate) fn as_one(identity: ClientIdentity) -> Self {
        Self { identity, secret: None }
    }
}

impl Claim<'_> {
    /// Decides who this is. A password costs one digest whoever gives it, and digests are compared in constant time.
    pub(super) fn identify(
        &self,
        known: &Identities,
        core: &str,
        own: &SecretDigest,
        compat: bool,
    ) -> Result<Admitted, RefusalKind> {
        let Claim { client, user, password, .. } = *self;
        let secret = password.map(SecretDigest::of);
        let is_taken = |id: &str| id == core || known.adopted.contains_key(id);
        let Some((user, secret)) = user.zip(secret) else {
            return match () {
                () if !compat => Err(RefusalKind::NoSecret),
                () if is_taken(client) => Err(RefusalKind::TakenId),
                () if client.starts_with(PAIRING_CLIENT) => Err(RefusalKind::Unknown),
                () => Ok(Admitted { identity: ClientIdentity::Guest, secret: None }),
            };
        };
        if user == PAIRING_USER && secret.is(&SecretDigest::of(PAIRING_USER.as_bytes())) {
            let slot = client.strip_prefix(PAIRING_CLIENT).and_then(|id| SlotId::new(id).ok());
            let wrong = if is_taken(client) { RefusalKind::TakenId } else { RefusalKind::Unknown };
            let identity = ClientIdentity::Pairing(slot.ok_or(wrong)?);
            return Ok(Admitted { identity, secret: None });
        }
        if client != user {
            let taken = is_taken(client);
            return Err(if taken { RefusalKind::TakenId } else { RefusalKind::Unknown });
        }
        if user == core {
            let admitted = Admitted { identity: ClientIdentity::Core, secret: None };
            return if secret.is(own) { Ok(admitted) } else { Err(RefusalKind::TakenId) };
        }
        match (SlotId::new(user), known.adopted.get(user)) {
            (Ok(slot), Some(adopted)) if secret.is(&adopted.sha256) => {
                Ok(Admitted { identity: ClientIdentity::Slot(slot), secret: Some(secret) })
            }
            _ if known.revoked.contains_key(&secret) => Err(RefusalKind::Revoked),
            (_, Some(_)) => Err(RefusalKind::OtherSecret),
            _ => Err(RefusalKind::Unknown),
        }
    }
}

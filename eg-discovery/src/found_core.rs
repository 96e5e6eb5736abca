//! A core in sight.

use mdns_sd::ResolvedService;
use std::fmt;
use std::net::IpAddr;

/// A core that announces itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FoundCore {
    /// Name of the announcement: the core's id, with a number behind it where two cores have one id.
    pub name: String,
    /// Address of its machine.
    pub address: IpAddr,
    /// TCP port of its MQTT broker.
    pub port: u16,
    /// `true` if it speaks under TLS alone.
    pub tls: bool,
}

impl FoundCore {
    /// Reads an announcement; `None` where it has no address that can be dialled.
    pub(crate) fn of(service: &ResolvedService) -> Option<Self> {
        let addresses = service.addresses.iter().map(|address| address.to_ip_addr());
        // A link-local IPv6 address says nothing without its interface.
        let mut addresses: Vec<_> = addresses.filter(IpAddr::is_ipv4).collect();
        addresses.sort_by_key(|address| (address.is_loopback(), *address));
        let name = service.fullname.strip_suffix(service.ty_domain.as_str())?;
        Some(Self {
            name: name.trim_end_matches('.').to_owned(),
            address: *addresses.first()?,
            port: service.port,
            tls: service.txt_properties.get("tls").is_some_and(|said| said.val_str() == "1"),
        })
    }
}

impl fmt::Display for FoundCore {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} ({}:{})", self.name, self.address, self.port)
    }
}

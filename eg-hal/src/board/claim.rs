//! Claims: hardware is claimed, not merely opened.

use super::name::Hop;
use super::{BoardError, BusName, Resource};
use crate::backend::switch::Way;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Register of all claims of the devices that share a board. Clones are the same register.
#[derive(Clone, Debug, Default)]
pub struct Claims(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    held: Mutex<BTreeMap<Resource, Held>>,
    ways: Mutex<BTreeMap<BusName, Way>>,
}

#[derive(Debug)]
struct Held {
    by: String,
    /// Number of devices behind it, for a bus switch.
    behind: u32,
}

/// Something held. Dropping it gives it back.
#[derive(Debug)]
pub struct Claim {
    claims: Claims,
    what: Resource,
}

impl Claims {
    /// Claims `what` for `holder`.
    ///
    /// # Errors
    /// [`BoardError::Taken`], naming the holder.
    pub fn claim(&self, what: Resource, holder: &str) -> Result<Claim, BoardError> {
        let mut held = self.all();
        let taken = held.get(&what).map(|held| (what.clone(), held));
        if let Some((what, held)) = taken.or_else(|| clash(&held, &what)) {
            return Err(BoardError::Taken { what, holder: held.by.clone() });
        }
        held.insert(what.clone(), Held { by: holder.to_owned(), behind: 0 });
        Ok(Claim { claims: self.clone(), what })
    }

    /// Claims the address of a bus switch for one more device behind it.
    pub(super) fn pass_through(&self, switch: &Hop, holder: &str) -> Result<Claim, BoardError> {
        let what = Resource::Address(switch.bus.clone(), switch.address);
        let mut all = self.all();
        match all.get_mut(&what) {
            Some(held) if held.behind == 0 => {
                return Err(BoardError::Taken { what, holder: held.by.clone() });
            }
            Some(held) => held.behind += 1,
            None => {
                let by = format!("the bus switch before {holder}");
                all.insert(what.clone(), Held { by, behind: 1 });
            }
        }
        Ok(Claim { claims: self.clone(), what })
    }

    /// Channels that the switches of a bus have open, locked by whoever selects and transfers.
    pub(super) fn way(&self, root: &BusName) -> Way {
        let mut ways = self.0.ways.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(ways.entry(root.clone()).or_default())
    }

    /// Everything that is held now, with its holder.
    pub fn held(&self) -> Vec<(Resource, String)> {
        self.all().iter().map(|(what, held)| (what.clone(), held.by.clone())).collect()
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<Resource, Held>> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An address behind a switch is also one of the bus before the switch while the channel is open: it must be free there.
fn clash<'h>(all: &'h BTreeMap<Resource, Held>, wanted: &Resource) -> Option<(Resource, &'h Held)> {
    let Resource::Address(bus, address) = wanted else { return None };
    let before = |one: &BusName, other: &BusName| {
        other.as_str().strip_prefix(one.as_str()).is_some_and(|rest| rest.starts_with('/'))
    };
    all.iter().find_map(|(what, held)| match what {
        Resource::Address(other, at)
            if at == address && (before(bus, other) || before(other, bus)) =>
        {
            Some((what.clone(), held))
        }
        Resource::Address(..) | Resource::Line(_) | Resource::Spi(_) | Resource::Port(_) => None,
    })
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut all = self.claims.all();
        match all.get_mut(&self.what) {
            Some(held) if held.behind > 1 => held.behind -= 1,
            Some(_) | None => drop(all.remove(&self.what)),
        }
    }
}

//! What is known of the cores in sight, and the one that is taken.

use crate::found_core::FoundCore;
use std::collections::BTreeMap;

/// The cores that were seen. The first that was alone in sight is taken, for as long as this lives: a slot does not change
/// its room because another core came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sighting {
    seen: BTreeMap<String, FoundCore>,
    taken: Option<FoundCore>,
}

impl Sighting {
    /// A core announced itself, perhaps with another address than before.
    pub fn came(&mut self, core: FoundCore) {
        if self.taken.as_ref().is_some_and(|taken| taken.name == core.name) {
            self.taken = Some(core.clone());
        }
        self.seen.insert(core.name.clone(), core);
    }

    /// A core took its leave.
    pub fn left(&mut self, name: &str) {
        self.seen.remove(name);
    }

    /// Takes the only core in sight, if there is one and none was taken before.
    pub fn settle(&mut self) {
        if let (None, 1) = (&self.taken, self.seen.len()) {
            self.taken = self.seen.values().next().cloned();
        }
    }

    /// Tells the core that was taken.
    ///
    /// # Errors
    /// Words for people: none is in sight, or several are, and which.
    pub fn core(&self) -> Result<&FoundCore, String> {
        match (&self.taken, self.seen.len()) {
            (Some(core), _) => Ok(core),
            (None, 0) => Err("no core announces itself on this network yet; does it run, and is it on this network? core: { host: ADDRESS } in the slot's file names it".to_owned()),
            (None, 1) => Err("a core has just come into sight".to_owned()),
            (None, _) => {
                let all: Vec<_> = self.seen.values().map(ToString::to_string).collect();
                Err(format!(
                    "several cores announce themselves: {}; name yours in the slot's file, core: {{ host: ADDRESS }}",
                    all.join(", ")
                ))
            }
        }
    }

    /// The cores in sight, by name.
    pub fn cores(&self) -> impl Iterator<Item = &FoundCore> {
        self.seen.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn core(name: &str, last: u8) -> FoundCore {
        FoundCore {
            name: name.to_owned(),
            address: [10, 0, 0, last].into(),
            port: 1883,
            tls: false,
        }
    }

    fn seen(cores: &[FoundCore]) -> Sighting {
        let mut sighting = Sighting::default();
        cores.iter().cloned().for_each(|core| sighting.came(core));
        sighting.settle();
        sighting
    }

    #[test]
    fn takes_the_only_core_and_stays_with_it_when_another_comes() {
        let mut sighting = seen(&[core("a", 1)]);
        assert_eq!(sighting.core(), Ok(&core("a", 1)));

        sighting.came(core("b", 2));
        sighting.left("a");
        sighting.settle();

        assert_eq!(sighting.core(), Ok(&core("a", 1)));
    }

    #[test]
    fn follows_its_core_to_another_address() {
        let mut sighting = seen(&[core("a", 1)]);

        sighting.came(core("a", 9));

        assert_eq!(sighting.core(), Ok(&core("a", 9)));
    }

    #[test]
    fn takes_none_of_several_and_names_them() {
        let why = seen(&[core("a", 1), core("b", 2)]).core().unwrap_err().to_owned();

        assert!(why.contains("a (10.0.0.1:1883), b (10.0.0.2:1883)"), "{why}");
    }

    #[test]
    fn takes_the_one_that_is_left_of_several() {
        let mut sighting = seen(&[core("a", 1), core("b", 2)]);

        sighting.left("a");
        sighting.settle();

        assert_eq!(sighting.core(), Ok(&core("b", 2)));
    }

    #[test]
    fn says_when_there_is_none() {
        assert!(seen(&[]).core().unwrap_err().starts_with("no core announces itself"));
    }
}

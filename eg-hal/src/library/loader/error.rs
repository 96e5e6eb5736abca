//! Errors of files that are not taken in as driver libraries.

use super::{Digest, Machine};
use crate::library::{ABI, SYMBOL};
use std::fmt;
use std::io;

/// Error of a file that is not taken in as a driver library. Whoever shows it adds the file's name in front.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LibraryError {
    /// The file is not there, or not readable.
    #[error("cannot read it: {cause}")]
    Unreadable {
        /// Cause in the system's words.
        cause: String,
    },
    /// The file is a folder, a pipe or a device.
    #[error("it is no regular file; wanted a driver library, *.so")]
    NoFile,
    /// The file is larger than any library.
    #[error("it is larger than {} MiB, which is the most that is read", most >> 20)]
    TooLarge {
        /// In bytes.
        most: u64,
    },
    /// The file, or a folder on the way to it, belongs to somebody who may change it at any time.
    #[error(
        "{path} belongs to user {owner}, who may change it at any time; put the library where root or the agent's own user owns every folder"
    )]
    Owner {
        /// The file or folder.
        path: String,
        /// User id of the owner.
        owner: u32,
    },
    /// The file, or a folder on the way to it, may be changed by anybody.
    #[error("others may change {path} (mode {mode:04o}): chmod go-w {path}")]
    Writable {
        /// The file or folder.
        path: String,
        /// Mode of the file.
        mode: u32,
    },
    /// The file is no ELF file.
    #[error("it is no ELF file; wanted a driver library, *.so")]
    NotElf,
    /// The end is missing, as after a copy that was broken off.
    #[error("{}; copy it again", CutOff(*length, *needed))]
    CutOff {
        /// Of the file, in bytes.
        length: u64,
        /// Length that the headers need, where they are whole.
        needed: Option<u64>,
    },
    /// The library was built for another machine.
    #[error("it is for {found}, and this agent for {wanted}; build it for that")]
    Machine {
        /// Machine that it was built for.
        found: Machine,
        /// Machine that this process was built for.
        wanted: Machine,
    },
    /// The file is a library, but none of drivers.
    #[error(
        "it is no driver library: it exports no {SYMBOL}; `cargo eg build-plugin` builds a driver's crate as one"
    )]
    NoDeclaration,
    /// The declaration has a layout that this agent does not know.
    #[error(
        "its declaration has version {found}, and this agent knows {ABI}; build it with the agent's eg-hal"
    )]
    Abi {
        /// The version that it has.
        found: u32,
    },
    /// The library was built with something else than this agent.
    #[error(
        "{krate} {version} {}; build it again with what the agent was built with",
        Differences(differences)
    )]
    Unlike {
        /// The crate that it was built from.
        krate: String,
        /// Version of that crate.
        version: String,
        /// Everything that differs.
        differences: Vec<Difference>,
    },
    /// The file is not the one that was written down.
    #[error("its sha256 is {found}, and {wanted} was asked for: this is another file")]
    Pin {
        /// Digest that was written down.
        wanted: Digest,
        /// Digest of the file.
        found: Digest,
    },
    /// This process cannot load anything.
    #[error(
        "this agent is linked statically, so it cannot load libraries; link the driver into it"
    )]
    Static,
    /// The system did not take it.
    #[error("the system does not load it: {cause}")]
    Link {
        /// Cause in the system's words.
        cause: String,
    },
    /// There is no driver in it.
    #[error("{krate} {version} has no driver in it; end its lib.rs with eg_hal::register!(…)")]
    Empty {
        /// The crate that it was built from.
        krate: String,
        /// Version of that crate.
        version: String,
    },
}

impl LibraryError {
    pub(super) fn unreadable(cause: &io::Error) -> Self {
        Self::Unreadable { cause: cause.to_string() }
    }

    pub(super) fn link(cause: &impl fmt::Display) -> Self {
        Self::Link { cause: cause.to_string() }
    }
}

/// One part of two [fingerprints](crate::library::fingerprint) that is not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The name of the part: `rustc`, `target`, `panic`, `eg-hal`, `embedded-hal`, `layout`.
    pub part: String,
    /// Part as the library has it.
    pub theirs: String,
    /// Part as this process has it.
    pub ours: String,
}

impl Difference {
    /// Lists the parts that differ, in the order of our parts. Of the layouts only the types that differ are named.
    pub(super) fn between(theirs: &str, ours: &str) -> Vec<Self> {
        let part = |line: &str| {
            let (part, what) = line.split_once(' ').unwrap_or((line, ""));
            (part.to_owned(), what.to_owned())
        };
        let theirs: Vec<_> = theirs.lines().map(part).collect();
        let differences = ours.lines().map(part).filter_map(|(part, ours)| {
            let known = theirs.iter().find(|(name, _)| *name == part);
            let theirs = known.map_or_else(|| "nothing".to_owned(), |(_, theirs)| theirs.clone());
            (theirs != ours).then(|| match part.as_str() {
                "layout" => Self { part, theirs: rest(&theirs, &ours), ours: rest(&ours, &theirs) },
                _ => Self { part, theirs, ours },
            })
        });
        let mut differences: Vec<_> = differences.collect();
        let known = |name: &str| ours.lines().any(|line| part(line).0 == name);
        for (part, theirs) in theirs.iter().filter(|(name, _)| !known(name)).cloned() {
            differences.push(Self { part, theirs, ours: "nothing".to_owned() });
        }
        differences
    }
}

/// The words of `one` that `other` does not have.
fn rest(one: &str, other: &str) -> String {
    let strange = |word: &&str| !other.split(' ').any(|known| known == *word);
    one.split(' ').filter(strange).collect::<Vec<_>>().join(" ")
}

struct Differences<'a>(&'a [Difference]);

impl fmt::Display for Differences<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, Difference { part, theirs, ours }) in self.0.iter().enumerate() {
            let comma = if place == 0 { "has" } else { ", and" };
            write!(out, "{comma} {part} {theirs} where this agent has {ours}")?;
        }
        Ok(())
    }
}

struct CutOff(u64, Option<u64>);

impl fmt::Display for CutOff {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self(length, Some(needed)) => {
                write!(out, "it is cut off: it has {length} bytes, and its headers need {needed}")
            }
            Self(length, None) => {
                write!(out, "it is cut off: {length} bytes do not hold its header")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Difference, LibraryError};

    const OURS: &str = "rustc 1.95.0 a\neg-hal 0.1.0 c0\nlayout Board:8/8 Set:4/4";

    #[test]
    fn what_differs_is_told_and_nothing_else() {
        let theirs = "rustc 1.96.0 b\neg-hal 0.1.0 c0\nlayout Board:8/8 Set:6/2";

        let differences = Difference::between(theirs, OURS);

        assert_eq!(Difference::between(OURS, OURS), []);
        let (krate, version) = ("knob".to_owned(), "0.2.0".to_owned());
        let told = LibraryError::Unlike { krate, version, differences }.to_string();
        assert_eq!(
            told,
            "knob 0.2.0 has rustc 1.96.0 b where this agent has 1.95.0 a, and layout Set:6/2 where this agent has \
             Set:4/4; build it again with what the agent was built with"
        );
    }

    #[test]
    fn a_part_that_one_of_the_two_lacks_differs() {
        let more = format!("{OURS}\nsalt 7");

        for (theirs, ours) in [(OURS, more.as_str()), (more.as_str(), OURS)] {
            let parts: Vec<_> =
                Difference::between(theirs, ours).into_iter().map(|one| one.part).collect();

            assert_eq!(parts, ["salt"]);
        }
    }
}

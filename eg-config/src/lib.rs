//! YAML files with located, complete and helpful errors.
//!
//! A [`Source`] is a file's name and text. [`read`] turns it into any `Deserialize` type, [`read_at`] does so for
//! the part under a [`KeyPath`]. What is wrong comes back as [`Problems`]: every mistake of the file in one run,
//! each with line, column, path, the source line, what would have worked and the nearest known word.
//!
//! ```
//! use eg_config::{Source, Span, read};
//!
//! #[derive(Debug, serde::Deserialize)]
//! #[serde(deny_unknown_fields)]
//! struct Config { port: String, baud: u32, timeout: Span }
//!
//! let source = Source::text("reader.yaml", "port: /dev/ttyUSB0\nbuad: 9600\ntimeout: 20\n");
//! let problems = read::<Config>(&source).unwrap_err();
//!
//! assert_eq!(problems.to_string(), r#"
//! reader.yaml:2:1: unknown key "buad"; did you mean "baud"?
//!   2 | buad: 9600
//!     | ^^^^
//!     = works here: port, baud, timeout
//!
//! reader.yaml:3:10: timeout: 20 has no unit; write 20ms, 20s or 20m
//!   3 | timeout: 20
//!     |          ^^
//! "#.trim());
//! ```
//!
//! For a plugin's own part of a file, read the file once with that part as [`Anything`], then let the plugin's
//! monomorphic function [`read_at`] the same source into its own `deny_unknown_fields` struct. Positions stay
//! exact that way; they are lost inside serde's `flatten`, `untagged` and internally tagged enums, where a
//! mistake is shown at the mapping.

mod disk;
mod environment_file;
mod file_origin;
mod located;
mod location;
mod nearest;
mod path;
mod place;
mod problem;
mod problems;
mod read;
mod render;
mod settings;
mod source;
mod span;
mod text;
mod tree;

pub use environment_file::read_environment;
pub use file_origin::variables;
pub use located::Located;
pub use location::Location;
pub use nearest::nearest;
pub use path::KeyPath;
pub use problem::Problem;
pub use problems::Problems;
pub use read::{LenientRead, json_at, read, read_at, read_lenient, read_lenient_at, texts_at};
pub use serde::de::IgnoredAny as Anything;
pub use settings::SettingProblems;
pub use source::{Locate, Source};
pub use span::Span;

/// Version of this crate and digest of its source, which a driver library and its agent must share.
#[doc(hidden)]
pub const SOURCE: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("EG_SOURCE"));

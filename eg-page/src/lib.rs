//! Layout, style sheet, scripts, and words in two languages, which the operator page and the slot page share.
//!
//! Pages are rendered on the server and need no build step and no network beyond their own process. What changes is
//! pushed as [`Parts`] over one WebSocket a page; the script puts them in place without losing focus or half-typed
//! text. Nothing is inline, so `Content-Security-Policy: default-src 'self'` holds.

mod address_key;
mod asset;
mod causes;
mod checkup;
mod cookie;
mod dialog;
mod door;
mod feed;
mod finding;
mod half_open;
mod head;
mod hint;
mod histogram;
mod host;
mod interview;
mod kiosk;
mod layout;
mod log_limit;
mod packed;
mod parts;
mod press_times;
mod stall;
mod stream;
mod words;

pub use address_key::AddressKey;
pub use asset::{address, assets};
pub use causes::say;
pub use checkup::Checkup;
pub use cookie::cookie;
pub use dialog::{Dialog, Tone};
pub use door::{Door, GuardedListener, Guest, Pass};
pub use feed::{Feed, Message};
pub use finding::{Finding, Soundness};
pub use half_open::{HalfOpen, HalfOpenPermit};
pub use hint::HintNote;
pub use histogram::histogram;
pub use host::{host_name, is_local, is_own_page};
pub use interview::Interview;
pub use kiosk::{Kiosk, Sounds};
pub use layout::{CSP, Page};
pub use log_limit::{LogLimit, complain, excerpt, may_log};
pub use packed::packed;
pub use parts::{Changes, Fragment, Mark, Parts};
pub use press_times::{press_times, span};
pub use stall::{STALLED, Stall};
pub use stream::StreamRequest;
pub use words::{Lang, Words, WordsError};

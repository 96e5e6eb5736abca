//! The game SDK: a game is a pure function from what happens to what follows.
//!
//! A game sees no clock, no network and no disk. Time arrives with each [`Input`], timer and [`Act`], [`Chance`] with a
//! seed in the act `start`;
//! consequences leave as [`Effects`]. The same journal always gives the same game, bit for bit.

mod act;
pub mod ballot;
mod chance;
pub mod conformance;
mod effect;
mod erased;
mod game;
mod input;
mod poll;
mod race;
mod registry;
mod roster;
mod session;
pub mod testkit;
mod view;

pub use act::{Act, ActError, Field, FieldKind, Offer, OfferGroup};
pub use ballot::Layout;
pub use chance::{Chance, random_alone};
pub use effect::{Cue, Effect, Effects, Finish, Question, StepResult, StepStatus, TimerId};
pub use eg_config::SettingProblems;
pub use eg_proto::{
    DeviceName, EventKind, Fault, InputName, OutputName, Presence, RefusalReason, Set, SlotId,
    State, Text, Timestamp,
};
pub use erased::Session;
pub use game::{Game, InputFilter, Order, StartError};
pub use input::{Input, InputData};
pub use inventory;
pub use poll::{NotOpen, Poll, PollEnd, PollRules};
pub use race::{Race, Ruling, Tie, TimedPress, millis};
pub use registry::{EntryError, GameEntry, Started, games, twins};
pub use roster::{Controls, ProxyChoices, RULES, Roster, RosterChange, Seat};
pub use schemars;
pub use serde;
pub use serde_json;
pub use session::COMMON_ACTS;
pub use view::{Audience, Bar, Level, Row, View, Widget};

/// Imports that are enough for every game that ships with EG, and for its tests beside [`testkit`].
pub mod prelude {
    pub use crate::ballot::{
        Ballot, Cast, CastError, Change, Expected, KeyMap, Keys, Lacking, Paper, Rule, Settlement,
        Tally, TieRule, Verdict, Vote, When,
    };
    pub use crate::{
        Act, ActError, Audience, Bar, Chance, Controls, Cue, DeviceName, Effect, Effects,
        EventKind, Fault, Field, FieldKind, Finish, Game, Input, InputData, InputFilter, InputName,
        Layout, Level, NotOpen, Offer, Order, OutputName, Poll, PollEnd, PollRules, Presence,
        ProxyChoices, Question, Race, RefusalReason, Roster, RosterChange, Row, Ruling, Seat, Set,
        SlotId, StartError, State, StepResult, StepStatus, Text, Tie, TimedPress, TimerId,
        Timestamp, View, Widget,
    };
    pub use eg_config::{SettingProblems, Span};
    pub use schemars::JsonSchema;
    pub use serde::{Deserialize, Serialize};
    pub use serde_json::json;
    pub use std::time::Duration;
}

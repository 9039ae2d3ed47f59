//! The catalog as people write it: one serde type for each thing that a YAML file can say.
//!
//! Two kinds of statement stand side by side and are never mixed: what the documents say, verbatim
//! (`title`, `doc`, `documented`, `names`, the samples), and what was decided (`type`, `effect`, `rust`, …).
//! Where the two differ, a `why` at that place says the reason.
//!
//! The doc comments of these files are the texts that an editor shows: `schema.json` is generated from them.

use std::collections::BTreeMap;

mod api;
mod faults;
mod params;
mod services;
mod tables;
mod types;

pub use api::{Api, Document, Key, Operation, OperationParam, Outputs};
pub use faults::{FaultCode, Faults};
pub use params::{Limits, Param, Sample, SamplePlaceholder, SampleValue};
pub use services::{Effect, Group, Method, NoKey, Outcome, Returns, Service, Source};
pub use tables::{FieldType, Joined, Table, TableField, stated};
pub use types::{Enum, EnumWire, Id, Member, Struct, Types, Variant};

/// Reasons, by the kind of difference that they explain.
///
/// Each difference that the checker derives needs exactly one; a reason without a difference is an error.
pub type Why = BTreeMap<String, String>;

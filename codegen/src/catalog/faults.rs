//! `faults.yaml`: the codes with which the server refuses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `faults.yaml`: the codes with which the server refuses.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Faults {
    /// The codes.
    pub faults: Vec<FaultCode>,
}

/// A fault's code.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FaultCode {
    /// The number on the wire.
    pub code: i32,
    /// The token that opens the fault's text, which is the Rust name too.
    pub token: String,
    /// What it means, and what to do.
    pub doc: String,
    /// Where it is known from.
    pub known_from: String,
}

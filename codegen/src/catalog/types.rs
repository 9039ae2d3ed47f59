//! `types.yaml`: the ids, enums and structs that methods use.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Why;
use crate::types::{Type, Wire};

/// `types.yaml`: the ids, enums and structs that methods use.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Types {
    /// Newtypes over the wire's `int`, one for each kind of thing that has an id.
    #[serde(default)]
    pub ids: BTreeMap<String, Id>,
    /// Closed lists of values, over strings or ints; values that are not listed stay readable.
    #[serde(default)]
    pub enums: BTreeMap<String, Enum>,
    /// Structs: arguments where methods take them, answers where methods return them.
    #[serde(default)]
    pub structs: BTreeMap<String, Struct>,
}

impl Types {
    /// How a type travels; anything, if its name is not known.
    pub fn wire(&self, kind: &Type) -> Wire {
        match kind {
            Type::Int => Wire::Int,
            Type::Double => Wire::Double,
            Type::Bool => Wire::Boolean,
            Type::String | Type::Bytes => Wire::String,
            Type::DateTime | Type::Date => Wire::DateTime,
            Type::Record | Type::Map(..) => Wire::Struct,
            Type::Value => Wire::Any,
            Type::Array(inner) => Wire::Array(Some(Box::new(self.wire(inner)))),
            Type::Optional(inner) => self.wire(inner),
            Type::Named(name) => match self.enums.get(name).map(|declared| declared.wire) {
                Some(EnumWire::String) => Wire::String,
                Some(EnumWire::Int) => Wire::Int,
                None if self.structs.contains_key(name) => Wire::Struct,
                None if self.ids.contains_key(name) => Wire::Int,
                None => Wire::Any,
            },
        }
    }
}

/// An id.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Id {
    /// What has this id.
    pub doc: String,
}

/// An enum over strings or ints.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Enum {
    /// What it lists.
    pub doc: String,
    /// How it travels.
    pub wire: EnumWire,
    /// The values, in the document's order.
    pub variants: Vec<Variant>,
}

/// How an enum travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EnumWire {
    /// As `<string>`.
    String,
    /// As `<int>`.
    Int,
}

/// A value of an enum.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// What travels: a string or an int.
    pub value: Value,
    /// The Rust name, where it isn't the value itself.
    pub name: Option<String>,
    /// What it means.
    pub doc: Option<String>,
    /// The document's rows for this value, verbatim.
    #[serde(default)]
    pub documented: Vec<String>,
    /// Reasons for differences: `documented` where the rows don't hold the value, or there is not exactly one.
    #[schemars(extend("propertyNames" = { "enum": ["documented"] }))]
    #[serde(default)]
    pub why: Why,
}

/// A struct.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Struct {
    /// What it describes.
    pub doc: String,
    /// Its members, in the document's order.
    pub members: Vec<Member>,
}

/// A member of a struct.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Its name on the wire.
    pub name: String,
    /// Its Rust name, where the wire's misleads.
    pub rust: Option<String>,
    /// The document's text, verbatim where it has one, else ours.
    pub doc: String,
    /// The document's word for its type, where it has one.
    pub documented: Option<String>,
    /// Its type. In an answer every member is optional unless `always` is given, so no `?` is written there.
    #[serde(rename = "type")]
    pub type_: String,
    /// The wire type, where it isn't the type's own.
    pub wire: Option<String>,
    /// In an answer: the evidence that the member is never left out.
    pub always: Option<String>,
    /// Whether the value must never show in logs, errors or debug output.
    #[serde(default)]
    pub sensitive: bool,
    /// Reasons for differences: `documented`, `sample_type`, `unsampled`.
    #[schemars(extend("propertyNames" = { "enum": ["documented", "sample_type", "unsampled"] }))]
    #[serde(default)]
    pub why: Why,
}

//! The parameters of a method, and the rows of the documents' tables.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Why;

/// A parameter, or a row of the documents' table that is none.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Param {
    /// The documented name; where the table lacks it, the sample's.
    pub name: String,
    /// The Rust name, where the documented one is a keyword or misleads.
    pub rust: Option<String>,
    /// The table's type and flag, verbatim. Left out where the table lacks the parameter.
    pub documented: Option<String>,
    /// The table's text, verbatim; ours where the table lacks it.
    pub doc: Option<String>,
    /// A text of ours for the generated docs, where the document's is wrong or says too little.
    pub summary: Option<String>,
    /// The type; `?` at its end makes the argument optional.
    #[serde(rename = "type")]
    pub type_: Option<String>,
    /// The wire type, where it isn't the type's own: `int` for a `bool`, `string` for an id.
    pub wire: Option<String>,
    /// What travels for an optional argument that isn't given: a value, or `omit` for trailing parameters.
    pub absent: Option<Value>,
    /// `true` for a row of the table that never travels.
    #[serde(default)]
    pub dropped: bool,
    /// For a row of the table that travels inside a struct: `parameter.Member`.
    #[serde(rename = "in")]
    pub member_of: Option<String>,
    /// The group that the parameter belongs to.
    pub group: Option<String>,
    /// Documented limits, checked before anything is sent.
    pub limits: Option<Limits>,
    /// Whether the value must never show in logs, errors or debug output.
    #[serde(default)]
    pub sensitive: bool,
    /// What the sample request has in this place, where that isn't the parameter's name.
    pub sample: Option<Sample>,
    /// Reasons for differences: `type`, `required`, `undocumented`, `dropped`, `order`, `name`, `sample`, `sample_type`, `summary`.
    #[schemars(extend("propertyNames" = { "enum": ["dropped", "name", "order", "required", "sample", "sample_type", "summary", "type", "undocumented"] }))]
    #[serde(default)]
    pub why: Why,
}

impl Param {
    /// Whether nothing travels for an argument that isn't given.
    pub fn is_omitted(&self) -> bool {
        self.absent.as_ref().is_some_and(|absent| absent == "omit")
    }

    /// The value that travels for an argument that isn't given, if one does.
    pub fn absent_value(&self) -> Option<&Value> {
        self.absent.as_ref().filter(|_| !self.is_omitted())
    }
}

/// What a sample request has in a parameter's place.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Sample {
    /// Another placeholder than the parameter's name (for a list: that of its elements, without their numbers).
    Name(String),
    /// A real value, which the example then sends.
    Value(SampleValue),
    /// A placeholder that is not one text.
    Placeholder(SamplePlaceholder),
}

/// A real value in a sample request.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleValue {
    /// The value.
    pub value: Value,
}

/// A placeholder in a sample request that is not one text.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SamplePlaceholder {
    /// The list or struct of placeholders.
    pub placeholder: Value,
}

/// Documented limits of a parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The smallest number.
    pub min: Option<i32>,
    /// The greatest number.
    pub max: Option<i32>,
    /// A number that is refused.
    pub not: Option<i32>,
    /// The greatest number of elements; in a record: of each list in it.
    pub items: Option<u32>,
    /// Whether an empty list or text is refused.
    #[serde(default)]
    pub not_empty: bool,
}

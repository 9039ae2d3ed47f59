//! The catalog as people write it: one serde type for each thing that a YAML file can say.
//!
//! Two kinds of statement stand side by side and are never mixed: what the documents say, verbatim
//! (`title`, `doc`, `documented`, `names`, the samples), and what was decided (`type`, `effect`, `rust`, …).
//! Where the two differ, a `why` at that place says the reason.
//!
//! The doc comments of this file are the texts that an editor shows: `schema.json` is generated from them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::types::{Type, Wire};

mod tables;

pub use tables::{FieldType, Joined, Table, TableField, stated};

/// Reasons, by the kind of difference that they explain.
///
/// Each difference that the checker derives needs exactly one; a reason without a difference is an error.
pub type Why = BTreeMap<String, String>;

/// `api.yaml`: what holds for the whole API.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// The API's name, as texts use it.
    pub name: String,
    /// The path under which generated code finds the runtime: `crate`, or the name of the runtime's crate.
    pub runtime: String,
    /// The crate that the examples in the generated docs import from.
    pub package: String,
    /// The documents that the catalog transcribes, by a short name.
    pub documents: BTreeMap<String, Document>,
    /// The clients whose names of a method the documents give, by the key used in `names`.
    #[serde(default)]
    pub clients: BTreeMap<String, String>,
    /// The documents' words for types, and the wire type that each of them means (`array<int>`, `struct`, …).
    pub documented_types: BTreeMap<String, String>,
    /// The parameter that leads every call, if there is one.
    pub key: Option<Key>,
    /// Where the generated files go, relative to the folder that holds the catalog.
    pub outputs: Outputs,
    /// The operations around the API that are not XML-RPC methods, such as those of OAuth.
    #[serde(default)]
    pub operations: Vec<Operation>,
}

/// One of the documents.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// What the document is.
    pub title: String,
    /// Headings of parameter tables that make every parameter below them required.
    #[serde(default)]
    pub required_headings: Vec<String>,
    /// The word with which a parameter's text says, below such a heading, that it is optional all the same.
    pub optional_word: Option<String>,
}

impl Document {
    /// Whether a table marks a row as required, by the row's flag or by the table's heading.
    pub fn requires(&self, heading: Option<&String>, row: &Param) -> bool {
        let flag = row.documented.as_deref().is_some_and(|documented| flagged(documented).1);
        let excepted =
            self.optional_word.as_ref().zip(row.doc.as_ref()).is_some_and(|(word, doc)| doc.starts_with(word));
        flag || (!excepted && heading.is_some_and(|heading| self.required_headings.contains(heading)))
    }
}

/// Cuts `integer (required)` into its word and its flag.
pub(crate) fn flagged(documented: &str) -> (&str, bool) {
    match documented.strip_suffix(" (required)") {
        Some(word) => (word, true),
        None => (documented, false),
    }
}

/// The parameter that leads every call.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Its documented name.
    pub name: String,
    /// The table's type and flag, verbatim.
    pub documented: String,
    /// The table's text, verbatim.
    pub doc: String,
}

/// Where the generated files go, relative to the folder that holds the catalog.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outputs {
    /// The folder of the client's generated modules.
    pub client: String,
    /// Whether the client's runtime type gets an accessor for each service: only where runtime and client are one crate.
    #[serde(default)]
    pub accessors: bool,
    /// The Cargo feature of the client without which it has no tables, if there is one.
    pub tables_feature: Option<String>,
    /// The folder of the generated example calls and pins, if they are wanted.
    pub tests: Option<String>,
    /// The folder of the generated method table of a local server, if it is wanted.
    pub server: Option<String>,
}

/// An operation around the API that is not an XML-RPC method.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// The operation's name.
    pub name: String,
    /// The document's heading, verbatim.
    pub title: String,
    /// The document's text, verbatim.
    pub doc: String,
    /// The HTTP method.
    pub http: String,
    /// The documented URL.
    pub documented_url: String,
    /// The URL to use.
    pub url: String,
    /// The parameters, in the document's order.
    pub params: Vec<OperationParam>,
    /// The text on what is answered, verbatim.
    pub returns: Option<String>,
    /// The documented answer, verbatim.
    pub answer: Option<String>,
    /// Notes that stand beside the table, verbatim.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Reasons for differences: `url` where `url` isn't `documented_url`.
    #[serde(default)]
    pub why: Why,
}

/// A parameter of an [`Operation`].
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OperationParam {
    /// The documented name.
    pub name: String,
    /// The table's type and flag, verbatim.
    pub documented: String,
    /// The table's text, verbatim.
    pub doc: String,
    /// Where it travels: `query`, `form` or `header`.
    #[serde(rename = "in")]
    pub place: String,
    /// The only value it can have.
    pub value: Option<String>,
    /// Whether it must never show.
    #[serde(default)]
    pub sensitive: bool,
}

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
    #[serde(default)]
    pub why: Why,
}

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

/// `services/<service>.yaml`: a service and its methods.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The service's name on the wire, before the dot.
    pub service: String,
    /// The module and the client's accessor.
    pub accessor: String,
    /// The document's heading, verbatim.
    pub title: String,
    /// The document's text, verbatim.
    pub doc: Option<String>,
    /// A text of ours, where the document's is missing or describes something else.
    pub summary: Option<String>,
    /// Reasons for differences: `summary` where it replaces a `doc`.
    #[serde(default)]
    pub why: Why,
    /// The methods, in the document's order.
    pub methods: Vec<Method>,
}

/// A method, or one of its overloads.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Method {
    /// Its name on the wire: after the dot, or `OtherService.method` where the wire names another service.
    pub wire: String,
    /// A name of its own for an overload; the Rust function, the request type and the samples' files follow it.
    #[serde(rename = "as")]
    pub as_: Option<String>,
    /// `none` where the API's key does not lead the parameters.
    pub key: Option<NoKey>,
    /// How far the documents know it.
    #[serde(default)]
    pub source: Source,
    /// Where it is known from, unless it is documented with a sample.
    pub known_from: Option<String>,
    /// The document that describes it, where it isn't `main`.
    pub document: Option<String>,
    /// The document's heading, verbatim; ours where no document has one.
    pub title: String,
    /// The document's text, verbatim.
    pub doc: Option<String>,
    /// A text of ours, where the document's is missing or describes something else.
    pub summary: Option<String>,
    /// The heading of the parameter table, where it isn't `Form Parameters`.
    pub table: Option<String>,
    /// What may be repeated.
    pub effect: Effect,
    /// Why repeating does no harm; needed unless the effect is `once`.
    pub because: Option<String>,
    /// The parameters, in wire order, without the key. Rows of the table that are not parameters stand among them.
    #[serde(default)]
    pub params: Vec<Param>,
    /// Parameters that only make sense together, as one optional argument.
    #[serde(default)]
    pub groups: Vec<Group>,
    /// Lists of which at least one must hold something, by the parameters' names.
    #[serde(default)]
    pub not_all_empty: Vec<Vec<String>>,
    /// The answer.
    pub returns: Returns,
    /// What the documented response shows.
    pub outcome: Outcome,
    /// The names under which the clients of `api.yaml` know the method, verbatim.
    #[serde(default)]
    pub names: BTreeMap<String, String>,
    /// The names by which the docs' search finds it, where they aren't all of `names`.
    pub aliases: Option<Vec<String>>,
    /// Example arguments by parameter, for those whose documented sample has no real value.
    #[serde(default)]
    pub example: BTreeMap<String, Value>,
    /// Reasons for differences: `outcome`, `count`, `key`, `method`, `summary`, `aliases`.
    #[serde(default)]
    pub why: Why,
}

/// The word `none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NoKey {
    /// The key does not lead the parameters.
    None,
}

/// How far the documents know a method.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Described, with a sample request.
    #[default]
    Documented,
    /// Described, without a sample request.
    DocumentedWithoutSample,
    /// Not in the documents.
    Known,
}

/// What may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Never repeated if it may have been executed.
    Once,
    /// Changes nothing.
    Read,
    /// Changes something, and the same again if repeated.
    Repeatable,
}

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
    #[serde(default)]
    pub why: Why,
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
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
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

/// Parameters that only make sense together.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The Rust name of the argument; the members say it in `group`.
    pub name: String,
    /// The struct of `types.yaml` whose members are the parameters, in the same order.
    #[serde(rename = "type")]
    pub type_: String,
    /// The argument's text.
    pub doc: String,
}

/// A method's answer.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Returns {
    /// The document's text, verbatim.
    pub doc: Option<String>,
    /// The type word of the document's text, where it has one.
    pub documented: Option<String>,
    /// A text of ours, where the document's is missing or wrong.
    pub summary: Option<String>,
    /// The type.
    #[serde(rename = "type")]
    pub type_: String,
    /// Whether the value must never show in logs, errors or debug output.
    #[serde(default)]
    pub sensitive: bool,
    /// Reasons for differences: `documented`, `sample_type`, `summary`.
    #[serde(default)]
    pub why: Why,
}

/// What a documented response shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The typed result.
    Typed,
    /// A fault.
    Fault,
    /// Nothing that a reader can accept: a repaired copy stands beside it.
    Unreadable,
    /// There is no documented response: a supplied one stands for it.
    None,
}

//! `services/<service>.yaml`: a service and its methods.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Api, Document, Param, Why};
use crate::names::last_word;

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
    #[schemars(extend("propertyNames" = { "enum": ["summary"] }))]
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
    /// The heading of the parameter table, where it isn't the document's `heading`.
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
    #[schemars(extend("propertyNames" = { "enum": ["aliases", "count", "key", "method", "outcome", "summary"] }))]
    #[serde(default)]
    pub why: Why,
}

impl Method {
    /// The document that describes it, unless that is unknown.
    pub fn document<'a>(&self, api: &'a Api) -> Option<&'a Document> {
        api.documents.get(self.document.as_deref().unwrap_or("main"))
    }

    /// Its own name on the wire, after the service's.
    pub fn own_name(&self) -> &str {
        self.wire.rsplit('.').next().unwrap_or_default()
    }

    /// The name that its function follows: the overload's, or its own on the wire.
    pub fn name(&self) -> &str {
        self.as_.as_deref().unwrap_or(self.own_name())
    }

    /// Its whole name on the wire, in a file that describes `service`.
    pub fn wire_name(&self, service: &str) -> String {
        if self.wire.contains('.') { self.wire.clone() } else { format!("{service}.{}", self.wire) }
    }

    /// What the names of its samples' files start with: the whole name on the wire, and the overload's.
    pub fn stem(&self, service: &str) -> String {
        let wire = self.wire_name(service);
        self.as_.as_ref().map_or_else(|| wire.clone(), |overload| format!("{wire}.{overload}"))
    }

    /// The aliases unless `aliases` says otherwise: what the clients call it, but for the wire's own name.
    pub fn default_aliases(&self) -> impl Iterator<Item = &str> {
        self.names.values().map(|name| last_word(name)).filter(|name| *name != self.own_name())
    }
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

impl Effect {
    /// The catalog's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Effect::Once => "once",
            Effect::Read => "read",
            Effect::Repeatable => "repeatable",
        }
    }
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
    #[schemars(extend("propertyNames" = { "enum": ["documented", "sample_type", "summary"] }))]
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

impl Outcome {
    /// The catalog's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Typed => "typed",
            Outcome::Fault => "fault",
            Outcome::Unreadable => "unreadable",
            Outcome::None => "none",
        }
    }

    /// The kind of the sample that is the answer which a reader can accept.
    pub fn answer(self) -> &'static str {
        match self {
            Outcome::Typed | Outcome::Fault => "response",
            Outcome::Unreadable => "response.repaired",
            Outcome::None => "response.supplied",
        }
    }
}

//! `api.yaml`: what holds for the whole API.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Param, Why};

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
    /// Where the generated files go: folders below the one that holds the catalog.
    pub outputs: Outputs,
    /// The names that the client has by hand, in its root and as functions: no accessor and no type can have one of them.
    #[serde(default)]
    pub reserved: Vec<String>,
    /// The operations around the API that are not XML-RPC methods, such as those of OAuth.
    #[serde(default)]
    pub operations: Vec<Operation>,
}

impl Api {
    /// The type's word in `integer (required)`, whichever of the documents has this flag.
    pub fn type_word<'a>(&self, documented: &'a str) -> &'a str {
        self.documents.values().find_map(|document| document.flagged(documented)).unwrap_or(documented)
    }
}

/// One of the documents.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// What the document is.
    pub title: String,
    /// The heading of its parameter tables, where a method gives no other.
    pub heading: Option<String>,
    /// The flag that follows the type of a required parameter in its tables: `(required)`.
    pub required_flag: Option<String>,
    /// Headings of parameter tables that make every parameter below them required.
    #[serde(default)]
    pub required_headings: Vec<String>,
    /// The word with which a parameter's text says, below such a heading, that it is optional all the same.
    pub optional_word: Option<String>,
}

impl Document {
    /// Whether a table marks a row as required, by the row's flag or by the table's heading.
    pub fn requires(&self, heading: Option<&String>, row: &Param) -> bool {
        let flag = row.documented.as_deref().is_some_and(|documented| self.flagged(documented).is_some());
        let excepted =
            self.optional_word.as_ref().zip(row.doc.as_ref()).is_some_and(|(word, doc)| doc.starts_with(word));
        flag || (!excepted && heading.is_some_and(|heading| self.required_headings.contains(heading)))
    }

    /// Cuts the flag off `integer (required)`, if it is there.
    fn flagged<'a>(&self, documented: &'a str) -> Option<&'a str> {
        documented.strip_suffix(self.required_flag.as_ref()?)?.strip_suffix(' ')
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

/// Where the generated files go: folders below the one that holds the catalog.
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
    #[schemars(extend("propertyNames" = { "enum": ["url"] }))]
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

//! `tables/<Table>.yaml`: what rows of the server's tables hold, and what may be done with them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Why;

/// `tables/<Table>.yaml`: a table and its fields.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The table's name on the wire, which is the file's name too.
    pub table: String,
    /// Further names by which people know its rows.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What a reader should know of the table.
    pub note: Option<String>,
    /// The field whose values give the rows a stable order. Left out where the table has none.
    pub order_key: Option<String>,
    /// The id of `types.yaml` that the order key holds. Left out where it holds none.
    pub id: Option<String>,
    /// The number by which custom fields name the table. Left out where rows have no custom fields.
    pub form: Option<i32>,
    /// Reasons for differences: `order_key` where the table has none.
    #[schemars(extend("propertyNames" = { "enum": ["order_key"] }))]
    #[serde(default)]
    pub why: Why,
    /// The table's own fields, sorted by name.
    pub fields: Vec<TableField>,
    /// Columns of other tables that a row of this one shows, each named `Table.Field` on the wire.
    #[serde(default)]
    pub joined: Vec<Joined>,
}

/// A field of a table, written on one line.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableField {
    /// Its name on the wire; of a joined table's column: the part after the dot.
    pub name: String,
    /// Its name in Rust, where the wire's is taken.
    pub rust: Option<String>,
    /// The sources' type. Left out, as is `access`, where no source knows it.
    #[serde(rename = "type")]
    pub type_: Option<FieldType>,
    /// What a client may do, as letters in this order: `E` set it when updating, `D` delete rows, `A` set it when adding, `R` read it.
    pub access: Option<String>,
    /// The field that it refers to, verbatim: `Table.Field:MANY_ONE` or `Table.Field:ONE_ONE`.
    pub relation: Option<String>,
    /// The field that it does refer to, `Table.Field`, where that isn't what `relation` says.
    pub refers_to: Option<String>,
    /// The id of `types.yaml` that it holds, where that doesn't follow from what it refers to.
    pub id: Option<String>,
    /// Whether it must never show.
    #[serde(default)]
    pub sensitive: bool,
    /// How many of the sources list the field.
    pub sources: u32,
    /// `false` leaves the field out when all fields are asked for.
    pub selected: Option<bool>,
    /// What a reader should know of the field.
    pub note: Option<String>,
    /// Reasons for differences: `selected` where that is `false`, `relation` where `refers_to` says otherwise, `id` where
    /// that isn't the id of what it refers to.
    #[schemars(extend("propertyNames" = { "enum": ["id", "relation", "selected"] }))]
    #[serde(default)]
    pub why: Why,
}

impl Table {
    /// A field of its own, by name.
    pub fn field(&self, name: &str) -> Option<&TableField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The id that follows from where a field of this table stands, or from what it refers to: only the order key of a
    /// table holds its ids. Other tables are found by their names.
    pub fn implied_id<'a>(&'a self, field: &TableField, find: impl Fn(&str) -> Option<&'a Table>) -> Option<&'a str> {
        if field.type_.is_some_and(|kind| kind != FieldType::Id) {
            return None;
        }
        let (table, name) = match field.target().and_then(|target| target.split_once('.')) {
            Some((table, name)) => (find(table)?, name),
            None => (self, field.name.as_str()),
        };
        table.id.as_deref().filter(|_| table.order_key.as_deref() == Some(name))
    }
}

impl TableField {
    /// What it refers to, as far as that can be read: `Table.Field`.
    pub fn target(&self) -> Option<&str> {
        self.refers_to.as_deref().or_else(|| self.relation.as_deref().and_then(stated))
    }
}

/// How many rows a relation connects.
const RELATIONS: [&str; 2] = ["MANY_ONE", "ONE_ONE"];

/// What a relation refers to, if it can be read: `Table.Field`.
pub fn stated(relation: &str) -> Option<&str> {
    let (target, kind) = relation.rsplit_once(':')?;
    (RELATIONS.contains(&kind) && target.contains('.')).then_some(target)
}

/// Columns of another table that a row shows.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Joined {
    /// The other table, whose name leads the columns' names.
    pub table: String,
    /// The field of this table that refers to the other one.
    pub through: String,
    /// What a reader should know of these columns.
    pub note: Option<String>,
    /// The columns, sorted by name.
    pub fields: Vec<TableField>,
}

/// The sources' words for what a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum FieldType {
    /// The id of a row; 0 means none.
    Id,
    /// A whole number.
    Int,
    /// A whole number that can be larger than the wire's `int`.
    Long,
    /// A number.
    Double,
    /// A boolean.
    Boolean,
    /// A text.
    String,
    /// A long text.
    Text,
    /// One of a list of words.
    Enum,
    /// A day.
    Date,
    /// A point in the server's civil time.
    DateTime,
}

//! `tables.rs` of a local server: what each table holds, and what may be done with it.
//!
//! Text instead of tokens: with a line for each field, the file reads as the tables that it lists.

use std::fmt::Write as _;

use crate::catalog::FieldType;
use crate::model::{Column, Model, Table};

/// Renders the tables.
pub(crate) fn file(model: &Model) -> String {
    let tables: String = model.tables.iter().map(table).collect();
    format!(
        "//! Every table with its fields.\n\n\
         use crate::table::{{Access, Field, FieldKind, Table}};\n\n\
         /// The tables of the catalog, sorted by name, and the fields of each, too.\n\
         pub(crate) const TABLES: &[Table] = &[\n{tables}];\n"
    )
}

fn table(table: &Table) -> String {
    let fields = table.fields.iter().fold(String::new(), |mut text, column| {
        let _ = writeln!(text, "            {},", field(column));
        text
    });
    format!(
        "    Table {{\n        name: {:?},\n        order_key: {:?},\n        fields: &[\n{fields}        ],\n    }},\n",
        table.name, table.order_key
    )
}

fn field(column: &Column) -> String {
    let access = column.access;
    format!(
        "Field {{ name: {:?}, kind: FieldKind::{}, access: Access {{ edit: {}, delete: {}, add: {}, read: {} }}, selected: {} }}",
        column.name,
        kind(column.kind),
        access.edit,
        access.delete,
        access.add,
        access.read,
        column.selected
    )
}

fn kind(kind: Option<FieldType>) -> &'static str {
    match kind {
        Some(FieldType::Id) => "Id",
        Some(FieldType::Int) => "Int",
        Some(FieldType::Long) => "Long",
        Some(FieldType::Double) => "Double",
        Some(FieldType::Boolean) => "Boolean",
        Some(FieldType::String) => "String",
        Some(FieldType::Text) => "Text",
        Some(FieldType::Enum) => "Enum",
        Some(FieldType::Date) => "Date",
        Some(FieldType::DateTime) => "DateTime",
        None => "Unknown",
    }
}

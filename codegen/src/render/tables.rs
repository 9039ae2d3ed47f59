//! `tables/`: a struct for the rows of each table, with its columns.
//!
//! Text instead of tokens: with a line for each column, a file reads as the table that it describes.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::docs::{markdown, sentence};
use crate::catalog::FieldType;
use crate::model::{Access, Column, Model, Table};

/// Renders `tables/mod.rs`: the modules, and the tables' names.
pub(crate) fn module(model: &Model) -> String {
    let lines = |line: fn(&Table) -> String| model.tables.iter().map(line).collect::<String>();
    format!(
        "//! A struct for the rows of each table, with a constant for each column.\n//!\n\
         //! Every field is optional: the server leaves out what is null, and rows hold the columns that were selected. An id of 0\n\
         //! means none, and is read as `None`; negative ones stay as they are.\n//!\n\
         //! [`Client::find`]({0}::Client::find) finds rows by their columns, [`Client::insert`]({0}::Client::insert) adds one,\n\
         //! [`Client::update`]({0}::Client::update) changes one and [`Client::delete`]({0}::Client::delete) deletes one. What the\n\
         //! server has no right for doesn't compile.\n\n\
         use {0}::runtime::string_enum;\n\n{1}\n{2}\n\
         string_enum! {{\n    /// The name of a table.\n    TableName {{\n{3}    }}\n}}\n",
        model.runtime,
        lines(|table| format!("mod {};\n", table.module)),
        lines(|table| format!("pub use self::{}::{};\n", table.module, table.name)),
        lines(|table| {
            let text = table.doc.as_deref().map_or_else(|| format!("The table `{}`.", table.name), said);
            format!("        /// {text}\n        {} = {:?},\n", table.name, table.name)
        }),
    )
}

/// Renders the file of one table.
pub(crate) fn file(model: &Model, table: &Table) -> String {
    let columns = ordered(table);
    let body = [
        structure(table, &columns),
        constants(table, &columns),
        description(table, &columns),
        abilities(table),
        places(table, &columns),
    ];
    format!("//! The table `{}`.\n\n{}\n{}", table.name, imports(model, table, &columns), body.join("\n"))
}

/// Those that can be read first: only they have a field.
fn ordered(table: &Table) -> Vec<&Column> {
    let (mut readable, others): (Vec<_>, Vec<_>) = table.fields.iter().partition(|column| column.access.read);
    readable.extend(others);
    readable
}

fn imports(model: &Model, table: &Table, columns: &[&Column]) -> String {
    let runtime = &model.runtime;
    let types: BTreeSet<String> = columns.iter().map(|column| rust_type(column)).collect();
    let of_root = ["Date", "DateTime", "Secret", "Value"].into_iter().filter(|name| types.contains(*name));
    let mut of_root: Vec<&str> = of_root.chain(["Record"]).collect();
    of_root.sort_unstable();
    let mut of_table = vec!["Column", "ColumnInfo", "Kind", "Table", "column", "rights"];
    of_table.extend(table.form.map(|_| "Customizable"));
    of_table.extend(table.deletes().then_some("Deletable"));
    of_table.extend(table.inserts().then_some("Insertable"));
    of_table.sort_unstable();
    let ids: BTreeSet<&String> = columns.iter().filter_map(|column| column.id.as_ref()).chain(&table.id).collect();
    let mut lines = format!("use {runtime}::runtime::row;\n");
    let _ = writeln!(lines, "use {runtime}::table::{};", braced(&of_table));
    let _ = writeln!(lines, "use {runtime}::{};", braced(&of_root));
    if !ids.is_empty() {
        let ids: Vec<&str> = ids.into_iter().map(String::as_str).collect();
        let _ = writeln!(lines, "\nuse super::super::{};", braced(&ids));
    }
    lines
}

fn braced(names: &[&str]) -> String {
    match names {
        [name] => (*name).to_owned(),
        names => format!("{{{}}}", names.join(", ")),
    }
}

fn structure(table: &Table, columns: &[&Column]) -> String {
    let mut text = String::new();
    let doc = table.doc.as_deref().map_or_else(String::new, |doc| format!(" {}", said(doc)));
    let _ = writeln!(text, "/// A row of the table `{}`.{doc}\n///\n/// {}", table.name, abilities_in_words(table));
    for alias in &table.aliases {
        let _ = writeln!(text, "#[doc(alias = {alias:?})]");
    }
    let _ = writeln!(text, "#[derive(Default)]\npub struct {} {{", table.name);
    for column in columns.iter().filter(|column| column.access.read) {
        let _ = writeln!(text, "    /// {}\n    pub {}: Option<{}>,", doc_of(column), column.field, rust_type(column));
    }
    text + "    /// Custom fields, and columns that the table isn't known to have.\n    pub extra: Record,\n}\n"
}

fn abilities_in_words(table: &Table) -> String {
    let words = [(table.inserts(), "added"), (table.updates(), "changed"), (table.deletes(), "deleted")];
    let words: Vec<&str> = words.into_iter().filter(|(can, _)| *can).map(|(_, word)| word).collect();
    let custom = if table.form.is_some() { ", and have custom fields" } else { "" };
    let order = table
        .order_key
        .as_ref()
        .map_or_else(String::new, |key| format!(" Queries order them by `{key}` unless told otherwise."));
    match words.as_slice() {
        [] => format!("Its rows can only be read{custom}.{order}"),
        words => format!("Its rows can be {}{custom}.{order}", listed(words)),
    }
}

fn constants(table: &Table, columns: &[&Column]) -> String {
    let mut text = format!("impl {} {{\n", table.name);
    for (index, column) in columns.iter().enumerate() {
        let gap = if index == 0 { "" } else { "\n" };
        let name = column.field.trim_end_matches('_').to_uppercase();
        let (doc, kind, rights) = (doc_of(column), rust_type(column), rights(column.access));
        let _ = writeln!(
            text,
            "{gap}    /// {doc}\n    pub const {name}: Column<{}, {kind}, rights::{rights}> = Column::new({:?});",
            table.name, column.name
        );
    }
    text + "}\n"
}

fn description(table: &Table, columns: &[&Column]) -> String {
    let columns = columns.iter().fold(String::new(), |mut text, column| {
        let unselected = if column.selected { "" } else { ".unselected()" };
        let secret = if column.sensitive { ".secret()" } else { "" };
        let (kind, access) = (kind(column), column.access.letters());
        let _ = writeln!(text, "        column({:?}, Kind::{kind}, {access:?}){unselected}{secret},", column.name);
        text
    });
    format!(
        "impl Table for {} {{\n    const TABLE: &'static str = {:?};\n    const COLUMNS: &'static [ColumnInfo] = &[\n{columns}    ];\n    \
         const ORDER_KEY: Option<&'static str> = {:?};\n    type Id = {};\n}}\n",
        table.name,
        table.name,
        table.order_key,
        table.id.as_deref().unwrap_or("i32"),
    )
}

fn abilities(table: &Table) -> String {
    let name = &table.name;
    let mut lines = Vec::new();
    lines.extend(table.inserts().then(|| format!("impl Insertable for {name} {{}}\n")));
    lines.extend(table.deletes().then(|| format!("impl Deletable for {name} {{}}\n")));
    lines.extend(
        table.form.map(|form| format!("impl Customizable for {name} {{\n    const FORM_ID: i32 = {form};\n}}\n")),
    );
    lines.join("\n")
}

fn places(table: &Table, columns: &[&Column]) -> String {
    let readable = columns.iter().filter(|column| column.access.read).enumerate();
    let lines: String = readable.map(|(index, column)| format!("        {index} {},\n", column.field)).collect();
    format!("row! {{\n    {} {{\n{lines}    }}\n}}\n", table.name)
}

/// The docs of a column: its name on the wire, what it holds, what may be done with it.
fn doc_of(column: &Column) -> String {
    let what = match (column.kind, &column.id) {
        (Some(FieldType::Id), Some(_)) => "an id",
        (Some(FieldType::Id), None) => "an id, of what is not known",
        (Some(FieldType::Int), _) => "a whole number",
        (Some(FieldType::Long), _) => "a long whole number",
        (Some(FieldType::Double), _) => "a number",
        (Some(FieldType::Boolean), _) => "a boolean",
        (Some(FieldType::String), _) => "a text",
        (Some(FieldType::Text), _) => "a long text",
        (Some(FieldType::Enum), _) => "one of a list of words",
        (Some(FieldType::Date), _) => "a day",
        (Some(FieldType::DateTime), _) => "a date and time",
        (None, _) => "of unknown type",
    };
    let what = if column.sensitive { "a secret" } else { what };
    let mut doc = format!("`{}`: {what}. {}.", column.name, access_in_words(column.access));
    if let Some(note) = &column.note {
        let _ = write!(doc, " {}", said(note));
    }
    if let Some(because) = column.unselected_because.as_ref().filter(|_| column.access.read) {
        let _ = write!(doc, " Not selected by default: {}", said(because));
    }
    doc
}

fn access_in_words(access: Access) -> String {
    let set = match (access.add, access.edit) {
        (true, true) => Some("set when a row is added or changed"),
        (true, false) => Some("set when a row is added"),
        (false, true) => Some("set when a row is changed"),
        (false, false) => None,
    };
    match (set, access.read) {
        (Some(set), true) => format!("Can be read, and {set}"),
        (Some(set), false) => format!("Can be {set}, and not be read"),
        (None, true) => "Can only be read".to_owned(),
        (None, false) => "Can neither be set nor read".to_owned(),
    }
}

fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [word] => (*word).to_owned(),
        [words @ .., last] => format!("{} and {last}", words.join(", ")),
    }
}

/// A text as a sentence of Markdown on one line.
fn said(text: &str) -> String {
    sentence(&markdown(text)).replace('\n', " ")
}

fn rust_type(column: &Column) -> String {
    let name = match column.kind {
        _ if column.sensitive => "Secret",
        Some(FieldType::Id) => column.id.as_deref().unwrap_or("i32"),
        Some(FieldType::Int) => "i32",
        Some(FieldType::Long) => "i64",
        Some(FieldType::Double) => "f64",
        Some(FieldType::Boolean) => "bool",
        Some(FieldType::String | FieldType::Text | FieldType::Enum) => "String",
        Some(FieldType::Date) => "Date",
        Some(FieldType::DateTime) => "DateTime",
        None => "Value",
    };
    name.to_owned()
}

fn kind(column: &Column) -> &'static str {
    match column.kind {
        Some(FieldType::Id) => "Id",
        Some(FieldType::Int) => "Int",
        Some(FieldType::Long) => "Long",
        Some(FieldType::Double) => "Double",
        Some(FieldType::Boolean) => "Boolean",
        Some(FieldType::String | FieldType::Text | FieldType::Enum) => "String",
        Some(FieldType::Date) => "Date",
        Some(FieldType::DateTime) => "DateTime",
        None => "Unknown",
    }
}

/// The type that stands for the rights.
fn rights(access: Access) -> &'static str {
    match (access.edit, access.add, access.read) {
        (true, true, true) => "Ear",
        (false, true, true) => "Ar",
        (true, false, true) => "Er",
        (true, true, false) => "Ea",
        (false, true, false) => "A",
        (true, false, false) => "E",
        (false, false, true) => "R",
        (false, false, false) => "Nothing",
    }
}

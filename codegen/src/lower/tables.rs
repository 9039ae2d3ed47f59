//! Tables: which id a column holds, and in which order columns stand.

use crate::catalog;
use crate::load::Catalog;
use crate::model::{Access, Column, Table};
use crate::names::{identifier, snake_case};

/// The access to fields of which no source knows it.
const READ_ONLY: &str = "R";

pub(super) fn tables(catalog: &Catalog) -> Vec<Table> {
    let mut tables: Vec<Table> = catalog.tables.iter().map(|file| table(catalog, &file.table)).collect();
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    tables
}

fn table(catalog: &Catalog, declared: &catalog::Table) -> Table {
    let own = declared.fields.iter().map(|field| column(catalog, declared, field.name.clone(), field));
    let joined = declared.joined.iter().flat_map(|joined| {
        let table = catalog.table(&joined.table).unwrap_or(declared);
        joined.fields.iter().map(|field| column(catalog, table, format!("{}.{}", joined.table, field.name), field))
    });
    let mut fields: Vec<Column> = own.chain(joined).collect();
    fields.sort_by(|a, b| a.name.cmp(&b.name));
    Table {
        name: declared.table.clone(),
        module: identifier(&snake_case(&declared.table)),
        aliases: declared.aliases.clone(),
        doc: declared.note.clone(),
        order_key: declared.order_key.clone(),
        id: declared.id.clone(),
        form: declared.form,
        fields,
    }
}

fn column(catalog: &Catalog, owner: &catalog::Table, name: String, field: &catalog::TableField) -> Column {
    let access = field.access.as_deref().unwrap_or(READ_ONLY);
    let implied = || owner.implied_id(field, |name| catalog.table(name)).map(str::to_owned);
    let id = field.id.clone().or_else(implied);
    Column {
        field: field.rust.clone().unwrap_or_else(|| identifier(&snake_case(&name))),
        name,
        kind: field.type_.or_else(|| id.is_some().then_some(catalog::FieldType::Id)),
        id,
        access: Access {
            edit: access.contains('E'),
            delete: access.contains('D'),
            add: access.contains('A'),
            read: access.contains('R'),
        },
        selected: field.selected.unwrap_or(true),
        unselected_because: field.why.get("selected").cloned(),
        sensitive: field.sensitive,
        note: field.note.clone(),
    }
}

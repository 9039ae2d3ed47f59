//! From a name that a client sends to a column: the only way from one to the other, so that no client's text is ever SQL.

use std::borrow::Cow;

use rusqlite::{Connection, OptionalExtension};

use crate::fault::Fault;
use crate::table::{Access, Field, FieldKind, Table};
use crate::tables::TABLES;

/// The forms that take custom fields: their ids, their tables, and the names under which fields are added to them.
const FORMS: &[(i32, &str, &[&str])] = &[
    (-1, "Contact", &["Contact"]),
    (-3, "Affiliate", &["Affiliate"]),
    (-4, "Lead", &["Opportunity", "Lead"]),
    (-5, "ContactAction", &["ContactAction"]),
    (-6, "Company", &["Company"]),
    (-9, "Job", &["Order", "Job"]),
    (-10, "RecurringOrder", &["Subscription", "RecurringOrder", "JobRecurring"]),
];

/// The data type of phone numbers.
const PHONE: i32 = 1;

/// What is to be done with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// To read it, to search by it, or to order by it.
    Read,
    /// To set it in a new record.
    Add,
    /// To set it in a record that is there.
    Edit,
    /// What the CRM's own screens do, which no access holds back.
    Any,
}

/// A field of a table, of the catalog's or of the account's own.
#[derive(Debug)]
pub(crate) struct Column {
    /// The table's name.
    pub(crate) table: &'static str,
    /// The field's name.
    pub(crate) name: Cow<'static, str>,
    /// What it holds.
    pub(crate) kind: FieldKind,
    /// Whether it holds phone numbers, which the server writes in a way of its own.
    pub(crate) phone: bool,
    access: Access,
}

/// Finds a table.
pub(crate) fn table(name: &str) -> Result<&'static Table, Fault> {
    TABLES.iter().find(|table| table.name == name).ok_or_else(|| Fault::no_table(name))
}

/// Refuses a table of which no field allows the way.
pub(crate) fn permit(table: &Table, way: Way) -> Result<(), Fault> {
    match table.fields.iter().any(|field| way.allowed(field.access)) {
        true => Ok(()),
        false => Err(Fault::table_access(table.name, way.name())),
    }
}

impl Column {
    /// Finds a field of a table that allows the way.
    pub(crate) fn find(db: &Connection, table: &'static Table, name: &str, way: Way) -> Result<Column, Fault> {
        let column = match table.fields.iter().find(|field| field.name == name) {
            Some(field) => Column {
                table: table.name,
                name: Cow::Borrowed(field.name),
                kind: joined(field.name).map_or(field.kind, |(_, joined)| joined.kind),
                phone: is_phone(field.name),
                access: field.access,
            },
            None => Column::custom(db, table, name)?.ok_or_else(|| Fault::no_field(table.name, name))?,
        };
        match way.allowed(column.access) {
            true => Ok(column),
            false => Err(Fault::field_access(table.name, name, way.name())),
        }
    }

    /// Finds a custom field, whose name the account's own list holds.
    fn custom(db: &Connection, table: &'static Table, name: &str) -> Result<Option<Column>, Fault> {
        let (Some(form), Some(bare)) = (form_of(table.name), name.strip_prefix('_')) else {
            return Ok(None);
        };
        let data_type: Option<i32> = db
            .prepare_cached("SELECT DataType FROM DataFormField WHERE FormId = ?1 AND Name = ?2")?
            .query_row((form, bare), |row| row.get(0))
            .optional()?;
        Ok(data_type.map(|data_type| Column {
            table: table.name,
            name: Cow::Owned(name.to_owned()),
            kind: custom_kind(data_type),
            phone: data_type == PHONE,
            access: Access { edit: true, delete: true, add: true, read: true },
        }))
    }

    /// How the field is read in SQL.
    pub(crate) fn sql(&self) -> String {
        expression(self.table, &self.name)
    }

    /// Whether it holds texts, or anything.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self.kind, FieldKind::String | FieldKind::Text | FieldKind::Enum | FieldKind::Unknown)
    }
}

impl Way {
    fn allowed(self, access: Access) -> bool {
        match self {
            Way::Read => access.read,
            Way::Add => access.add,
            Way::Edit => access.edit,
            Way::Any => true,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Way::Read => "read",
            Way::Add => "add",
            Way::Edit => "edit",
            Way::Any => "any",
        }
    }
}

/// The form that holds the custom fields of a table.
pub(crate) fn form_of(table: &str) -> Option<i32> {
    FORMS.iter().find(|form| form.1 == table).map(|form| form.0)
}

/// The form and the table to which custom fields are added under a name.
pub(crate) fn form_named(name: &str) -> Option<(i32, &'static str)> {
    FORMS.iter().find(|form| form.2.contains(&name)).map(|form| (form.0, form.1))
}

/// The table of a form.
pub(crate) fn table_of(form: i32) -> Option<&'static str> {
    FORMS.iter().find(|known| known.0 == form).map(|known| known.1)
}

/// What custom fields of a data type hold.
pub(crate) fn custom_kind(data_type: i32) -> FieldKind {
    match data_type {
        3 | 4 | 11 => FieldKind::Double,
        6..=9 | 12 | 22 => FieldKind::Int,
        13 => FieldKind::Date,
        14 => FieldKind::DateTime,
        _ => FieldKind::String,
    }
}

/// A name as SQL writes it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// `Phone1` and `Fax1`, and those of other tables, but not `Phone1Ext` and `Phone1Type`.
fn is_phone(name: &str) -> bool {
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit());
    bare != name && matches!(bare, "Phone" | "Fax") || name.ends_with("Phone") || name.ends_with("PhoneNumber")
}

/// The table and the field that a name with a dot stands for.
fn joined(name: &str) -> Option<(&'static Table, &'static Field)> {
    let (table, field) = name.split_once('.')?;
    let table = TABLES.iter().find(|known| known.name == table)?;
    table.fields.iter().find(|known| known.name == field).map(|field| (table, field))
}

/// How a field is read: most are columns, and some are read from other tables.
fn expression(table: &str, field: &str) -> String {
    let own = quoted(table);
    if field.contains('.') {
        return joined(field).map_or("NULL".to_owned(), |(other, inner)| {
            let (name, value) = (quoted(other.name), expression(other.name, inner.name));
            let key = quoted(&format!("{}Id", other.name));
            format!("(SELECT {value} FROM {name} WHERE {name}.\"Id\" = {own}.{key})")
        });
    }
    match (table, field) {
        ("Contact", "Groups") => "(SELECT group_concat(g.GroupId, ',' ORDER BY g.GroupId) FROM ContactGroupAssign g \
                                  WHERE g.ContactId = \"Contact\".\"Id\")"
            .to_owned(),
        ("ContactGroupAssign", "ContactGroup") => {
            format!("(SELECT g.GroupName FROM ContactGroup g WHERE g.Id = {own}.\"GroupId\")")
        }
        ("Campaignee", "Campaign") => format!("(SELECT s.Name FROM Campaign s WHERE s.Id = {own}.\"CampaignId\")"),
        _ => format!("{own}.{}", quoted(field)),
    }
}

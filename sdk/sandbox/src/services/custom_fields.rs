//! Custom fields: rows of `DataFormField`, each with a column of its own in the table of its form.

use rusqlite::Connection;

use super::{Arguments, Context};
use crate::call::Value;
use crate::fault::Fault;
use crate::store::column::{custom_kind, form_named, quoted, table, table_of};
use crate::store::row;
use crate::store::schema::affinity;

/// The data types, with every name that clients give them.
const DATA_TYPES: &[(i32, &[&str])] = &[
    (1, &["Phone", "PhoneNumber"]),
    (2, &["SSN", "SocialSecurityNumber"]),
    (3, &["Currency"]),
    (4, &["Percent"]),
    (5, &["State"]),
    (6, &["YesNo"]),
    (7, &["Year"]),
    (8, &["Month"]),
    (9, &["DayOfWeek"]),
    (10, &["Name"]),
    (11, &["Decimal", "DecimalNumber"]),
    (12, &["Whole", "WholeNumber"]),
    (13, &["Date"]),
    (14, &["DateTime"]),
    (15, &["Text"]),
    (16, &["TextArea"]),
    (17, &["List", "ListBox", "MultiSelect"]),
    (18, &["Website"]),
    (19, &["Email"]),
    (20, &["Radio"]),
    (21, &["Dropdown", "Select"]),
    (22, &["User"]),
    (23, &["Drilldown"]),
    (25, &["UserListBox"]),
];

/// The data types whose fields have values to choose from.
const WITH_VALUES: &[i32] = &[17, 20, 21, 23, 25];

/// How long a name can be.
const MAX_NAME: usize = 60;

pub(super) fn add(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (form, label) = (arguments.text()?, arguments.text()?);
    let (data_type, header) = (arguments.text()?, arguments.int()?);
    let refused = || Fault::database("Error creating custom field");
    let (form, table_name) = form_named(form).ok_or_else(refused)?;
    let named = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(data_type));
    let data_type = DATA_TYPES.iter().find(|known| named(known.1)).ok_or_else(refused)?.0;
    if label.trim().is_empty() || row::exists(context.db, table("DataFormGroup")?, header).is_err() {
        return Err(refused());
    }
    let name = free_name(context.db, form, label)?;
    let column = format!("{} {}", quoted(&format!("_{name}")), affinity(custom_kind(data_type)));
    // The database refuses when a table has too many columns.
    context
        .db
        .execute_batch(&format!("ALTER TABLE {} ADD COLUMN {column}", quoted(table_name)))
        .map_err(|_| refused())?;
    let values = [
        ("DataType", Value::Int(data_type)),
        ("FormId", Value::Int(form)),
        ("GroupId", Value::Int(header)),
        ("Label", Value::String(label.to_owned())),
        ("Name", Value::String(name)),
    ];
    let values = values.map(|(name, value)| (name.to_owned(), value));
    row::seed(context.db, table("DataFormField")?, &values, &context.civil).map(Value::Int)
}

pub(super) fn update(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (id, values) = (arguments.int()?, arguments.record()?);
    change(context, id, values)?;
    Ok(Value::Boolean(true))
}

/// Changes a field itself. One that gets another name is another field to clients, with the values of the old one.
pub(super) fn change(context: &Context<'_>, id: i32, values: &[(String, Value)]) -> Result<(), Fault> {
    let (db, fields) = (context.db, table("DataFormField")?);
    row::exists(db, fields, id)?;
    let sql = "SELECT FormId, Name, DataType FROM DataFormField WHERE Id = ?1";
    let (form, old, data_type): (i32, String, i32) =
        db.query_row(sql, [id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    if values.iter().any(|(name, _)| name == "Values") && !WITH_VALUES.contains(&data_type) {
        return Err(Fault::invalid_parameter(format_args!("Field {old} has no values to choose from")));
    }
    let new = values.iter().find(|(name, _)| name == "Name").map(|(_, value)| value);
    if let (Some(new), Some(table)) = (new, table_of(form)) {
        let new = match new {
            Value::String(new) if is_name(new) && (new.eq_ignore_ascii_case(&old) || is_free(db, form, new)?) => new,
            _ => return Err(Fault::invalid_parameter(format_args!("Invalid name for field {old}"))),
        };
        let (old, new) = (quoted(&format!("_{old}")), quoted(&format!("_{new}")));
        db.execute_batch(&format!("ALTER TABLE {} RENAME COLUMN {old} TO {new}", quoted(table)))?;
    }
    row::update(db, fields, id, values, &context.civil)
}

/// Whether a text can be a field's name.
fn is_name(text: &str) -> bool {
    (1..=MAX_NAME).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Makes a name of a label: its letters and digits, and a number if there is such a field already.
fn free_name(db: &Connection, form: i32, label: &str) -> Result<String, Fault> {
    let mut name: String = label.chars().filter(char::is_ascii_alphanumeric).take(MAX_NAME - 10).collect();
    if name.is_empty() {
        name.push_str("Custom");
    }
    let mut candidate = name.clone();
    for number in 0.. {
        if is_free(db, form, &candidate)? {
            break;
        }
        candidate = format!("{name}{number}");
    }
    Ok(candidate)
}

/// Columns cannot differ by case alone, though clients must write names with theirs.
fn is_free(db: &Connection, form: i32, name: &str) -> Result<bool, Fault> {
    let sql = "SELECT count(*) FROM DataFormField WHERE FormId = ?1 AND Name = ?2 COLLATE NOCASE";
    let taken: i64 = db.prepare_cached(sql)?.query_row((form, name), |row| row.get(0))?;
    Ok(taken == 0)
}

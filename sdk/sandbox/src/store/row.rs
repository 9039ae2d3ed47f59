//! Records: how they are added, changed and removed, and how their values travel.

use std::borrow::Cow;

use infusionsoft::DateTime;
use rusqlite::types::{Value as Stored, ValueRef};
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::column::{Column, Way, permit, quoted};
use crate::call::Value;
use crate::clock::stored as stored_time;
use crate::fault::Fault;
use crate::table::{FieldKind, Table};

/// The user as whom every call is made.
pub(crate) const USER: i32 = 1;

/// Adds a record, if its fields may be set in a new one.
pub(crate) fn add(db: &Connection, table: &'static Table, values: &[(String, Value)], now: &str) -> Result<i32, Fault> {
    permit(table, Way::Add)?;
    if values.is_empty() {
        return Err(Fault::no_fields(table.name));
    }
    let columns = values.iter().map(|(name, _)| Column::find(db, table, name, Way::Add)).collect::<Result<_, _>>()?;
    insert(db, table, columns, values, now)
}

/// Adds a record, whatever the access of its fields says: what the CRM's own screens can do.
pub(crate) fn seed(
    db: &Connection,
    table: &'static Table,
    values: &[(String, Value)],
    now: &str,
) -> Result<i32, Fault> {
    let columns = values.iter().map(|(name, _)| Column::find(db, table, name, Way::Any)).collect::<Result<_, _>>()?;
    insert(db, table, columns, values, now)
}

fn insert(
    db: &Connection,
    table: &'static Table,
    columns: Vec<Column>,
    values: &[(String, Value)],
    now: &str,
) -> Result<i32, Fault> {
    let mut cells = cells(columns, values)?;
    if let Some(last) = last_digits(table, values) {
        cells.push(("Last4".into(), Stored::Text(last)));
    }
    stamp(table, &mut cells, &["DateCreated", "CreationDate", "LastUpdated"], &["CreatedBy", "LastUpdatedBy"], now);
    let names: Vec<String> = cells.iter().map(|(name, _)| quoted(name)).collect();
    let places: Vec<String> = (1..=cells.len()).map(|place| format!("?{place}")).collect();
    let sql = match cells.is_empty() {
        true => format!("INSERT INTO {} DEFAULT VALUES", quoted(table.name)),
        false => {
            format!("INSERT INTO {} ({}) VALUES ({})", quoted(table.name), names.join(", "), places.join(", "))
        }
    };
    db.prepare_cached(&sql)?.execute(params_from_iter(cells.into_iter().map(|(_, value)| value)))?;
    i32::try_from(db.last_insert_rowid()).map_err(Fault::database)
}

/// Changes fields of a record, if they may be changed.
pub(crate) fn update(
    db: &Connection,
    table: &'static Table,
    id: i32,
    values: &[(String, Value)],
    now: &str,
) -> Result<(), Fault> {
    permit(table, Way::Edit)?;
    if values.is_empty() {
        return Err(Fault::no_fields(table.name));
    }
    let columns = values.iter().map(|(name, _)| Column::find(db, table, name, Way::Edit)).collect::<Result<_, _>>()?;
    let mut cells = cells(columns, values)?;
    exists(db, table, id)?;
    stamp(table, &mut cells, &["LastUpdated"], &["LastUpdatedBy"], now);
    let places: Vec<String> =
        (1..).zip(&cells).map(|(place, (name, _))| format!("{} = ?{place}", quoted(name))).collect();
    let sql = format!("UPDATE {} SET {} WHERE Id = ?{}", quoted(table.name), places.join(", "), cells.len() + 1);
    let values = cells.into_iter().map(|(_, value)| value).chain([Stored::Integer(id.into())]);
    db.prepare_cached(&sql)?.execute(params_from_iter(values))?;
    Ok(())
}

/// Removes a record, if the table's records can be removed.
pub(crate) fn delete(db: &Connection, table: &Table, id: i32) -> Result<(), Fault> {
    if !table.fields.iter().any(|field| field.name != "Id" && field.access.delete) {
        return Err(Fault::table_access(table.name, "delete"));
    }
    let sql = format!("DELETE FROM {} WHERE Id = ?1", quoted(table.name));
    match db.prepare_cached(&sql)?.execute([id])? {
        0 => Err(Fault::no_record(table.name, id)),
        _ => Ok(()),
    }
}

/// Makes sure that there is a record.
pub(crate) fn exists(db: &Connection, table: &Table, id: i32) -> Result<(), Fault> {
    if table.order_key.is_none() {
        return Err(Fault::no_field(table.name, "Id"));
    }
    let sql = format!("SELECT 1 FROM {} WHERE Id = ?1", quoted(table.name));
    let found = db.prepare_cached(&sql)?.query_row([id], |_| Ok(())).optional()?;
    found.ok_or_else(|| Fault::no_record(table.name, id))
}

/// A column's name with what it is to hold.
type Cell = (Cow<'static, str>, Stored);

fn cells(columns: Vec<Column>, values: &[(String, Value)]) -> Result<Vec<Cell>, Fault> {
    let cell = |(column, (_, value)): (Column, &(String, Value))| {
        let stored = match store(&column, value)? {
            // Some tables let clients choose the id: 0 is none, as in every id field.
            Stored::Integer(0) if column.name == "Id" => Stored::Null,
            Stored::Integer(..0) if column.name == "Id" => return Err(unfit(&column, value)),
            stored => stored,
        };
        Ok((column.name, stored))
    };
    columns.into_iter().zip(values).map(cell).collect()
}

/// Sets when and by whom a record was made or changed, where the table keeps it and the call does not say.
fn stamp(table: &Table, cells: &mut Vec<Cell>, times: &[&str], users: &[&str], now: &str) {
    for field in table.fields {
        let value = match field.kind {
            FieldKind::DateTime if times.contains(&field.name) => Stored::Text(now.to_owned()),
            FieldKind::Id if users.contains(&field.name) => Stored::Integer(USER.into()),
            _ => continue,
        };
        if !cells.iter().any(|(name, _)| name == field.name) {
            cells.push((field.name.into(), value));
        }
    }
}

/// The digits of a card that anybody may see.
fn last_digits(table: &Table, values: &[(String, Value)]) -> Option<String> {
    let number = values.iter().find(|(name, _)| table.name == "CreditCard" && name == "CardNumber")?;
    let Value::String(number) = &number.1 else { return None };
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    Some(digits.iter().skip(digits.len().saturating_sub(4)).collect())
}

/// A value as the database keeps it: an empty text is no value, numbers in texts are numbers.
pub(crate) fn store(column: &Column, value: &Value) -> Result<Stored, Fault> {
    let text = match value {
        Value::String(text) if text.is_empty() => return Ok(Stored::Null),
        Value::Int(number) => &number.to_string(),
        Value::Double(number) => &number.to_string(),
        Value::Boolean(flag) if column.is_text() => &flag.to_string(),
        Value::Boolean(flag) => &i32::from(*flag).to_string(),
        Value::String(text) | Value::DateTime(text) => text,
        Value::Base64(_) | Value::Array(_) | Value::Struct(_) => return Err(unfit(column, value)),
    };
    match column.kind {
        FieldKind::Id | FieldKind::Int => text.trim().parse::<i32>().ok().map(|number| Stored::Integer(number.into())),
        FieldKind::Long => text.trim().parse().ok().map(Stored::Integer),
        FieldKind::Boolean => flag(text.trim()).map(Stored::Integer),
        FieldKind::Double => number(text.trim()).map(Stored::Real),
        FieldKind::Date | FieldKind::DateTime => time(text.trim()).map(Stored::Text),
        _ if column.phone => Some(Stored::Text(phone(text))),
        _ => Some(Stored::Text(text.clone())),
    }
    .ok_or_else(|| unfit(column, value))
}

fn unfit(column: &Column, value: &Value) -> Fault {
    let (table, name, kind) = (column.table, &column.name, value.java_type());
    Fault::invalid_parameter(format_args!("Invalid value for field {table}.{name}: {kind}"))
}

fn flag(text: &str) -> Option<i64> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" => Some(1),
        "0" | "false" => Some(0),
        _ => None,
    }
}

fn number(text: &str) -> Option<f64> {
    // None of the words that Rust reads as numbers too.
    let plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    text.parse().ok().filter(|number: &f64| plain && number.is_finite())
}

/// Reads `20150719T19:53:56`, `2015-07-19 19:53:56` and `2015-07-19`.
fn time(text: &str) -> Option<String> {
    // The reader takes zones and fractions too, which the server does not.
    let (date, hours) = text.split_once(['T', ' ']).unwrap_or((text, ""));
    let plain = date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
        && hours.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    text.parse().ok().filter(|_| plain).map(|time: DateTime| stored_time(&time))
}

/// `987-654-3211` becomes `(987) 654-3211`; what is not ten digits stays as it is.
fn phone(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plain = text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')'));
    match (digits.len(), plain) {
        (10, true) => format!("({}) {}-{}", &digits[..3], &digits[3..6], &digits[6..]),
        _ => text.to_owned(),
    }
}

/// A stored value as it travels; null does not.
pub(crate) fn wire(kind: FieldKind, stored: ValueRef<'_>) -> Option<Value> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match (kind, stored) {
        (_, ValueRef::Null) => None,
        (FieldKind::Boolean, ValueRef::Integer(flag)) => Some(Value::Boolean(flag != 0)),
        (FieldKind::Double, ValueRef::Integer(number)) => Some(Value::Double(number as f64)),
        (FieldKind::String | FieldKind::Text | FieldKind::Enum, ValueRef::Integer(number)) => {
            Some(Value::String(number.to_string()))
        }
        // What an `<i4>` cannot hold travels as text.
        (_, ValueRef::Integer(number)) => {
            Some(i32::try_from(number).map_or_else(|_| Value::String(number.to_string()), Value::Int))
        }
        (_, ValueRef::Real(number)) => Some(Value::Double(number)),
        (FieldKind::Date | FieldKind::DateTime, ValueRef::Text(bytes)) => {
            Some(Value::DateTime(text(bytes).replace('-', "").replace(' ', "T")))
        }
        (_, ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => Some(Value::String(text(bytes))),
    }
}

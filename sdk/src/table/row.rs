//! Rows, field by field: one writer and one comparison for all tables. The module `read` has the reader.
//!
//! A generated struct only says where its fields are; everything else is here once, and not generic over the table.

use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::column::ColumnInfo;
use crate::convert::FromValue;
use crate::datetime::{Date, DateTime};
use crate::method::Sealed;
use crate::record::Record;
use crate::secret::Secret;
use crate::value::Value;

/// A row of a table: its columns, and what else came with it.
pub trait Row: Sealed {
    /// The columns of the table, those that can be read before the others.
    fn columns(&self) -> &'static [ColumnInfo];

    /// Custom fields, and columns that the table isn't known to have.
    fn extra(&self) -> &Record;

    #[doc(hidden)]
    fn extra_mut(&mut self) -> &mut Record;

    /// The field of a column, by its place among the columns, if it can be read.
    #[doc(hidden)]
    fn field(&self, index: usize) -> Option<&dyn Field>;

    #[doc(hidden)]
    fn field_mut(&mut self, index: usize) -> Option<&mut dyn Field>;
}

/// A field of a row, whatever its type.
#[doc(hidden)]
pub trait Field {
    /// Takes a value over; an error says what was expected.
    fn set(&mut self, value: &mut Value) -> Result<(), &'static str>;

    /// Takes a whole number, as `set` takes its value.
    fn int(&mut self, number: i64) -> Result<(), &'static str> {
        self.set(&mut Value::Int(number))
    }

    /// Takes a text, as `set` takes its value.
    fn text(&mut self, text: &str) -> Result<(), &'static str> {
        self.set(&mut Value::from(text))
    }

    /// What it holds.
    fn get(&self) -> Cell<'_>;
}

/// What a field holds.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    Nothing,
    Int(i64),
    Double(f64),
    Bool(bool),
    Text(&'a str),
    Secret(&'a Secret),
    Date(Date),
    DateTime(DateTime),
    Value(&'a Value),
}

/// A whole number of 32 bits: `i32` and the ids.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "columns with values of type `{Self}` can't be one of several",
    label = "the server looks for one of several ids only"
)]
pub trait Whole: Copy + Into<i32> + for<'a> FromValue<'a> {}

impl Whole for i32 {}

impl<T: Whole> Field for Option<T> {
    fn set(&mut self, value: &mut Value) -> Result<(), &'static str> {
        let Some(number) = T::from_value(value) else { return Err(T::EXPECTED) };
        *self = Some(number);
        Ok(())
    }

    fn get(&self) -> Cell<'_> {
        match *self {
            Some(number) => Cell::Int(number.into().into()),
            None => Cell::Nothing,
        }
    }
}

/// Declares how the other types are set, read like which type, and what they hold.
macro_rules! fields {
    ($($type:ty, $like:ty: |$from:ident| $set:expr, |$held:ident| $get:expr;)*) => {$(
        impl Field for Option<$type> {
            fn set(&mut self, $from: &mut Value) -> Result<(), &'static str> {
                let Some(held) = $set else { return Err(<$like as FromValue>::EXPECTED) };
                *self = Some(held);
                Ok(())
            }

            fn get(&self) -> Cell<'_> {
                match self {
                    Some($held) => $get,
                    None => Cell::Nothing,
                }
            }
        }
    )*};
}

fields! {
    i64, i64: |value| FromValue::from_value(value), |number| Cell::Int(*number);
    f64, f64: |value| FromValue::from_value(value), |number| Cell::Double(*number);
    bool, bool: |value| FromValue::from_value(value), |flag| Cell::Bool(*flag);
    Date, Date: |value| FromValue::from_value(value), |date| Cell::Date(*date);
    DateTime, DateTime: |value| FromValue::from_value(value), |time| Cell::DateTime(*time);
    Secret, Secret: |value| FromValue::from_value(value), |secret| Cell::Secret(secret);
    Value, Value: |value| Some(std::mem::replace(value, Value::Nil)), |value| Cell::Value(value);
}

impl Field for Option<String> {
    fn set(&mut self, value: &mut Value) -> Result<(), &'static str> {
        let text = match value {
            // Taken over without copying it.
            Value::String(text) => std::mem::take(text),
            // A column that isn't known to be secret shows it, as a field of type `String` does.
            Value::Secret(secret) => secret.expose().to_owned(),
            other => String::from_value(other).ok_or(<String as FromValue>::EXPECTED)?,
        };
        *self = Some(text);
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), &'static str> {
        *self = Some(text.to_owned());
        Ok(())
    }

    fn get(&self) -> Cell<'_> {
        match self {
            Some(text) => Cell::Text(text),
            None => Cell::Nothing,
        }
    }
}

impl Cell<'_> {
    fn to_value(self) -> Value {
        match self {
            Cell::Nothing => Value::Nil,
            Cell::Int(number) => Value::Int(number),
            Cell::Double(number) => Value::Double(number),
            Cell::Bool(flag) => Value::Bool(flag),
            Cell::Text(text) => Value::from(text),
            Cell::Secret(secret) => Value::from(secret.clone()),
            Cell::Date(date) => Value::from(date),
            Cell::DateTime(time) => Value::from(time),
            Cell::Value(value) => value.clone(),
        }
    }
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Nothing | Cell::Secret(_) => serializer.serialize_unit(),
            Cell::Int(number) => serializer.serialize_i64(*number),
            Cell::Double(number) => serializer.serialize_f64(*number),
            Cell::Bool(flag) => serializer.serialize_bool(*flag),
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::Date(date) => date.serialize(serializer),
            Cell::DateTime(time) => time.serialize(serializer),
            Cell::Value(value) => value.serialize(serializer),
        }
    }
}

/// The fields that hold something, with their columns.
fn cells(row: &dyn Row) -> Vec<(&'static ColumnInfo, Cell<'_>)> {
    let mut cells = Vec::new();
    for (index, column) in row.columns().iter().enumerate() {
        let cell = cell(row, index);
        if !matches!(cell, Cell::Nothing) {
            cells.push((column, cell));
        }
    }
    cells
}

fn cell(row: &dyn Row, index: usize) -> Cell<'_> {
    match row.field(index) {
        Some(field) => field.get(),
        None => Cell::Nothing,
    }
}

/// Copies what a row holds to an empty one of the same table.
pub fn clone(from: &dyn Row, to: &mut dyn Row) {
    for index in 0..from.columns().len() {
        let cell = cell(from, index);
        if let Some(field) = to.field_mut(index)
            && cell != Cell::Nothing
        {
            let copied = field.set(&mut cell.to_value());
            debug_assert_eq!(copied, Ok(()), "a field takes what it holds");
        }
    }
    to.extra_mut().clone_from(from.extra());
}

/// Compares what two rows of the same table hold.
pub fn eq(a: &dyn Row, b: &dyn Row) -> bool {
    (0..a.columns().len()).all(|index| cell(a, index) == cell(b, index)) && a.extra() == b.extra()
}

/// Shows the fields that hold something, by their names on the wire.
///
/// # Errors
///
/// Those of the formatter.
pub fn debug(table: &str, row: &dyn Row, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut shown = f.debug_struct(table);
    for (column, cell) in &cells(row) {
        match *cell {
            Cell::Nothing => &mut shown,
            Cell::Int(number) => shown.field(column.name, &number),
            Cell::Double(number) => shown.field(column.name, &number),
            Cell::Bool(flag) => shown.field(column.name, &flag),
            Cell::Text(text) => shown.field(column.name, &text),
            Cell::Secret(secret) => shown.field(column.name, secret),
            Cell::Date(date) => shown.field(column.name, &date),
            Cell::DateTime(time) => shown.field(column.name, &time),
            Cell::Value(value) => shown.field(column.name, value),
        };
    }
    for (name, value) in row.extra().iter() {
        if is_sensitive(row, name) {
            shown.field(name, &Secret::from(""))
        } else {
            shown.field(name, value)
        };
    }
    shown.finish()
}

/// Whether a member without a field is a column that must not show: one that can't be read.
fn is_sensitive(row: &dyn Row, name: &str) -> bool {
    row.columns().iter().any(|column| column.sensitive && column.name == name)
}

/// Writes the row as the wire would: a map of the columns that hold something. Secrets stay out.
///
/// # Errors
///
/// Those of the serializer.
pub fn serialize<S: Serializer>(row: &dyn Row, serializer: S) -> Result<S::Ok, S::Error> {
    let members = open(row);
    let mut map = serializer.serialize_map(Some(members.len()))?;
    for (name, cell) in &members {
        map.serialize_entry(name, cell)?;
    }
    map.end()
}

/// What may show of a row, by its names on the wire.
#[inline]
fn open(row: &dyn Row) -> Vec<(&str, Cell<'_>)> {
    let mut members = Vec::new();
    for (column, cell) in &cells(row) {
        if !matches!(cell, Cell::Secret(_)) {
            members.push((column.name, *cell));
        }
    }
    for (name, value) in row.extra().iter() {
        if !is_sensitive(row, name) {
            members.push((name, Cell::Value(value)));
        }
    }
    members
}

/// The row as a record: what holds something, secrets included.
pub fn into_record(row: &mut dyn Row) -> Record {
    let extra = std::mem::take(row.extra_mut());
    let mut record: Record = cells(row).iter().map(|(column, cell)| (column.name, cell.to_value())).collect();
    record.extend(extra);
    record
}

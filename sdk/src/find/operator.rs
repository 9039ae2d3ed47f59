//! What is asked of a column, as the server reads it.

// All functions are `inline`: each program needs few of them, and is spared compiling the others.

use crate::datetime::{Date, DateTime};
use crate::value::Value;

/// The operators that the documents list; a text that begins with one of them is not taken literally.
const OPERATORS: &[&str] = &["~>=~", "~<=~", "~<>~", "~>~", "~<~"];

/// What the documents have for a field without a value.
pub(super) const NULL: &str = "~null~";

/// What is asked of a column.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    /// The column has this value.
    Equal(Value),
    /// An operator with its operand, or a pattern.
    Text(String),
    /// The column has one of these ids.
    In(Vec<i32>),
}

/// An operator that compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    NotEqual,
    Above,
    AtLeast,
    Below,
    AtMost,
}

impl Test {
    /// How many ids it names.
    #[inline]
    pub(super) fn ids(&self) -> usize {
        if let Test::In(ids) = self { ids.len() } else { 0 }
    }

    #[inline]
    pub(super) fn into_value(self) -> Value {
        match self {
            Test::Equal(value) => value,
            Test::Text(text) => Value::String(text),
            Test::In(ids) => Value::from(ids),
        }
    }
}

/// Asks for a value, or for any time of a day.
#[inline]
pub(super) fn equal(value: Value, day: bool) -> Result<Test, String> {
    Ok(match value {
        Value::String(text) => literal(&text).map(|()| Test::Equal(Value::String(text)))?,
        // Wider numbers travel as texts.
        Value::Int(number) if i32::try_from(number).is_err() => Test::Equal(Value::String(number.to_string())),
        Value::DateTime(time) if day => Test::Text(format!("{}%", dashed(time.date()))),
        Value::DateTime(time) => Test::Equal(Value::String(spaced(time))),
        Value::Double(number) if !number.is_finite() => return Err(not_finite(number)),
        Value::Int(_) | Value::Bool(_) | Value::Double(_) => Test::Equal(value),
        Value::Nil | Value::Secret(_) | Value::Bytes(_) | Value::Array(_) | Value::Struct(_) => {
            return Err(not_scalar(&value));
        }
    })
}

/// Asks for what an operator says of a value.
#[inline]
pub(super) fn compare(operator: Operator, value: Value, day: bool) -> Result<Test, String> {
    let operand = match value {
        Value::String(text) => literal(&text).map(|()| text)?,
        Value::Int(number) => number.to_string(),
        Value::Bool(flag) => i32::from(flag).to_string(),
        Value::Double(number) if number.is_finite() => number.to_string(),
        Value::Double(number) => return Err(not_finite(number)),
        // What comes after a day comes after its last second.
        Value::DateTime(time) if day && matches!(operator, Operator::Above | Operator::AtMost) => {
            format!("{} 23:59:59", dashed(time.date()))
        }
        Value::DateTime(time) => spaced(time),
        Value::Nil | Value::Secret(_) | Value::Bytes(_) | Value::Array(_) | Value::Struct(_) => {
            return Err(not_scalar(&value));
        }
    };
    // The spaces are those of the documents' examples.
    Ok(Test::Text(match operator {
        Operator::NotEqual => format!("~<>~{operand}"),
        Operator::Above => format!("~>~ {operand}"),
        Operator::AtLeast => format!("~>=~ {operand}"),
        Operator::Below => format!("~<~ {operand}"),
        Operator::AtMost => format!("~<=~ {operand}"),
    }))
}

/// Asks for any time of a month.
#[inline]
pub(super) fn in_month(year: i16, month: i8) -> Result<Test, String> {
    match Date::new(year, month, 1) {
        Ok(_) => Ok(Test::Text(format!("{year:04}-{month:02}%"))),
        Err(_) => Err(format!("can't lie in month {month} of year {year}")),
    }
}

/// Refuses texts that the server wouldn't take literally.
#[inline]
pub(super) fn literal(text: &str) -> Result<(), String> {
    if text.contains('%') {
        return Err("has a text with \"%\", which the server takes for any run of characters; \
                    use like(), and compare the rows that it finds"
            .to_owned());
    }
    not_read(text)
}

/// Refuses texts in which the server would read an operator, or nothing.
#[inline]
pub(super) fn not_read(text: &str) -> Result<(), String> {
    let bare = text.trim_start();
    if bare.is_empty() {
        return Err("has an empty text, which stands for no value; use is_null()".to_owned());
    }
    if OPERATORS.iter().any(|operator| bare.starts_with(operator)) || bare.trim_end() == NULL {
        return Err("has a text that begins with an operator of the server's query language".to_owned());
    }
    Ok(())
}

#[inline]
fn not_finite(number: f64) -> String {
    format!("can't be compared with {number}")
}

#[inline]
fn not_scalar(value: &Value) -> String {
    let hint = if matches!(value, Value::Nil) { "; use is_null()" } else { "" };
    format!("can't be compared with a value of type {}{hint}", value.type_name())
}

/// `2013-06-01`, the form in which queries name days.
#[inline]
fn dashed(day: Date) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
}

/// `2013-06-01 12:00:00`, the form in which queries name points in time.
#[inline]
fn spaced(time: DateTime) -> String {
    format!("{} {:02}:{:02}:{:02}", dashed(time.date()), time.hour(), time.minute(), time.second())
}

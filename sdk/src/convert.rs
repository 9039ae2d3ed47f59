//! What a member of a record can be read as.

use std::collections::BTreeMap;

use crate::content::Bytes;
use crate::datetime::{Date, DateTime};
use crate::record::Record;
use crate::secret::Secret;
use crate::value::Value;
use crate::wire::decode;

/// A type that [`Record::get`] can read a member as.
pub trait FromValue<'a>: Sized {
    /// What an error says was expected.
    const EXPECTED: &'static str;

    /// Whether an empty text is `None` for an `Option` of this type, even where the type itself can be read from one.
    const EMPTY_IS_NONE: bool = false;

    /// The value as this type, if it can be read as one.
    fn from_value(value: &'a Value) -> Option<Self>;

    /// What stands for a missing member, if anything does.
    fn absent() -> Option<Self> {
        None
    }
}

impl<'a> FromValue<'a> for &'a Value {
    const EXPECTED: &'static str = "a value";

    fn from_value(value: &'a Value) -> Option<Self> {
        Some(value)
    }
}

impl<'a> FromValue<'a> for Value {
    const EXPECTED: &'static str = "a value";

    fn from_value(value: &'a Value) -> Option<Self> {
        Some(value.clone())
    }
}

impl<'a> FromValue<'a> for &'a str {
    const EXPECTED: &'static str = "string";

    fn from_value(value: &'a Value) -> Option<Self> {
        value.as_str()
    }
}

impl<'a> FromValue<'a> for String {
    const EXPECTED: &'static str = "string";

    fn from_value(value: &'a Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Int(number) => Some(number.to_string()),
            Value::Double(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            Value::DateTime(time) => Some(time.to_string()),
            Value::Nil | Value::Secret(_) | Value::Bytes(_) | Value::Array(_) | Value::Struct(_) => None,
        }
    }
}

impl<'a> FromValue<'a> for i64 {
    const EXPECTED: &'static str = "int";

    fn from_value(value: &'a Value) -> Option<Self> {
        match value {
            Value::Int(number) => Some(*number),
            Value::Bool(flag) => Some((*flag).into()),
            // Up to here, a double holds each whole number.
            Value::Double(number) if number.fract() == 0.0 && number.abs() < (1_i64 << 53) as f64 => {
                Some(*number as i64)
            }
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
}

/// Declares the narrower whole numbers.
macro_rules! narrower {
    ($($type:ident $expected:literal)*) => {$(
        impl<'a> FromValue<'a> for $type {
            const EXPECTED: &'static str = $expected;

            fn from_value(value: &'a Value) -> Option<Self> {
                i64::from_value(value)?.try_into().ok()
            }
        }
    )*};
}

narrower! {
    i16 "16-bit int"
    u16 "16-bit int without sign"
    i32 "32-bit int"
    u32 "32-bit int without sign"
}

impl<'a> FromValue<'a> for f32 {
    const EXPECTED: &'static str = "double";

    fn from_value(value: &'a Value) -> Option<Self> {
        decode::float(f64::from_value(value)?)
    }
}

impl<'a> FromValue<'a> for Secret {
    const EXPECTED: &'static str = "string";

    fn from_value(value: &'a Value) -> Option<Self> {
        match value {
            Value::Secret(secret) => Some(secret.clone()),
            value => String::from_value(value).map(Secret::from),
        }
    }
}

impl<'a> FromValue<'a> for f64 {
    const EXPECTED: &'static str = "double";

    fn from_value(value: &'a Value) -> Option<Self> {
        match value {
            Value::Double(number) => Some(*number),
            Value::Int(number) => Some(*number as f64),
            Value::Bool(flag) => Some((*flag).into()),
            // Rust also reads "inf" and "NaN", which are words here, and makes what is too great infinite.
            Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
            _ => None,
        }
    }
}

impl<'a> FromValue<'a> for bool {
    const EXPECTED: &'static str = "boolean";

    fn from_value(value: &'a Value) -> Option<Self> {
        match value {
            Value::Bool(flag) => Some(*flag),
            Value::Int(0) => Some(false),
            Value::Int(1) => Some(true),
            Value::String(text) => match text.trim() {
                "0" => Some(false),
                "1" => Some(true),
                text if text.eq_ignore_ascii_case("false") => Some(false),
                text if text.eq_ignore_ascii_case("true") => Some(true),
                _ => None,
            },
            _ => None,
        }
    }
}

impl<'a> FromValue<'a> for DateTime {
    const EXPECTED: &'static str = "dateTime";

    fn from_value(value: &'a Value) -> Option<Self> {
        match value {
            Value::DateTime(time) => Some(*time),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
}

impl<'a> FromValue<'a> for Date {
    const EXPECTED: &'static str = "date";

    fn from_value(value: &'a Value) -> Option<Self> {
        DateTime::from_value(value).map(DateTime::date)
    }
}

impl<'a> FromValue<'a> for &'a [u8] {
    const EXPECTED: &'static str = "base64";

    fn from_value(value: &'a Value) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }
}

impl<'a> FromValue<'a> for Bytes {
    const EXPECTED: &'static str = "base64";
    const EMPTY_IS_NONE: bool = true;

    fn from_value(value: &'a Value) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => Some(Bytes::from(bytes.as_slice())),
            Value::String(text) => decode::base64(text).map(Bytes::from),
            _ => None,
        }
    }
}

impl<'a> FromValue<'a> for Record {
    const EXPECTED: &'static str = "struct";
    const EMPTY_IS_NONE: bool = true;

    fn from_value(value: &'a Value) -> Option<Self> {
        match value {
            Value::Struct(record) => Some(record.clone()),
            value => value.is_blank().then(Record::new),
        }
    }
}

impl<'a, T: FromValue<'a>> FromValue<'a> for BTreeMap<String, T> {
    const EXPECTED: &'static str = "struct";
    const EMPTY_IS_NONE: bool = true;

    fn from_value(value: &'a Value) -> Option<Self> {
        let member = |(name, value): (&str, &'a Value)| Some((name.to_owned(), T::from_value(value)?));
        match value {
            Value::Struct(record) => record.iter().map(member).collect(),
            value => value.is_blank().then(BTreeMap::new),
        }
    }
}

impl<'a> FromValue<'a> for &'a Record {
    const EXPECTED: &'static str = "struct";

    fn from_value(value: &'a Value) -> Option<Self> {
        value.as_record()
    }
}

impl<'a, T: FromValue<'a>> FromValue<'a> for Vec<T> {
    const EXPECTED: &'static str = "array";
    const EMPTY_IS_NONE: bool = true;

    fn from_value(value: &'a Value) -> Option<Self> {
        match value {
            Value::Array(elements) => elements.iter().map(T::from_value).collect(),
            value => value.is_blank().then(Vec::new),
        }
    }
}

impl<'a, T: FromValue<'a>> FromValue<'a> for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_value(value: &'a Value) -> Option<Self> {
        match value {
            Value::Nil => Some(None),
            // An empty text is a text; for every other type it means none, as it does in typed answers.
            Value::String(text) if text.is_empty() && T::EMPTY_IS_NONE => Some(None),
            Value::String(text) if text.is_empty() => Some(T::from_value(value)),
            value => T::from_value(value).map(Some),
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

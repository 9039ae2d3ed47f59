//! What travels when no type is declared.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, DeserializeSeed, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};
use serde::{Deserialize, Deserializer};

use crate::content::Bytes;
use crate::convert::FromValue;
use crate::datetime::{Date, DateTime};
use crate::error::Error;
use crate::names::NameSeed;
use crate::record::{self, Record};
use crate::secret::Secret;
use crate::wire;

/// Any value of the wire: what a record's fields hold, and what [`Client::call_raw`](crate::Client::call_raw) takes and answers.
///
/// ```
/// use infusionsoft::Value;
///
/// assert_eq!(Value::from(18), Value::Int(18));
/// let names = Value::Array(vec!["Id".into(), "FirstName".into()]);
/// assert_eq!(Value::from(vec!["Id", "FirstName"]), names);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `<nil/>`, which answers can hold and requests never do.
    Nil,
    /// `<int>`, `<i4>` or `<i8>`. A request carries 32 bits: greater numbers are refused before anything is sent.
    Int(i64),
    /// `<boolean>`
    Bool(bool),
    /// `<double>`
    Double(f64),
    /// `<string>`, or a value without a type.
    String(String),
    /// `<string>` with a text that must not show: requests can hold one, answers never do.
    Secret(Secret),
    /// `<dateTime.iso8601>`
    DateTime(DateTime),
    /// `<base64>`
    Bytes(Vec<u8>),
    /// `<array>`
    Array(Vec<Value>),
    /// `<struct>`
    Struct(Record),
}

impl Value {
    /// What the wire calls the value's type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Nil => "nil",
            Value::Int(_) => "int",
            Value::Bool(_) => "boolean",
            Value::Double(_) => "double",
            Value::String(_) | Value::Secret(_) => "string",
            Value::DateTime(_) => "dateTime",
            Value::Bytes(_) => "base64",
            Value::Array(_) => "array",
            Value::Struct(_) => "struct",
        }
    }

    /// The value as a type of your choice, as leniently as [`Record::get`].
    ///
    /// ```
    /// use infusionsoft::{ContactId, Value};
    ///
    /// assert_eq!(Value::from("18").get::<ContactId>()?, ContactId(18));
    /// # Ok::<(), infusionsoft::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Of kind [`ErrorKind::Decode`](crate::ErrorKind::Decode) if it is not of that type.
    pub fn get<'a, T: FromValue<'a>>(&'a self) -> Result<T, Error> {
        T::from_value(self).ok_or_else(|| Error::wrong_value(T::EXPECTED, self))
    }

    /// The value as a type of yours, by its `Deserialize`: see [`Record::to`].
    ///
    /// # Errors
    ///
    /// Of kind [`ErrorKind::Decode`](crate::ErrorKind::Decode) if it is not of that type; the text names the member.
    pub fn to<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Error> {
        record::from_value(self)
    }

    /// Writes anything down as a value, by its `Serialize`: see [`Record::from_serialize`]. `None` is [`Value::Nil`].
    ///
    /// # Errors
    ///
    /// Of kind [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if a part of it can't be written; the text
    /// names the member.
    pub fn from_serialize<T: Serialize + ?Sized>(value: &T) -> Result<Value, Error> {
        record::to_value(value)
    }

    /// Whether it is a nil or a blank text, which stand for an empty array or struct, as in typed answers.
    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Value::Nil => true,
            Value::String(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The text of a [`Value::String`].
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number of a [`Value::Int`].
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The elements of a [`Value::Array`].
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Value::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The members of a [`Value::Struct`].
    pub fn as_record(&self) -> Option<&Record> {
        match self {
            Value::Struct(record) => Some(record),
            _ => None,
        }
    }
}

macro_rules! value_from {
    ($($type:ty => $value:ident, $by:expr;)*) => {
        $(impl From<$type> for Value {
            fn from($value: $type) -> Value {
                $by
            }
        })*
    };
}

value_from! {
    // No u8: a file's bytes, in a `Vec<u8>`, would become a list of numbers. They are `Bytes`.
    i16 => value, Value::Int(value.into());
    i32 => value, Value::Int(value.into());
    u16 => value, Value::Int(value.into());
    i64 => value, Value::Int(value);
    u32 => value, Value::Int(value.into());
    bool => value, Value::Bool(value);
    f32 => value, Value::Double(value.into());
    f64 => value, Value::Double(value);
    &str => value, Value::String(value.to_owned());
    String => value, Value::String(value);
    &String => value, Value::String(value.clone());
    Secret => value, Value::Secret(value);
    DateTime => value, Value::DateTime(value);
    Date => value, Value::DateTime(value.at_midnight());
    Record => value, Value::Struct(value);
    Bytes => value, Value::Bytes(value.into_vec());
}

/// Declares what a value can be turned into by itself, as leniently as [`Record::get`] does.
macro_rules! into_types {
    ($($type:ty)*) => {$(
        impl TryFrom<Value> for $type {
            type Error = Error;

            fn try_from(value: Value) -> Result<$type, Error> {
                value.get()
            }
        }
    )*};
}

into_types! { i16 u16 i32 u32 i64 f32 f64 bool DateTime Date Secret }

/// Declares what takes the content of a value over, or is converted like the others.
macro_rules! into_parts {
    ($($type:ty: $variant:ident($part:ident) => $by:expr;)*) => {$(
        impl TryFrom<Value> for $type {
            type Error = Error;

            fn try_from(value: Value) -> Result<$type, Error> {
                match value {
                    Value::$variant($part) => Ok($by),
                    other => other.get(),
                }
            }
        }
    )*};
}

into_parts! {
    String: String(text) => text;
    Record: Struct(record) => record;
    Bytes: Bytes(bytes) => Bytes::from(bytes);
}

impl<T: for<'a> FromValue<'a>> TryFrom<Value> for Vec<T> {
    type Error = Error;

    fn try_from(value: Value) -> Result<Vec<T>, Error> {
        value.get()
    }
}

impl<T: for<'a> FromValue<'a>> TryFrom<Value> for BTreeMap<String, T> {
    type Error = Error;

    fn try_from(value: Value) -> Result<BTreeMap<String, T>, Error> {
        value.get()
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(elements: Vec<T>) -> Value {
        Value::Array(elements.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value> + Clone> From<&[T]> for Value {
    fn from(elements: &[T]) -> Value {
        Value::Array(elements.iter().cloned().map(Into::into).collect())
    }
}

impl<T: Into<Value>, const N: usize> From<[T; N]> for Value {
    fn from(elements: [T; N]) -> Value {
        Value::Array(elements.into_iter().map(Into::into).collect())
    }
}

impl<K: Into<String>, V: Into<Value>> From<BTreeMap<K, V>> for Value {
    fn from(members: BTreeMap<K, V>) -> Value {
        Value::Struct(members.into_iter().collect())
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Nil => serializer.serialize_unit(),
            Value::Int(number) => serializer.serialize_i64(*number),
            Value::Bool(flag) => serializer.serialize_bool(*flag),
            Value::Double(number) => serializer.serialize_f64(*number),
            Value::String(text) => serializer.serialize_str(text),
            Value::Secret(_) => Err(S::Error::custom("a secret is not written down: expose it where that is meant")),
            Value::DateTime(time) => time.serialize(serializer),
            Value::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Value::Array(elements) => serializer.collect_seq(elements),
            Value::Struct(record) => record.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut value = Value::Nil;
        Place(&mut value).deserialize(deserializer)?;
        Ok(value)
    }
}

/// The variant as which a secret is handed to a [`Place`]; every other one holds a time.
pub(crate) const SECRET: &str = "secret";

/// Where a value is read to: a value that is handed up step by step is copied at each of them.
///
/// Takes whatever comes. The name with which it asks makes our own readers tell dates and secrets from texts,
/// which serde's data model doesn't: they arrive as an enum's variant, which no other format sends unasked.
pub(crate) struct Place<'v>(pub(crate) &'v mut Value);

impl Place<'_> {
    fn set<E>(self, value: Value) -> Result<(), E> {
        *self.0 = value;
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_newtype_struct(wire::DYNAMIC, self)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<(), E> {
        self.set(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.set(Value::Int(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<(), E> {
        self.set(Value::Int(i64::try_from(number).map_err(E::custom)?))
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.set(Value::Double(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.set(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<(), E> {
        self.set(Value::String(text))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<(), E> {
        self.set(Value::Bytes(bytes.to_vec()))
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<(), E> {
        self.set(Value::Bytes(bytes))
    }

    fn visit_none<E>(self) -> Result<(), E> {
        self.set(Value::Nil)
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.set(Value::Nil)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<(), A::Error> {
        let (is_secret, content) = data.variant_seed(NameSeed(|name: &str| name == SECRET))?;
        self.set(match is_secret {
            true => Value::Secret(content.newtype_variant()?),
            false => Value::DateTime(content.newtype_variant()?),
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let mut values = Vec::new();
        let mut value = Value::Nil;
        while elements.next_element_seed(Place(&mut value))?.is_some() {
            values.push(std::mem::replace(&mut value, Value::Nil));
        }
        self.set(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<(), A::Error> {
        self.set(Value::Struct(Record::collect(members)?))
    }
}

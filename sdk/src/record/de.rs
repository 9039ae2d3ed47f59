//! Values as any type that serde can read.

// All functions are `inline`: each program needs few of them, and is spared compiling the others.

use std::iter::once;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, MapDeserializer};
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};

use crate::convert::FromValue;
use crate::error::{Error, ErrorKind};
use crate::record::problem::Problem;
use crate::record::{Record, RecordIter};
use crate::value::{SECRET, Value};
use crate::wire::decode::{alike, base64};
use crate::wire::{DYNAMIC, TEXT};

type Result<T> = std::result::Result<T, Problem>;

/// Reads a value as any type, as leniently as an answer.
#[inline]
pub(crate) fn from_value<'a, T: Deserialize<'a>>(value: &'a Value) -> std::result::Result<T, Error> {
    read(PhantomData, value).map_err(unreadable)
}

/// Reads a record as any type.
#[inline]
pub(crate) fn from_record<'a, T: Deserialize<'a>>(record: &'a Record) -> std::result::Result<T, Error> {
    let read = T::deserialize(MapAccessDeserializer::new(Members::of(record)));
    read.map_err(|problem| unreadable(problem.hidden(has_secret(record))))
}

#[inline]
fn unreadable(problem: Problem) -> Error {
    Error::new(ErrorKind::Decode, problem.to_string())
}

/// Reads one value through a seed.
#[inline]
fn read<'de, T: DeserializeSeed<'de>>(seed: T, value: &'de Value) -> Result<T::Value> {
    seed.deserialize(Reader(value)).map_err(|problem| match value {
        // What a type says of a text that it refuses can show the text.
        Value::Secret(_) => Problem::new("the secret is not of the declared type"),
        _ => problem.hidden(is_secret(value)),
    })
}

/// Whether a value is a secret or holds one.
fn is_secret(value: &Value) -> bool {
    match value {
        Value::Secret(_) => true,
        Value::Array(elements) => elements.iter().any(is_secret),
        Value::Struct(record) => has_secret(record),
        _ => false,
    }
}

fn has_secret(record: &Record) -> bool {
    record.iter().any(|(_, value)| is_secret(value))
}

/// What a nil and a blank text are where a struct is declared.
static EMPTY: Record = Record { members: Vec::new() };

/// Reads one value.
#[derive(Clone, Copy)]
struct Reader<'a>(&'a Value);

impl<'a> Reader<'a> {
    #[inline]
    fn read<T: FromValue<'a>>(self) -> Result<T> {
        T::from_value(self.0).ok_or_else(|| Problem::mismatch(T::EXPECTED, self.0))
    }
}

/// Implements methods that read a value as one type and offer it.
macro_rules! scalars {
    ($($visit:ident: $($method:ident)*;)*) => {$($(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            visitor.$visit(self.read()?)
        }
    )*)*};
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Problem;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Nil => visitor.visit_unit(),
            Value::Int(number) => visitor.visit_i64(*number),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Double(number) => visitor.visit_f64(*number),
            Value::String(_) | Value::Secret(_) | Value::DateTime(_) => self.deserialize_str(visitor),
            Value::Bytes(bytes) => visitor.visit_borrowed_bytes(bytes),
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Struct(_) => self.deserialize_map(visitor),
        }
    }

    scalars! {
        visit_bool: deserialize_bool;
        visit_i64: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
            deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128;
        visit_f32: deserialize_f32;
        visit_f64: deserialize_f64;
    }

    alike! {
        deserialize_char: deserialize_str();
        deserialize_string: deserialize_str();
        deserialize_identifier: deserialize_str();
        deserialize_byte_buf: deserialize_bytes();
        deserialize_unit_struct: deserialize_unit(&'static str);
        deserialize_tuple: deserialize_seq(usize);
        deserialize_struct: deserialize_map(&'static str, &'static [&'static str]);
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Secret(secret) => visitor.visit_borrowed_str(secret.expose()),
            _ => visitor.visit_string(self.read()?),
        }
    }

    #[inline]
    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Bytes(bytes) => visitor.visit_borrowed_bytes(bytes),
            Value::String(text) => visitor.visit_byte_buf(base64(text).ok_or_else(|| Problem::new("invalid base64"))?),
            other => Err(Problem::mismatch("base64", other)),
        }
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Nil => visitor.visit_none(),
            Value::String(text) if text.is_empty() => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    #[inline]
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Nil => visitor.visit_unit(),
            other => Err(Problem::mismatch("nothing", other)),
        }
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value> {
        if name != DYNAMIC {
            return visitor.visit_newtype_struct(self);
        }
        // A dynamic value tells times and secrets from texts.
        let variant = match self.0 {
            Value::DateTime(time) => ("dateTime", time.to_string()),
            Value::Secret(secret) => (SECRET, secret.expose().to_owned()),
            _ => return self.deserialize_any(visitor),
        };
        visitor.visit_enum(MapAccessDeserializer::new(MapDeserializer::new(once(variant))))
    }

    #[inline]
    fn deserialize_tuple_struct<V: Visitor<'de>>(self, name: &'static str, _: usize, visitor: V) -> Result<V::Value> {
        match self.0 {
            _ if name != TEXT => self.deserialize_seq(visitor),
            Value::Nil => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let elements = match self.0 {
            Value::Array(elements) => elements.as_slice(),
            value if value.is_blank() => &[],
            other => return Err(Problem::mismatch("array", other)),
        };
        visitor.visit_seq(Elements { rest: elements.iter(), count: 0 })
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let record = match self.0 {
            Value::Struct(record) => record,
            value if value.is_blank() => &EMPTY,
            other => return Err(Problem::mismatch("struct", other)),
        };
        visitor.visit_map(Members::of(record))
    }

    /// A variant that holds something is a struct with one member.
    #[inline]
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.0 {
            Value::Struct(record) if record.len() == 1 => {
                visitor.visit_enum(MapAccessDeserializer::new(Members::of(record)))
            }
            _ => visitor.visit_enum(self.read::<String>()?.into_deserializer()),
        }
    }

    #[inline]
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }
}

/// The elements of an array.
struct Elements<'a> {
    rest: std::slice::Iter<'a, Value>,
    count: usize,
}

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = Problem;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let Some(value) = self.rest.next() else { return Ok(None) };
        let place = self.count;
        self.count += 1;
        read(seed, value).map(Some).map_err(|problem| problem.within(&format!("[{place}]")))
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// The members of a struct.
struct Members<'a> {
    rest: RecordIter<'a>,
    member: Option<(&'a str, &'a Value)>,
}

impl Members<'_> {
    #[inline]
    fn of(record: &Record) -> Members<'_> {
        Members { rest: record.iter(), member: None }
    }
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Problem;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        self.member = self.rest.next();
        let Some((name, _)) = self.member else { return Ok(None) };
        seed.deserialize(Name(name)).map(Some).map_err(|problem| problem.within(name))
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        let (name, value) = self.member.take().ok_or_else(|| Problem::new("a value was read before its name"))?;
        read(seed, value).map_err(|problem| problem.within(name))
    }
}

/// The name of a member, which can be a number where it is the key of a map.
struct Name<'a>(&'a str);

impl Name<'_> {
    #[inline]
    fn number(&self) -> Result<i64> {
        self.0.trim().parse().map_err(|_| Problem::new("expected int, got another name"))
    }
}

/// Implements the methods for whole numbers.
macro_rules! numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            visitor.visit_i64(self.number()?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Name<'de> {
    type Error = Problem;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_borrowed_str(self.0)
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    #[inline]
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    forward_to_deserialize_any! {
        bool i128 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

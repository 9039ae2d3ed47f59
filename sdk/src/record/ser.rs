//! Any type that serde can write, as a value.

// All functions are `inline`: each program needs few of them, and is spared compiling the others.

use std::fmt::Display;

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use crate::datetime;
use crate::error::Error;
use crate::record::Record;
use crate::record::problem::Problem;
use crate::value::Value;

/// Writes anything as a value; `None` at the top is a nil.
#[inline]
pub(crate) fn to_value<T: Serialize + ?Sized>(value: &T) -> std::result::Result<Value, Error> {
    let written = value.serialize(Writer);
    let written = written.map_err(|problem| Error::invalid(problem.to_string()))?;
    Ok(written.unwrap_or(Value::Nil))
}

type Result<T> = std::result::Result<T, Problem>;

/// Writes one value; nothing comes of a `None`, which is left out where it is a member.
struct Writer;

/// Implements what is written as a value at once.
macro_rules! scalars {
    ($($method:ident($type:ty) $value:ident => $by:expr;)*) => {$(
        fn $method(self, $value: $type) -> Result<Option<Value>> {
            Ok(Some($by))
        }
    )*};
}

#[inline]
fn whole<N: Display + Copy + TryInto<i64>>(number: N) -> Result<Option<Value>> {
    let fits = number.try_into().map_err(|_| Problem::new(format_args!("{number} doesn't fit 64 bits")));
    fits.map(|number| Some(Value::Int(number)))
}

impl Serializer for Writer {
    type Ok = Option<Value>;
    type Error = Problem;
    type SerializeSeq = Elements;
    type SerializeTuple = Elements;
    type SerializeTupleStruct = Elements;
    type SerializeTupleVariant = Elements;
    type SerializeMap = Members;
    type SerializeStruct = Members;
    type SerializeStructVariant = Members;

    scalars! {
        serialize_bool(bool) flag => Value::Bool(flag);
        serialize_i8(i8) number => Value::Int(number.into());
        serialize_i16(i16) number => Value::Int(number.into());
        serialize_i32(i32) number => Value::Int(number.into());
        serialize_i64(i64) number => Value::Int(number);
        serialize_u8(u8) number => Value::Int(number.into());
        serialize_u16(u16) number => Value::Int(number.into());
        serialize_u32(u32) number => Value::Int(number.into());
        serialize_f32(f32) number => Value::Double(number.into());
        serialize_f64(f64) number => Value::Double(number);
        serialize_char(char) letter => Value::String(letter.into());
        serialize_str(&str) text => Value::String(text.to_owned());
        serialize_bytes(&[u8]) bytes => Value::Bytes(bytes.to_vec());
    }

    #[inline]
    fn serialize_u64(self, number: u64) -> Result<Option<Value>> {
        whole(number)
    }

    #[inline]
    fn serialize_i128(self, number: i128) -> Result<Option<Value>> {
        whole(number)
    }

    #[inline]
    fn serialize_u128(self, number: u128) -> Result<Option<Value>> {
        whole(number)
    }

    #[inline]
    fn serialize_none(self) -> Result<Option<Value>> {
        Ok(None)
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Option<Value>> {
        value.serialize(self)
    }

    #[inline]
    fn serialize_unit(self) -> Result<Option<Value>> {
        Ok(Some(Value::Nil))
    }

    #[inline]
    fn serialize_unit_struct(self, _: &'static str) -> Result<Option<Value>> {
        self.serialize_unit()
    }

    #[inline]
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Option<Value>> {
        self.serialize_str(variant)
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<Option<Value>> {
        match value.serialize(self)? {
            Some(Value::String(text)) if name == datetime::NAME => {
                text.parse().map(|time| Some(Value::DateTime(time))).map_err(Problem::new)
            }
            written => Ok(written),
        }
    }

    #[inline]
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Option<Value>> {
        let value = value.serialize(Writer).map_err(|problem| problem.within(variant))?;
        // A variant is kept even if it holds nothing.
        Ok(Some(wrapped(Some(variant), value.unwrap_or(Value::Nil))))
    }

    #[inline]
    fn serialize_seq(self, length: Option<usize>) -> Result<Elements> {
        Ok(Elements { values: Vec::with_capacity(length.unwrap_or(0).min(1024)), variant: None })
    }

    #[inline]
    fn serialize_tuple(self, length: usize) -> Result<Elements> {
        self.serialize_seq(Some(length))
    }

    #[inline]
    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Elements> {
        self.serialize_seq(Some(length))
    }

    #[inline]
    fn serialize_tuple_variant(self, _: &'static str, _: u32, variant: &'static str, _: usize) -> Result<Elements> {
        Ok(Elements { values: Vec::new(), variant: Some(variant) })
    }

    #[inline]
    fn serialize_map(self, _: Option<usize>) -> Result<Members> {
        Ok(Members::default())
    }

    #[inline]
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members> {
        Ok(Members::default())
    }

    #[inline]
    fn serialize_struct_variant(self, _: &'static str, _: u32, variant: &'static str, _: usize) -> Result<Members> {
        Ok(Members { variant: Some(variant), ..Members::default() })
    }
}

/// The elements of an array, and the variant of an enum that they belong to.
struct Elements {
    values: Vec<Value>,
    variant: Option<&'static str>,
}

impl Elements {
    #[inline]
    fn add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let place = format!("[{}]", self.values.len());
        let value = value.serialize(Writer).map_err(|problem| problem.within(&place))?;
        self.values.push(value.unwrap_or(Value::Nil));
        Ok(())
    }

    #[inline]
    fn end(self) -> Option<Value> {
        Some(wrapped(self.variant, Value::Array(self.values)))
    }
}

/// The members of a struct, and the variant of an enum that they belong to.
#[derive(Default)]
struct Members {
    members: Vec<(String, Value)>,
    key: String,
    variant: Option<&'static str>,
}

impl Members {
    #[inline]
    fn add<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<()> {
        if let Some(value) = value.serialize(Writer).map_err(|problem| problem.within(name))? {
            self.members.push((name.to_owned(), value));
        }
        Ok(())
    }

    #[inline]
    fn end(self) -> Option<Value> {
        Some(wrapped(self.variant, Value::Struct(self.members.into_iter().collect())))
    }
}

/// A variant is a struct with one member, as serde's other formats have it.
#[inline]
fn wrapped(variant: Option<&'static str>, value: Value) -> Value {
    match variant {
        Some(variant) => Value::Struct(Record::from_iter([(variant, value)])),
        None => value,
    }
}

/// Implements the traits of lists.
macro_rules! lists {
    ($($trait:ident::$method:ident;)*) => {$(
        impl $trait for Elements {
            type Ok = Option<Value>;
            type Error = Problem;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                self.add(value)
            }

            #[inline]
            fn end(self) -> Result<Option<Value>> {
                Ok(Elements::end(self))
            }
        }
    )*};
}

lists! {
    SerializeSeq::serialize_element;
    SerializeTuple::serialize_element;
    SerializeTupleStruct::serialize_field;
    SerializeTupleVariant::serialize_field;
}

/// Implements the traits of structs.
macro_rules! structs {
    ($($trait:ident;)*) => {$(
        impl $trait for Members {
            type Ok = Option<Value>;
            type Error = Problem;

            #[inline]
            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
                self.add(name, value)
            }

            #[inline]
            fn end(self) -> Result<Option<Value>> {
                Ok(Members::end(self))
            }
        }
    )*};
}

structs! {
    SerializeStruct;
    SerializeStructVariant;
}

impl SerializeMap for Members {
    type Ok = Option<Value>;
    type Error = Problem;

    #[inline]
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.key = match key.serialize(Writer)? {
            Some(Value::String(text)) => text,
            Some(Value::Int(number)) => number.to_string(),
            _ => return Err(Problem::new("a member's name must be a text or a whole number")),
        };
        Ok(())
    }

    #[inline]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let name = std::mem::take(&mut self.key);
        self.add(&name, value)
    }

    #[inline]
    fn end(self) -> Result<Option<Value>> {
        Ok(Members::end(self))
    }
}

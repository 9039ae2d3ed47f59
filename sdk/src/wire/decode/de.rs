//! The values of a document as serde's data model, by the declared type.

use std::any::type_name;
use std::iter::once;
use std::str::FromStr;

use serde::de::value::{MapAccessDeserializer, MapDeserializer};
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};

use super::document::{Document, Head, Scalar};
use super::error::{DecodeError, DecodeErrorKind, quoted};
use super::scalar;

type Result<T> = std::result::Result<T, DecodeError>;

/// The name of the newtype struct under which a dynamic value asks for what looks like a text as an enum's variant: `dateTime`
/// here, `secret` too where a value is read again.
pub(crate) const DYNAMIC: &str = "$infusionsoft::Dynamic";

/// The name of the tuple struct under which an optional text is read, whose empty text isn't none.
///
/// Not a newtype struct: reading one can end in any kind of value, and each such member would compile all of them.
pub(crate) const TEXT: &str = "$infusionsoft::Text";

/// Reads the value that the document has opened.
pub(crate) struct Decoder<'a> {
    pub(super) document: Document<'a>,
    /// What stands in the value, once it has been looked at.
    pub(super) peeked: Option<Head>,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(document: Document<'a>) -> Self {
        Decoder { document, peeked: None }
    }

    /// Makes an error about a value of another kind than the declared one.
    #[cold]
    pub(super) fn mismatch(&self, expected: &str, head: Head) -> DecodeError {
        match head {
            Head::Scalar(scalar) => self.invalid(expected, &quoted(self.document.string(scalar))),
            Head::Array => self.invalid(expected, "array"),
            Head::Struct => self.invalid(expected, "struct"),
            Head::Nothing => self.invalid(expected, "nothing"),
        }
    }

    #[cold]
    fn invalid(&self, expected: &str, got: &str) -> DecodeError {
        self.refused(format!("expected {expected}, got {got}"))
    }

    #[cold]
    fn refused(&self, message: String) -> DecodeError {
        DecodeError::new(DecodeErrorKind::Value, message, self.document.text_start())
    }

    fn peek(&mut self) -> Result<Head> {
        let head = match self.peeked {
            Some(head) => head,
            None => self.document.value()?,
        };
        self.peeked = Some(head);
        Ok(head)
    }

    fn head(&mut self) -> Result<Head> {
        match self.peeked.take() {
            Some(head) => Ok(head),
            None => self.document.value(),
        }
    }

    fn scalar(&mut self, expected: &str) -> Result<Scalar> {
        match self.head()? {
            Head::Scalar(scalar) => Ok(scalar),
            head => Err(self.mismatch(expected, head)),
        }
    }

    fn string(&mut self) -> Result<&str> {
        let scalar = self.scalar("string")?;
        Ok(self.document.string(scalar))
    }

    /// Reads a scalar through a function of its type and its text without outer white space.
    fn read<T>(&mut self, expected: &str, read: fn(Scalar, &str) -> Option<T>) -> Result<T> {
        let scalar = self.scalar(expected)?;
        let text = self.document.trimmed();
        read(scalar, text).ok_or_else(|| self.invalid(expected, &quoted(text)))
    }

    pub(super) fn int<N: FromStr>(&mut self) -> Result<N> {
        self.scalar("int")?;
        let text = self.document.trimmed();
        text.parse().map_err(|_| match scalar::is_int(text) {
            true => self.invalid(&format!("int within {}", type_name::<N>()), &quoted(text)),
            false => self.invalid("int", &quoted(text)),
        })
    }

    fn double(&mut self) -> Result<f64> {
        self.read("double", scalar::double)
    }

    fn float(&mut self) -> Result<f32> {
        let number = self.double()?;
        let text = self.document.trimmed();
        scalar::float(number).ok_or_else(|| self.invalid("double of 32 bits", &quoted(text)))
    }

    /// Reads a text; nothing is an empty one.
    pub(super) fn text(&mut self) -> Result<String> {
        if self.peek()? == Head::Nothing {
            self.peeked = None;
            return Ok(String::new());
        }
        self.string().map(str::to_owned)
    }

    /// Reads the structure and leaves the scalars alone, so that an unknown member can't fail for its value.
    pub(crate) fn skip(&mut self) -> Result<()> {
        match self.peek()? {
            Head::Array => self.skip_items(),
            Head::Struct => self.skip_members(),
            Head::Scalar(_) | Head::Nothing => {
                self.peeked = None;
                Ok(())
            }
        }
    }

    fn skip_items(&mut self) -> Result<()> {
        let mut items = Items::begin(self)?;
        while let Some(start) = items.next()? {
            items.decoder.skip().map_err(|error| error.or_at(start).in_item(items.count))?;
            items.count += 1;
        }
        Ok(())
    }

    fn skip_members(&mut self) -> Result<()> {
        let mut members = Members::begin(self)?;
        while members.advance()? {
            members.value(Decoder::skip)?;
        }
        Ok(())
    }

    /// Says whether a value stands for an empty array or an empty struct.
    fn is_empty(&self, head: Head) -> bool {
        match head {
            Head::Nothing => true,
            Head::Scalar(Scalar::Untyped) => self.document.trimmed().is_empty(),
            Head::Scalar(_) | Head::Array | Head::Struct => false,
        }
    }

    /// Says whether a value stands for none: a nil, or an empty text.
    fn is_none(&self, head: Head) -> bool {
        match head {
            Head::Scalar(scalar @ (Scalar::Untyped | Scalar::String)) => self.document.string(scalar).is_empty(),
            head => self.is_empty(head),
        }
    }

    fn option<'de, V: Visitor<'de>>(&mut self, is_none: bool, visitor: V) -> Result<V::Value> {
        if is_none {
            self.peeked = None;
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }
}

/// Implements methods that read a type as they would read another.
macro_rules! alike {
    ($($method:ident: $other:ident($($ignored:ty),*);)*) => {$(
        fn $method<V: Visitor<'de>>(self, $(_: $ignored,)* visitor: V) -> Result<V::Value> {
            self.$other(visitor)
        }
    )*};
}
pub(crate) use alike;

/// Implements the methods for numbers and booleans, each by the text itself.
macro_rules! numbers {
    ($($number:ident: $method:ident $visit:ident = $read:expr;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            let read: fn(Self) -> Result<$number> = $read;
            visitor.$visit(read(self)?)
        }
    )*};
}

impl<'de> Deserializer<'de> for &mut Decoder<'_> {
    type Error = DecodeError;

    /// Follows the type on the wire.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.peek()? {
            Head::Array => self.deserialize_seq(visitor),
            Head::Struct => self.deserialize_map(visitor),
            Head::Nothing => self.deserialize_unit(visitor),
            Head::Scalar(Scalar::Int) => self.deserialize_i64(visitor),
            Head::Scalar(Scalar::Double) => self.deserialize_f64(visitor),
            Head::Scalar(Scalar::Boolean) => self.deserialize_bool(visitor),
            Head::Scalar(Scalar::Base64) => self.deserialize_byte_buf(visitor),
            Head::Scalar(Scalar::Untyped | Scalar::String | Scalar::DateTime | Scalar::Name) => {
                self.deserialize_str(visitor)
            }
        }
    }

    numbers! {
        i8: deserialize_i8 visit_i8 = Decoder::int;
        i16: deserialize_i16 visit_i16 = Decoder::int;
        i32: deserialize_i32 visit_i32 = Decoder::int;
        i64: deserialize_i64 visit_i64 = Decoder::int;
        i128: deserialize_i128 visit_i128 = Decoder::int;
        u8: deserialize_u8 visit_u8 = Decoder::int;
        u16: deserialize_u16 visit_u16 = Decoder::int;
        u32: deserialize_u32 visit_u32 = Decoder::int;
        u64: deserialize_u64 visit_u64 = Decoder::int;
        u128: deserialize_u128 visit_u128 = Decoder::int;
        f32: deserialize_f32 visit_f32 = Decoder::float;
        f64: deserialize_f64 visit_f64 = Decoder::double;
        bool: deserialize_bool visit_bool = |decoder| decoder.read("boolean", scalar::boolean);
    }

    alike! {
        deserialize_char: deserialize_str();
        deserialize_string: deserialize_str();
        deserialize_identifier: deserialize_str();
        deserialize_bytes: deserialize_byte_buf();
        deserialize_unit_struct: deserialize_unit(&'static str);
        deserialize_tuple: deserialize_seq(usize);
        deserialize_struct: deserialize_map(&'static str, &'static [&'static str]);
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_str(self.string()?)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.scalar("base64")?;
        let text = self.document.trimmed();
        let bytes = scalar::bytes(text);
        visitor.visit_byte_buf(bytes.ok_or_else(|| self.refused(format!("invalid base64 {}", quoted(text))))?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let head = self.peek()?;
        self.option(self.is_none(head), visitor)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.head()? {
            head if self.is_empty(head) => visitor.visit_unit(),
            head => Err(self.mismatch("nothing", head)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value> {
        if name == DYNAMIC && self.peek()? == Head::Scalar(Scalar::DateTime) {
            self.peeked = None;
            let variant = once(("dateTime", self.document.trimmed()));
            return visitor.visit_enum(MapAccessDeserializer::new(MapDeserializer::new(variant)));
        }
        if name == DYNAMIC {
            return self.deserialize_any(visitor);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(self, name: &'static str, _: usize, visitor: V) -> Result<V::Value> {
        if name != TEXT {
            return self.deserialize_seq(visitor);
        }
        let head = self.peek()?;
        self.option(head == Head::Nothing, visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let mut items = Items::begin(self)?;
        let value = visitor.visit_seq(&mut items)?;
        items.end()?;
        Ok(value)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let mut members = Members::begin(self)?;
        let value = visitor.visit_map(&mut members)?;
        members.end()?;
        Ok(value)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_enum(self.string()?.into_deserializer())
    }

    /// Tells nothing of what is ignored, not even that it is a structure.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.skip()?;
        visitor.visit_unit()
    }
}

/// The items of an array.
struct Items<'d, 'a> {
    decoder: &'d mut Decoder<'a>,
    more: bool,
    count: usize,
}

impl<'d, 'a> Items<'d, 'a> {
    fn begin(decoder: &'d mut Decoder<'a>) -> Result<Self> {
        let more = match decoder.head()? {
            Head::Array => decoder.document.enter_array()?,
            head if decoder.is_empty(head) => false,
            head => return Err(decoder.mismatch("array", head)),
        };
        Ok(Items { decoder, more, count: 0 })
    }

    fn end(mut self) -> Result<()> {
        if self.advance()? {
            return Err(self.decoder.invalid(&format!("array of {}", self.count), "more"));
        }
        Ok(())
    }

    fn advance(&mut self) -> Result<bool> {
        self.more = self.more && self.decoder.document.item()?;
        Ok(self.more)
    }

    /// Opens the next item, and says where it starts.
    fn next(&mut self) -> Result<Option<usize>> {
        match self.advance() {
            Ok(true) => Ok(Some(self.decoder.document.position())),
            Ok(false) => Ok(None),
            Err(error) => Err(error.in_item(self.count)),
        }
    }
}

impl<'de> SeqAccess<'de> for Items<'_, '_> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let Some(start) = self.next()? else { return Ok(None) };
        let item = seed.deserialize(&mut *self.decoder);
        let item = item.map_err(|error| error.or_at(start).in_item(self.count))?;
        self.count += 1;
        Ok(Some(item))
    }
}

/// The members of a struct.
struct Members<'d, 'a> {
    decoder: &'d mut Decoder<'a>,
    more: bool,
}

impl<'d, 'a> Members<'d, 'a> {
    fn begin(decoder: &'d mut Decoder<'a>) -> Result<Self> {
        let more = match decoder.head()? {
            Head::Struct => true,
            head if decoder.is_empty(head) => false,
            head => return Err(decoder.mismatch("struct", head)),
        };
        Ok(Members { decoder, more })
    }

    fn end(mut self) -> Result<()> {
        if self.advance()? {
            let name = quoted(self.decoder.document.raw_name());
            return Err(self.decoder.invalid("no further member", &name));
        }
        Ok(())
    }

    fn advance(&mut self) -> Result<bool> {
        self.more = self.more && self.decoder.document.member()?;
        Ok(self.more)
    }

    /// Reads the value of the member.
    fn value<T>(&mut self, read: impl FnOnce(&mut Decoder<'a>) -> Result<T>) -> Result<T> {
        let (name, start) = (self.decoder.document.raw_name(), self.decoder.document.position());
        let value = read(self.decoder).map_err(|error| error.or_at(start).in_member(name))?;
        self.decoder.document.end_member().map_err(|error| error.in_member(name))?;
        Ok(value)
    }
}

impl<'de> MapAccess<'de> for Members<'_, '_> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if !self.advance()? {
            return Ok(None);
        }
        // The name has been read like a scalar, and is offered as one.
        self.decoder.peeked = Some(Head::Scalar(Scalar::Name));
        let start = self.decoder.document.text_start();
        let key = seed.deserialize(&mut *self.decoder);
        self.decoder.peeked = None;
        let name = self.decoder.document.raw_name();
        key.map(Some).map_err(|error| error.or_at(start).in_member(name))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        self.value(|decoder| seed.deserialize(decoder))
    }
}

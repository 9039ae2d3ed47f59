//! A key seen in passing: the name and the value of one member, read here and handed on.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, Visitor};
use serde::forward_to_deserialize_any;

/// Reads a member's name for another, and says whether it is the one that is looked for.
pub(super) struct NameSeed<'f, K> {
    pub(super) seed: K,
    pub(super) name: &'static str,
    pub(super) found: &'f mut bool,
    /// Whether the other is to see it.
    pub(super) hidden: bool,
}

/// A member's name: what the other makes of it, or the other itself if it is not to see it.
pub(super) enum Name<V, K> {
    Read(V),
    Hidden(K),
}

impl<'de, K: DeserializeSeed<'de>> DeserializeSeed<'de> for NameSeed<'_, K> {
    type Value = Name<K::Value, K>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de, K: DeserializeSeed<'de>> Visitor<'de> for NameSeed<'_, K> {
    type Value = Name<K::Value, K>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        *self.found = name == self.name;
        if *self.found && self.hidden {
            return Ok(Name::Hidden(self.seed));
        }
        self.seed.deserialize(StrDeserializer::new(name)).map(Name::Read)
    }
}

/// A key that has been read, for a field of any type that can hold it.
pub(super) struct Key<E> {
    key: Option<i32>,
    error: PhantomData<E>,
}

impl<E> Key<E> {
    pub(super) fn new(key: Option<i32>) -> Self {
        Key { key, error: PhantomData }
    }
}

impl<'de, E: Error> Deserializer<'de> for Key<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.key {
            Some(key) => visitor.visit_i32(key),
            None => visitor.visit_none(),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.key {
            Some(_) => visitor.visit_some(self),
            None => visitor.visit_none(),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.key {
            Some(key) => visitor.visit_string(key.to_string()),
            None => visitor.visit_none(),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        self.deserialize_string(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple tuple_struct
        map struct enum identifier ignored_any
    }
}

//! One page: the rows of an answer, and their keys.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::fields;
use super::key::{Key, Name, NameSeed};
use super::shape::Shape;
use crate::table::{self, Cell, Table};
use crate::wire::decode::{DecodeError, Decoder};

/// The ids that tell the rows of a page apart, where they have come.
pub(super) type Keys = Vec<Option<i32>>;

/// How a page is read: the only part of a query that knows the type of its rows. It takes how many there can be.
pub(super) type Fetch<R> = fn(&mut Decoder<'_>, usize, &mut Vec<R>) -> Result<Keys, DecodeError>;

/// Reads a page as the table's own rows.
pub(super) fn rows<T: Table>(decoder: &mut Decoder<'_>, room: usize, rows: &mut Vec<T>) -> Result<Keys, DecodeError> {
    rows.clear();
    decoder.deserialize_seq(TableVisitor { rows, room })?;
    let index = Shape::of::<T>().key_index();
    let key = |row: &T| match row.field(index?)?.get() {
        Cell::Int(key) => i32::try_from(key).ok(),
        _ => None,
    };
    Ok(rows.iter().map(key).collect())
}

/// Reads a page as rows of the user's type, which need not have the key among its fields.
pub(super) fn rows_as<T: Table, R: DeserializeOwned>(
    decoder: &mut Decoder<'_>,
    room: usize,
    rows: &mut Vec<R>,
) -> Result<Keys, DecodeError> {
    let key = Shape::of::<T>().key().unwrap_or_default();
    // A struct that refuses what it doesn't know must not be given a key that it hasn't asked for.
    let hidden = fields::of::<R>().is_some_and(|names| !names.contains(&key));
    rows.clear();
    decoder.deserialize_seq(PageVisitor { key, hidden, room, rows })
}

/// Reads a page of the table's own rows, which are large: each is read where it stays.
///
/// With room for all of them, their list need not grow, which would copy them.
struct TableVisitor<'r, T> {
    rows: &'r mut Vec<T>,
    room: usize,
}

impl<'de, T: Table> Visitor<'de> for TableVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        while elements.next_element_seed(&mut self)?.is_some() {}
        Ok(())
    }
}

/// Reads one more row.
impl<'de, T: Table> DeserializeSeed<'de> for &mut TableVisitor<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.rows.is_empty() {
            self.rows.reserve_exact(self.room);
        }
        self.rows.push(T::default());
        self.rows.last_mut().map_or(Ok(()), |row| table::deserialize(row, deserializer))
    }
}

/// Reads a page of rows of the user's type, and notes their keys.
struct PageVisitor<'r, R> {
    key: &'static str,
    hidden: bool,
    room: usize,
    rows: &'r mut Vec<R>,
}

impl<'de, R: Deserialize<'de>> Visitor<'de> for PageVisitor<'_, R> {
    type Value = Keys;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Keys, A::Error> {
        let mut keys = Keys::new();
        loop {
            let mut key = None;
            let seed = RowSeed { name: self.key, hidden: self.hidden, key: &mut key, row: PhantomData };
            let Some(row) = elements.next_element_seed(seed)? else { return Ok(keys) };
            if self.rows.is_empty() {
                self.rows.reserve_exact(self.room);
            }
            self.rows.push(row);
            keys.push(key);
        }
    }
}

/// Reads one row, and notes its key.
struct RowSeed<'k, R> {
    name: &'static str,
    hidden: bool,
    key: &'k mut Option<i32>,
    row: PhantomData<R>,
}

impl<'de, R: Deserialize<'de>> DeserializeSeed<'de> for RowSeed<'_, R> {
    type Value = R;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<R, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, R: Deserialize<'de>> Visitor<'de> for RowSeed<'_, R> {
    type Value = R;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<R, A::Error> {
        let RowSeed { name, hidden, key, .. } = self;
        R::deserialize(Row(Members { inner: members, name, hidden, key, at_key: false }))
    }
}

/// The members of a row, offered to the user's type.
struct Row<'k, A>(Members<'k, A>);

impl<'de, A: MapAccess<'de>> Deserializer<'de> for Row<'_, A> {
    type Error = A::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_map(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

struct Members<'k, A> {
    inner: A,
    /// The name of the key's member, and where its value goes.
    name: &'static str,
    key: &'k mut Option<i32>,
    /// Whether the user's type is not to see it.
    hidden: bool,
    at_key: bool,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Members<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, mut seed: K) -> Result<Option<K::Value>, A::Error> {
        loop {
            let name = NameSeed { seed, name: self.name, found: &mut self.at_key, hidden: self.hidden };
            match self.inner.next_key_seed(name)? {
                Some(Name::Read(name)) => return Ok(Some(name)),
                Some(Name::Hidden(other)) => seed = other,
                None => return Ok(None),
            }
            *self.key = self.inner.next_value()?;
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        if !self.at_key {
            return self.inner.next_value_seed(seed);
        }
        *self.key = self.inner.next_value()?;
        seed.deserialize(Key::new(*self.key))
    }
}

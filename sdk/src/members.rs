//! How the structs of answers are read: one visitor for all of them.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::record::Record;
use crate::value::Value;
use crate::wire;

/// A struct of an answer: generated code says which member goes where.
pub trait Members: Default {
    /// What an error calls the struct.
    const NAME: &'static str;
    /// The members that are never left out.
    const ALWAYS: &'static [&'static str];

    /// Reads the value of the member `name` to its field; answers `false`, and reads nothing, if there is none.
    ///
    /// # Errors
    ///
    /// If the value is not of the field's type.
    fn member<'de, A: MapAccess<'de>>(&mut self, name: &str, members: &mut A) -> Result<bool, A::Error>;

    /// Where the members go that have no field.
    fn extra(&mut self) -> &mut Record;
}

/// Reads a struct member by member.
///
/// # Errors
///
/// If a value is not of its field's type, or a member is missing that never is.
pub fn deserialize<'de, T: Members, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(MembersVisitor(PhantomData))
}

/// Reads the value of a member that may hold nothing: a nil and an empty value are `None`.
///
/// # Errors
///
/// If the value is not of the type.
pub fn optional<'de, T: Deserialize<'de>, A: MapAccess<'de>>(members: &mut A) -> Result<Option<T>, A::Error> {
    members.next_value::<Blank<T>>().map(|value| value.0)
}

struct MembersVisitor<T>(PhantomData<T>);

impl<'de, T: Members> Visitor<'de> for MembersVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a struct ({})", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<T, A::Error> {
        let mut value = T::default();
        let mut unknown: Vec<(String, Value)> = Vec::new();
        let mut missing = Missing::new(T::ALWAYS);
        let mut name = String::new();
        while members.next_key_seed(Name(&mut name))?.is_some() {
            missing.saw(&name);
            if !value.member(&name, &mut members)? {
                unknown.push((name.clone(), members.next_value()?));
            }
        }
        *value.extra() = unknown.into_iter().collect();
        match missing.0.first() {
            Some(name) => Err(A::Error::missing_field(name)),
            None => Ok(value),
        }
    }
}

/// Where a name is read to, so that most names cost no allocation.
struct Name<'n>(&'n mut String);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<(), E> {
        self.0.clear();
        self.0.push_str(name);
        Ok(())
    }
}

/// The members that are still to come; apart from the visitor, since it is the same code for every struct.
struct Missing(Vec<&'static str>);

impl Missing {
    fn new(always: &[&'static str]) -> Missing {
        Missing(always.to_vec())
    }

    fn saw(&mut self, name: &str) {
        self.0.retain(|always| *always != name);
    }
}

/// An optional value for which an empty text counts as none.
struct Blank<T>(Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Blank<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BlankVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for BlankVisitor<T> {
            type Value = Blank<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or nothing")
            }

            fn visit_none<E>(self) -> Result<Blank<T>, E> {
                Ok(Blank(None))
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Blank<T>, D::Error> {
                T::deserialize(deserializer).map(|value| Blank(Some(value)))
            }
        }

        deserializer.deserialize_tuple_struct(wire::BLANK, 0, BlankVisitor(PhantomData))
    }
}

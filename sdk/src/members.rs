//! How the structs of answers are read: one visitor for all of them.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::names::NameSeed;
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

/// Reads the value of a member to its field; answers that there is one.
///
/// # Errors
///
/// If the value is not of the field's type.
pub fn read_member<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    field: &mut T,
    members: &mut A,
) -> Result<bool, A::Error> {
    *field = members.next_value()?;
    Ok(true)
}

/// Reads the value of a member that may hold a text to its field: a nil is `None`, an empty text is a text.
///
/// # Errors
///
/// If the value is not a text.
pub fn read_text<'de, T: From<String>, A: MapAccess<'de>>(
    field: &mut Option<T>,
    members: &mut A,
) -> Result<bool, A::Error> {
    *field = members.next_value::<Text>()?.0.map(T::from);
    Ok(true)
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
        while members.next_key_seed(NameSeed(|read: &str| name.replace_range(.., read)))?.is_some() {
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

/// An optional text, which may be empty.
struct Text(Option<String>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or nothing")
            }

            fn visit_none<E>(self) -> Result<Text, E> {
                Ok(Text(None))
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Text, D::Error> {
                String::deserialize(deserializer).map(|text| Text(Some(text)))
            }
        }

        deserializer.deserialize_tuple_struct(wire::TEXT, 0, TextVisitor)
    }
}

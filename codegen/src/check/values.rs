//! Whether values are of a type: those that the catalog gives, and those that samples show.

use serde_json::Value;

use crate::catalog::{Enum, EnumWire, Struct};
use crate::sample::{Node, boolean};
use crate::types::Type;

use super::scope::{Named, Scope};
use super::shown;

impl Scope<'_> {
    /// Whether a value of the catalog is one of a type; else what is wrong with it.
    pub(super) fn is_value(&self, type_: &Type, value: &Value) -> Result<(), String> {
        let fits = match type_ {
            Type::Int => is_int(value),
            Type::Double => value.is_number(),
            Type::Bool => value.is_boolean(),
            Type::String | Type::Bytes => value.is_string(),
            Type::DateTime => value.as_str().is_some_and(is_date_time),
            Type::Date => value.as_str().is_some_and(|text| is_date_time(text) && text.ends_with("T00:00:00")),
            Type::Value => !value.is_null(),
            Type::Record => value.is_object(),
            Type::Optional(inner) => return self.is_value(inner, value),
            Type::Array(inner) => match value.as_array() {
                Some(items) => return items.iter().try_for_each(|item| self.is_value(inner, item)),
                None => false,
            },
            Type::Map(key, inner) => match value.as_object() {
                Some(members) => {
                    return members.iter().try_for_each(|(name, member)| {
                        self.is_key(key, name)?;
                        self.is_value(inner, member)
                    });
                }
                None => false,
            },
            Type::Named(name) => match self.named(name) {
                Named::Id => is_int(value),
                Named::Enum(listed) => return is_listed(listed, value),
                Named::Struct(described) => return self.is_struct(described, value),
                Named::Unknown => true,
            },
        };
        if fits { Ok(()) } else { Err(format!("{} is not {}", shown(value), noun(type_))) }
    }

    fn is_key(&self, type_: &Type, name: &str) -> Result<(), String> {
        let number = || name.parse::<i32>().map_or_else(|_| Value::from(name), Value::from);
        match type_ {
            Type::String => Ok(()),
            Type::Named(word) => match self.named(word) {
                Named::Enum(listed) if listed.wire == EnumWire::String => is_listed(listed, &Value::from(name)),
                _ => self.is_value(type_, &number()),
            },
            _ => self.is_value(type_, &number()),
        }
    }

    fn is_struct(&self, described: &Struct, value: &Value) -> Result<(), String> {
        let Some(members) = value.as_object() else {
            return Err(format!("{} is not a mapping of members", shown(value)));
        };
        if let Some(name) = members.keys().find(|name| !described.members.iter().any(|member| member.name == **name)) {
            return Err(format!("there is no member {name:?}"));
        }
        described.members.iter().try_for_each(|member| {
            let Ok(type_) = Type::parse(&member.type_) else {
                return Ok(());
            };
            match members.get(&member.name) {
                Some(value) => self.is_value(&type_, value).map_err(|error| format!("{}: {error}", member.name)),
                None if type_.is_optional() => Ok(()),
                None => Err(format!("the member {:?} is missing", member.name)),
            }
        })
    }

    /// Whether a reader that expects a type can read what a sample shows; else what stands in its way.
    pub(super) fn reads(&self, type_: &Type, node: &Node) -> Result<(), String> {
        if *node == Node::Empty {
            return Ok(());
        }
        match (type_, node) {
            (Type::Value, _) | (Type::Record, Node::Struct(_)) => Ok(()),
            (Type::Optional(inner), node) => self.reads(inner, node),
            (Type::Array(inner), Node::Array(items)) => items
                .iter()
                .enumerate()
                .try_for_each(|(index, item)| self.reads(inner, item).map_err(|error| format!("[{index}]: {error}"))),
            (Type::Map(key, inner), Node::Struct(members)) => members.iter().try_for_each(|(name, node)| {
                self.is_key(key, name)?;
                self.reads(inner, node).map_err(|error| format!("{name}: {error}"))
            }),
            (Type::Named(name), node) => match (self.named(name), node) {
                (Named::Id, node) => self.reads(&Type::Int, node),
                (Named::Enum(listed), node) => match listed.wire {
                    EnumWire::String => self.reads(&Type::String, node),
                    EnumWire::Int => self.reads(&Type::Int, node),
                },
                (Named::Struct(described), Node::Struct(members)) => self.reads_members(described, members),
                (Named::Struct(_), _) => Err("a struct is expected".to_owned()),
                (Named::Unknown, _) => Ok(()),
            },
            (type_, Node::Scalar { text, .. }) => reads_text(type_, text.trim()),
            (type_, _) => Err(format!("{} is expected", noun(type_))),
        }
    }

    fn reads_members(&self, described: &Struct, nodes: &[(String, Node)]) -> Result<(), String> {
        nodes.iter().try_for_each(|(name, node)| {
            let member = described.members.iter().find(|member| member.name == *name);
            match member.map(|member| Type::parse(&member.type_)) {
                Some(Ok(type_)) => self.reads(&type_, node).map_err(|error| format!("{name}: {error}")),
                _ => Ok(()),
            }
        })
    }
}

/// Whether a sample holds exactly a value of the catalog, whatever its tags say.
pub(super) fn holds(value: &Value, node: &Node) -> bool {
    match (value, node) {
        (Value::Array(values), Node::Array(nodes)) => {
            values.len() == nodes.len() && values.iter().zip(nodes).all(|(value, node)| holds(value, node))
        }
        (Value::Object(values), Node::Struct(nodes)) => {
            values.len() == nodes.len()
                && nodes.iter().all(|(name, node)| values.get(name).is_some_and(|value| holds(value, node)))
        }
        (Value::String(value), Node::Scalar { text, .. }) => text == value || text.trim() == value,
        (Value::String(value), Node::Empty) => value.is_empty(),
        (Value::Number(value), Node::Scalar { text, .. }) => text.trim().parse().ok() == value.as_f64(),
        (Value::Bool(value), Node::Scalar { text, .. }) => boolean(text.trim()) == Some(*value),
        _ => false,
    }
}

fn reads_text(type_: &Type, text: &str) -> Result<(), String> {
    let fits = match type_ {
        Type::Int => text.parse::<i32>().is_ok(),
        Type::Double => text.parse().is_ok_and(f64::is_finite),
        Type::Bool => boolean(text).is_some(),
        Type::DateTime | Type::Date => is_date_time(text),
        Type::String | Type::Bytes | Type::Value => true,
        Type::Record | Type::Array(_) | Type::Map(..) | Type::Named(_) | Type::Optional(_) => false,
    };
    if fits { Ok(()) } else { Err(format!("{text:?} is not {}", noun(type_))) }
}

fn is_listed(listed: &Enum, value: &Value) -> Result<(), String> {
    if listed.variants.iter().any(|variant| variant.value == *value) {
        return Ok(());
    }
    let known: Vec<String> = listed.variants.iter().map(|variant| shown(&variant.value)).collect();
    Err(format!("{} is not one of {}", shown(value), known.join(", ")))
}

fn is_int(value: &Value) -> bool {
    value.as_i64().is_some_and(|number| i32::try_from(number).is_ok())
}

/// Whether a text has the form `YYYYMMDDTHH:MM:SS`, with a time that a clock can show.
fn is_date_time(text: &str) -> bool {
    let form = b"00000000T00:00:00";
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<u32>().ok());
    text.len() == form.len()
        && text
            .bytes()
            .zip(form)
            .all(|(found, form)| if *form == b'0' { found.is_ascii_digit() } else { found == *form })
        && number(4..6).is_some_and(|month| (1..=12).contains(&month))
        && number(6..8).is_some_and(|day| (1..=31).contains(&day))
        && number(9..11).is_some_and(|hour| hour < 24)
        && number(12..14).is_some_and(|minute| minute < 60)
        && number(15..17).is_some_and(|second| second < 60)
}

fn noun(type_: &Type) -> &'static str {
    match type_ {
        Type::Int | Type::Named(_) => "an int",
        Type::Double => "a number",
        Type::Bool => "a bool",
        Type::String => "a text",
        Type::Bytes => "a text (for bytes, the text that is encoded)",
        Type::DateTime => "a dateTime such as \"20250131T12:30:00\"",
        Type::Date => "a date such as \"20250131T00:00:00\"",
        Type::Record | Type::Map(..) => "a mapping",
        Type::Value => "a value",
        Type::Array(_) => "a list",
        Type::Optional(inner) => noun(inner),
    }
}

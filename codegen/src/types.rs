//! The little language of types in the catalog: `BookId?`, `array<record>`, `map<int, string>`.

use std::fmt;

/// A type as the catalog writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `int`
    Int,
    /// `double`
    Double,
    /// `bool`
    Bool,
    /// `string`
    String,
    /// `dateTime`
    DateTime,
    /// `date`: travels as a dateTime at midnight.
    Date,
    /// `bytes`: travels as base64 text in a string.
    Bytes,
    /// `record`: a struct with free member names.
    Record,
    /// `value`: whatever the wire carries.
    Value,
    /// `array<T>`
    Array(Box<Type>),
    /// `map<K, V>`: a struct whose member names are data.
    Map(Box<Type>, Box<Type>),
    /// An id, enum or struct of `types.yaml`.
    Named(String),
    /// `T?`
    Optional(Box<Type>),
}

/// What travels: the wire's own types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wire {
    /// `<int>`, `<i4>`
    Int,
    /// `<double>`
    Double,
    /// `<boolean>`
    Boolean,
    /// `<string>`, or no tag at all
    String,
    /// `<dateTime.iso8601>`
    DateTime,
    /// `<base64>`
    Base64,
    /// `<array>`; the elements' type where it is known
    Array(Option<Box<Wire>>),
    /// `<struct>`
    Struct,
    /// Anything.
    Any,
}

/// How deep types can be nested: far deeper than any API's.
const DEPTH: usize = 16;

/// Refuses types that are nested too deep, before anything descends into them.
fn check_depth(text: &str) -> Result<(), String> {
    match text.matches('<').count() {
        0..=DEPTH => Ok(()),
        depth => Err(format!("a type can be nested {DEPTH} deep, not {depth}")),
    }
}

impl Type {
    /// Reads a type.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong with `text`.
    pub fn parse(text: &str) -> Result<Type, String> {
        check_depth(text)?;
        let mut rest = text;
        let parsed = parse(&mut rest)?;
        match rest.trim() {
            "" => Ok(parsed),
            rest => Err(format!("unexpected `{rest}` after the type")),
        }
    }

    /// The type without its `?`.
    pub fn required(&self) -> &Type {
        match self {
            Type::Optional(inner) => inner,
            other => other,
        }
    }

    /// Whether the type ends in `?`.
    pub fn is_optional(&self) -> bool {
        matches!(self, Type::Optional(_))
    }

    /// The names of `types.yaml` that the type mentions.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Type::Named(name) => vec![name],
            Type::Array(inner) | Type::Optional(inner) => inner.names(),
            Type::Map(key, value) => [key.names(), value.names()].concat(),
            Type::Int | Type::Double | Type::Bool | Type::String | Type::DateTime => Vec::new(),
            Type::Date | Type::Bytes | Type::Record | Type::Value => Vec::new(),
        }
    }
}

fn parse(rest: &mut &str) -> Result<Type, String> {
    let text = rest.trim_start();
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    let (word, after) = text.split_at(end);
    *rest = after;
    let mut parsed = match word {
        "" => return Err("a type is missing".to_owned()),
        "int" => Type::Int,
        "double" => Type::Double,
        "bool" => Type::Bool,
        "string" => Type::String,
        "dateTime" => Type::DateTime,
        "date" => Type::Date,
        "bytes" => Type::Bytes,
        "record" => Type::Record,
        "value" => Type::Value,
        "array" => {
            expect(rest, "<", word)?;
            let inner = parse(rest)?;
            expect(rest, ">", word)?;
            Type::Array(Box::new(inner))
        }
        "map" => {
            expect(rest, "<", word)?;
            let key = parse(rest)?;
            expect(rest, ",", word)?;
            let value = parse(rest)?;
            expect(rest, ">", word)?;
            Type::Map(Box::new(key), Box::new(value))
        }
        name => Type::Named(name.to_owned()),
    };
    if let Some(after) = rest.strip_prefix('?') {
        *rest = after;
        parsed = Type::Optional(Box::new(parsed));
    }
    Ok(parsed)
}

fn expect(rest: &mut &str, token: &str, word: &str) -> Result<(), String> {
    *rest =
        rest.trim_start().strip_prefix(token).ok_or_else(|| format!("`{word}` needs `{token}` here: `{word}<…>`"))?;
    Ok(())
}

impl Wire {
    /// Reads a wire type as `api.yaml` and `wire:` write it.
    ///
    /// # Errors
    ///
    /// A sentence that says which words there are.
    pub fn parse(text: &str) -> Result<Wire, String> {
        check_depth(text)?;
        if let Some(inner) = text.strip_prefix("array<").and_then(|rest| rest.strip_suffix('>')) {
            return Ok(Wire::Array(Some(Box::new(Wire::parse(inner)?))));
        }
        match text {
            "int" => Ok(Wire::Int),
            "double" => Ok(Wire::Double),
            "boolean" => Ok(Wire::Boolean),
            "string" => Ok(Wire::String),
            "dateTime" => Ok(Wire::DateTime),
            "base64" => Ok(Wire::Base64),
            "array" => Ok(Wire::Array(None)),
            "struct" => Ok(Wire::Struct),
            "any" => Ok(Wire::Any),
            _ => Err(format!(
                "unknown wire type `{text}`; there are int, double, boolean, string, dateTime, base64, array, array<…>, struct, any"
            )),
        }
    }

    /// Whether a value of the type `other` is one of this type, as far as both are known.
    pub fn accepts(&self, other: &Wire) -> bool {
        match (self, other) {
            (Wire::Any, _) | (_, Wire::Any) => true,
            (Wire::Array(Some(ours)), Wire::Array(Some(theirs))) => ours.accepts(theirs),
            (Wire::Array(_), Wire::Array(_)) => true,
            (ours, theirs) => ours == theirs,
        }
    }
}

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wire::Int => f.write_str("int"),
            Wire::Double => f.write_str("double"),
            Wire::Boolean => f.write_str("boolean"),
            Wire::String => f.write_str("string"),
            Wire::DateTime => f.write_str("dateTime"),
            Wire::Base64 => f.write_str("base64"),
            Wire::Array(None) => f.write_str("array"),
            Wire::Array(Some(inner)) => write!(f, "array<{inner}>"),
            Wire::Struct => f.write_str("struct"),
            Wire::Any => f.write_str("any"),
        }
    }
}

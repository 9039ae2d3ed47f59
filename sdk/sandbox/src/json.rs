//! Values in JSON, for the control interface. It has no times and no bytes: those are texts there, bytes in base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value as Json;

use crate::call::Value;

/// Writes a value.
pub(crate) fn serialize<S: Serializer>(value: &Value, serializer: S) -> Result<S::Ok, S::Error> {
    json(value).serialize(serializer)
}

/// Reads a value.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    value(Json::deserialize(deserializer)?).map_err(Error::custom)
}

fn json(value: &Value) -> Json {
    match value {
        Value::Int(number) => (*number).into(),
        Value::Double(number) => (*number).into(),
        Value::Boolean(flag) => (*flag).into(),
        Value::String(text) | Value::DateTime(text) => text.as_str().into(),
        Value::Base64(bytes) => STANDARD.encode(bytes).into(),
        Value::Array(items) => items.iter().map(json).collect(),
        Value::Struct(members) => members.iter().map(|(name, member)| (name.as_str(), json(member))).collect(),
    }
}

/// The parser lets nothing through that is nested deeply.
fn value(json: Json) -> Result<Value, &'static str> {
    Ok(match json {
        Json::Null => return Err("an answer cannot hold null"),
        Json::Bool(flag) => Value::Boolean(flag),
        Json::String(text) => Value::String(text),
        Json::Array(items) => Value::Array(items.into_iter().map(value).collect::<Result<_, _>>()?),
        Json::Object(members) => {
            let member = |(name, json)| value(json).map(|member| (name, member));
            Value::Struct(members.into_iter().map(member).collect::<Result<_, _>>()?)
        }
        Json::Number(number) => match (number.as_i64().map(i32::try_from), number.as_f64()) {
            (Some(Ok(number)), _) => Value::Int(number),
            (None, Some(double)) if number.is_f64() => Value::Double(double),
            _ => return Err("a whole number in an answer must fit in 32 bits"),
        },
    })
}

//! The JSON schema of the catalog's files, generated from their serde types.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::catalog::{Api, Faults, Service, Table, Types};

/// Writes the schema that editors use, as pretty JSON: one document for every kind of file.
pub fn schema() -> String {
    let mut document = document();
    document["anyOf"] = ["Api", "Types", "Faults", "Service", "Table"].map(reference).into();
    format!("{document:#}\n")
}

/// The schema of one kind of file, by the name of its type.
pub(crate) fn schema_of(kind: &str) -> Value {
    let mut schema = document();
    schema["$ref"] = reference(kind)["$ref"].take();
    schema
}

fn document() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    generator.subschema_for::<Api>();
    generator.subschema_for::<Types>();
    generator.subschema_for::<Faults>();
    generator.subschema_for::<Service>();
    generator.subschema_for::<Table>();
    let mut definitions = Value::Object(generator.take_definitions(true));
    tighten(&mut definitions);
    definitions.sort_all_objects();
    json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": definitions })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// Says what serde's types say and schemars doesn't: the range of ints; and that a key without a value is a mistake. So is a
/// default that is spelled out, but for empty lists: `params: []` says that there are none.
fn tighten(schema: &mut Value) {
    match schema {
        Value::Array(schemas) => schemas.iter_mut().for_each(tighten),
        Value::Object(schema) => {
            if let Some(Value::Array(types)) = schema.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    schema.insert("type".to_owned(), only);
                }
            }
            if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
                choices.retain(|choice| choice["type"] != "null");
                if let [Value::Object(only)] = choices.as_mut_slice() {
                    let only = std::mem::take(only);
                    schema.remove("anyOf");
                    schema.extend(only);
                }
            }
            if schema.get("default").is_some_and(|default| !default.is_array())
                && let Some(default) = schema.remove("default")
            {
                schema.insert("not".to_owned(), json!({ "const": default }));
            }
            match schema.get("format").and_then(Value::as_str) {
                Some("int32") => {
                    schema.insert("minimum".to_owned(), json!(i32::MIN));
                    schema.insert("maximum".to_owned(), json!(i32::MAX));
                }
                Some("uint32") => {
                    schema.insert("maximum".to_owned(), json!(u32::MAX));
                }
                _ => {}
            }
            schema.values_mut().for_each(tighten);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

//! Example values as Rust expressions.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::ident;
use crate::catalog::EnumWire;
use crate::model::{Field, Method, Model, Struct};
use crate::names::pascal_case;
use crate::types::Type;

/// The example's call, such as `books().add(BookId(18), &["Title"])`, without its client.
pub(crate) fn call(model: &Model, module: &str, method: &Method) -> TokenStream {
    let (accessor, function, arguments) = (ident(module), ident(&method.function), arguments(model, method));
    quote!(#accessor().#function(#arguments))
}

/// The example's arguments, as the function takes them.
pub(crate) fn arguments(model: &Model, method: &Method) -> TokenStream {
    if method.positional {
        let arguments = method.fields.iter().map(|field| argument(model, field));
        return quote!(#(#arguments),*);
    }
    request(model, method)
}

/// The example as a request.
fn request(model: &Model, method: &Method) -> TokenStream {
    let name = ident(&method.request);
    if method.fields.is_empty() {
        return quote!(#name {});
    }
    let fields = method.fields.iter().map(|field| {
        let (name, value) = (ident(&field.name), owned(model, field));
        quote!(#name: #value)
    });
    quote!(#name { #(#fields),* })
}

/// The names that the example imports from the client's root.
pub(crate) fn imports(model: &Model, method: &Method) -> Vec<String> {
    let mut names = Vec::new();
    for field in &method.fields {
        if let Some(value) = &field.example {
            collect(model, &field.kind, value, &mut names);
        }
    }
    names.sort();
    names.dedup();
    names
}

fn collect(model: &Model, kind: &Type, value: &Value, names: &mut Vec<String>) {
    match kind {
        Type::Record => names.push("record".to_owned()),
        Type::Optional(inner) => collect(model, inner, value, names),
        Type::Array(inner) => {
            for value in value.as_array().into_iter().flatten() {
                collect(model, inner, value, names);
            }
        }
        Type::Map(_, inner) => {
            for value in value.as_object().into_iter().flat_map(|members| members.values()) {
                collect(model, inner, value, names);
            }
        }
        Type::Named(name) => {
            names.push(name.clone());
            if let Some(declared) = structure(model, name) {
                for member in &declared.members {
                    if let Some(value) = value.get(&member.wire) {
                        collect(model, &member.kind, value, names);
                    }
                }
            }
        }
        Type::Int | Type::Double | Type::Bool | Type::String | Type::DateTime | Type::Date => {}
        Type::Bytes | Type::Value => {}
    }
}

fn argument(model: &Model, field: &Field) -> TokenStream {
    let Some(value) = &field.example else { return quote!(None) };
    match &field.kind {
        Type::String | Type::Bytes | Type::Value => scalar(value),
        Type::Array(inner) => {
            let values = value.as_array().into_iter().flatten();
            let values = values.map(|value| match **inner {
                Type::String => scalar(value),
                _ => expression(model, inner, value),
            });
            quote!(&[#(#values),*])
        }
        kind => expression(model, kind, value),
    }
}

fn owned(model: &Model, field: &Field) -> TokenStream {
    match &field.example {
        Some(value) => expression(model, &field.kind, value),
        None => quote!(None),
    }
}

/// A value of a type that a request owns.
fn expression(model: &Model, kind: &Type, value: &Value) -> TokenStream {
    match kind {
        Type::Int | Type::Bool | Type::Double => number(kind, value),
        Type::String | Type::Bytes | Type::Value => {
            let value = scalar(value);
            quote!(#value.into())
        }
        Type::DateTime | Type::Date => {
            let value = scalar(value);
            quote!(#value.parse()?)
        }
        Type::Record => record(value),
        Type::Array(inner) => {
            let values = value.as_array().into_iter().flatten().map(|value| expression(model, inner, value));
            quote!(vec![#(#values),*])
        }
        Type::Map(_, inner) => {
            let members = value.as_object().into_iter().flatten().map(|(name, value)| {
                let value = expression(model, inner, value);
                quote!((#name.into(), #value))
            });
            quote!([#(#members),*].into_iter().collect())
        }
        Type::Optional(inner) => {
            let value = expression(model, inner, value);
            quote!(Some(#value))
        }
        Type::Named(name) => named(model, name, value),
    }
}

fn named(model: &Model, name: &str, value: &Value) -> TokenStream {
    let type_name = ident(name);
    if let Some(declared) = model.enums.iter().find(|declared| declared.name == name) {
        return match (declared.variants.iter().find(|variant| variant.value == *value), declared.wire) {
            (Some(variant), _) => {
                let variant = ident(&variant.name);
                quote!(#type_name::#variant)
            }
            (None, EnumWire::Int) => {
                let value = number(&Type::Int, value);
                quote!(#type_name::Unknown(#value))
            }
            (None, EnumWire::String) => {
                let value = scalar(value);
                quote!(#type_name::Unknown(#value.into()))
            }
        };
    }
    let Some(declared) = structure(model, name) else {
        let value = number(&Type::Int, value);
        return quote!(#type_name(#value));
    };
    let members = declared.members.iter().map(|member| {
        let name = ident(&member.name);
        let value = match (value.get(&member.wire), &member.kind) {
            (Some(value), kind) => expression(model, kind, value),
            (None, _) => quote!(None),
        };
        quote!(#name: #value)
    });
    quote!(#type_name { #(#members),* })
}

fn structure<'a>(model: &'a Model, name: &str) -> Option<&'a Struct> {
    model.structs.iter().find(|declared| declared.name == name)
}

fn record(value: &Value) -> TokenStream {
    let members = value.as_object().into_iter().flatten().map(|(name, value)| {
        let value = dynamic(value);
        quote!(#name => #value)
    });
    quote!(record! { #(#members),* })
}

/// A value whose type the API does not declare.
fn dynamic(value: &Value) -> TokenStream {
    match value {
        Value::Array(values) => {
            let values = values.iter().map(dynamic);
            quote!(vec![#(#values),*])
        }
        Value::Object(_) => record(value),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => scalar(value),
    }
}

fn scalar(value: &Value) -> TokenStream {
    match value {
        Value::String(text) => quote!(#text),
        Value::Bool(flag) => quote!(#flag),
        Value::Number(number) if number.is_f64() => self::number(&Type::Double, value),
        Value::Number(_) => number(&Type::Int, value),
        Value::Null | Value::Array(_) | Value::Object(_) => quote!(""),
    }
}

fn number(kind: &Type, value: &Value) -> TokenStream {
    if *kind == Type::Bool {
        let flag = value.as_bool().unwrap_or_default();
        return quote!(#flag);
    }
    if *kind == Type::Double {
        let number = Literal::f64_unsuffixed(value.as_f64().unwrap_or_default().abs());
        return if value.as_f64().is_some_and(|number| number < 0.0) { quote!(-#number) } else { quote!(#number) };
    }
    let number = value.as_i64().unwrap_or_default();
    let literal = Literal::i64_unsuffixed(number.abs());
    if number < 0 { quote!(-#literal) } else { quote!(#literal) }
}

/// The name of a variable for what a method answers.
pub(crate) fn variable(method: &Method) -> String {
    match &method.output {
        Type::Named(name) => crate::names::snake_case(name),
        Type::Array(_) => "all".to_owned(),
        Type::Bool => "done".to_owned(),
        Type::Record => "record".to_owned(),
        _ => crate::names::snake_case(&pascal_case(&method.function))
            .rsplit('_')
            .next()
            .map_or_else(|| "answer".to_owned(), str::to_owned),
    }
}

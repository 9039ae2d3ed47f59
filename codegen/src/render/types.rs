//! Rust's spelling of the catalog's types.

use proc_macro2::TokenStream;
use quote::quote;

use super::ident;
use crate::types::Type;

/// The type of a field that a request owns, or of an argument's member.
pub(crate) fn owned(kind: &Type, sensitive: bool) -> TokenStream {
    match kind {
        Type::Bytes => quote!(Content),
        Type::Optional(inner) => {
            let inner = owned(inner, sensitive);
            quote!(Option<#inner>)
        }
        Type::Array(inner) => {
            let inner = owned(inner, sensitive);
            quote!(Vec<#inner>)
        }
        other => answered(other, sensitive),
    }
}

/// The type of an answer, or of an answer's member.
pub(crate) fn answered(kind: &Type, sensitive: bool) -> TokenStream {
    match kind {
        Type::Int => quote!(i32),
        Type::Double => quote!(f64),
        Type::Bool => quote!(bool),
        Type::String if sensitive => quote!(Secret),
        Type::String => quote!(String),
        Type::DateTime => quote!(DateTime),
        Type::Date => quote!(Date),
        Type::Bytes => quote!(Bytes),
        Type::Record => quote!(Record),
        Type::Value => quote!(Value),
        Type::Array(inner) => {
            let inner = answered(inner, sensitive);
            quote!(Vec<#inner>)
        }
        Type::Map(key, value) => {
            let (key, value) = (answered(key, false), answered(value, sensitive));
            quote!(BTreeMap<#key, #value>)
        }
        Type::Named(name) => {
            let name = ident(name);
            quote!(#name)
        }
        Type::Optional(inner) => {
            let inner = answered(inner, sensitive);
            quote!(Option<#inner>)
        }
    }
}

/// The type of an argument that a function takes by itself.
pub(crate) fn argument(kind: &Type, sensitive: bool) -> TokenStream {
    match kind {
        Type::String if sensitive => quote!(impl Into<Secret>),
        Type::String => quote!(&str),
        Type::Bytes => quote!(impl Into<Content>),
        Type::Value => quote!(impl Into<Value>),
        Type::Array(inner) if **inner == Type::String => quote!(&[&str]),
        Type::Array(inner) => {
            let inner = owned(inner, sensitive);
            quote!(&[#inner])
        }
        other => owned(other, sensitive),
    }
}

/// How such an argument becomes the request's field.
pub(crate) fn into_owned(kind: &Type, sensitive: bool, name: &TokenStream) -> TokenStream {
    match kind {
        Type::String if sensitive => quote!(#name.into()),
        Type::String => quote!(#name.to_owned()),
        Type::Bytes | Type::Value => quote!(#name.into()),
        Type::Array(inner) if **inner == Type::String => {
            quote!(#name.iter().map(|text| (*text).to_owned()).collect())
        }
        Type::Array(_) => quote!(#name.to_vec()),
        _ => quote!(#name),
    }
}

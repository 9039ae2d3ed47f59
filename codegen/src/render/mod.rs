//! One file for each kind of generated file: the model in, tokens or text out, nothing decided.

pub(crate) mod accessors;
pub(crate) mod calls;
pub(crate) mod clients;
mod docs;
pub(crate) mod enums;
pub(crate) mod example;
pub(crate) mod ids;
pub(crate) mod imports;
pub(crate) mod requests;
pub(crate) mod sensitive;
pub(crate) mod server_methods;
pub(crate) mod server_tables;
pub(crate) mod services;
pub(crate) mod structs;
pub(crate) mod tables;
pub(crate) mod types;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// An identifier; names in the model are identifiers already.
pub(crate) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// A path, such as `crate` or `client::runtime`.
pub(crate) fn path(text: &str) -> TokenStream {
    text.parse().unwrap_or_else(|_| quote!(crate))
}

/// Doc comments, a line each.
pub(crate) fn doc(text: &str) -> TokenStream {
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote!(#(#[doc = #lines])*)
}

/// Doc comments as text, a line each.
pub(crate) fn comment(text: &str, indent: usize) -> String {
    let margin = " ".repeat(indent);
    text.lines().map(|line| format!("{margin}/// {line}").trim_end().to_owned() + "\n").collect()
}

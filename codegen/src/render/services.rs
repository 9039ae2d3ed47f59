//! A service: its accessor type, its functions, its requests.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::imports::imports;
use super::types::{answered, argument, into_owned};
use super::{doc, ident, requests};
use crate::model::{Method, Model, Service};

/// Renders a service's module.
pub(crate) fn file(model: &Model, service: &Service) -> TokenStream {
    let accessor = accessor(model, service);
    let functions = service.methods.iter().map(|method| function(model, service, method));
    let requests = service.methods.iter().map(|method| requests::request(service, method));
    let name = ident(&service.accessor);
    let items = quote! {
        #accessor
        impl #name<'_> { #(#functions)* }
        #(#requests)*
    };
    let declared: BTreeSet<String> = service.methods.iter().map(|method| method.request.clone()).collect();
    let imports = imports(model, &items, &declared);
    let about = module_docs(service);
    quote! { #about #imports #items }
}

fn module_docs(service: &Service) -> TokenStream {
    let text = format!("{} (`{}`).\n\n{}", docs::markdown(&service.title), service.wire, docs::markdown(&service.doc));
    let lines = text.trim_end().lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote!(#(#![doc = #lines])*)
}

fn accessor(model: &Model, service: &Service) -> TokenStream {
    let name = ident(&service.accessor);
    let text = if model.accessors {
        format!("The calls of `{}`, from [`Client::{}`].", service.wire, service.module)
    } else {
        format!("The calls of `{}`.", service.wire)
    };
    let (about, new) = (doc(&text), doc("Makes calls by this client."));
    quote! {
        #about
        #[derive(Clone, Copy, Debug)]
        pub struct #name<'a> {
            client: &'a Client,
        }

        impl<'a> #name<'a> {
            #new
            #[inline]
            pub fn new(client: &'a Client) -> #name<'a> {
                #name { client }
            }
        }
    }
}

/// Renders a call. All are `inline`, so that they are compiled where they are used: nobody uses all of them.
fn function(model: &Model, service: &Service, method: &Method) -> TokenStream {
    let (name, request) = (ident(&method.function), ident(&method.request));
    let text = doc(&docs::function(model, service, method));
    let aliases = aliases(method).into_iter().map(|alias| quote!(#[doc(alias = #alias)]));
    let output = answered(&method.output, method.sensitive_output);
    if !method.positional {
        return quote! {
            #text
            #(#aliases)*
            #[inline]
            pub fn #name(&self, request: #request) -> Result<#output, Error> {
                self.client.call(request)
            }
        };
    }
    let arguments = method.fields.iter().map(|field| {
        let (name, kind) = (ident(&field.name), argument(&field.kind, field.sensitive));
        quote!(#name: #kind)
    });
    let fields = method.fields.iter().map(|field| {
        let name = ident(&field.name);
        let name = quote!(#name);
        let value = into_owned(&field.kind, field.sensitive, &name);
        if value.to_string() == name.to_string() { name } else { quote!(#name: #value) }
    });
    quote! {
        #text
        #(#aliases)*
        #[inline]
        pub fn #name(&self, #(#arguments),*) -> Result<#output, Error> {
            self.client.call(#request { #(#fields),* })
        }
    }
}

/// What the docs' search finds the function by: its further names, and its document's heading.
fn aliases(method: &Method) -> Vec<String> {
    let mut aliases = method.aliases.clone();
    // An alias can't hold straight quotes.
    let heading = method.documented_as.as_ref().map(|heading| heading.replace('\'', "’"));
    let fits = |heading: &String| !heading.contains(['"', '\n']) && *heading != method.function;
    aliases.extend(heading.filter(|heading| fits(heading) && !method.aliases.contains(heading)));
    aliases
}

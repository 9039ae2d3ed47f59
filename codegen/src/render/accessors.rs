//! `accessors.rs` and `mod.rs`: how the client reaches its services, and what the crate's root shows.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::{doc, ident};
use crate::model::Model;

/// Renders the accessors, for a runtime that is part of the same crate.
pub(crate) fn accessors(model: &Model) -> TokenStream {
    let functions = model.services.iter().map(|service| {
        let (module, name) = (ident(&service.module), ident(&service.accessor));
        let text = doc(&format!("The calls of `{}`.\n\n{}", service.wire, docs::markdown(&service.doc)));
        quote! {
            #text
            #[inline]
            pub fn #module(&self) -> super::#module::#name<'_> {
                super::#module::#name::new(self)
            }
        }
    });
    quote! {
        //! The client's way to each service.
        use crate::Client;

        impl Client { #(#functions)* }
    }
}

/// Renders the module that holds all others.
pub(crate) fn module(model: &Model) -> TokenStream {
    let others = (model.accessors && !model.clients.is_empty()).then(|| ident("other_clients"));
    let services = model.services.iter().map(|service| ident(&service.module)).chain(others);
    let private: Vec<_> = private_modules(model).into_iter().map(ident).collect();
    let tables = (!model.tables.is_empty()).then(|| {
        let feature = model.tables_feature.iter();
        quote!(#(#[cfg(feature = #feature)])* pub mod tables;)
    });
    let sensitive = model.accessors.then(|| {
        quote!(
            pub(crate) use self::sensitive::SENSITIVE;
        )
    });
    let shown = private.iter().filter(|name| *name != "accessors" && *name != "sensitive");
    quote! {
        //! Everything that the catalog describes.
        #(mod #private;)*
        #(pub mod #services;)*
        #tables

        #(pub use self::#shown::*;)*
        #sensitive
    }
}

fn private_modules(model: &Model) -> Vec<&'static str> {
    let present = [
        ("accessors", model.accessors),
        ("enums", !model.enums.is_empty()),
        ("faults", !model.faults.is_empty()),
        ("ids", !model.ids.is_empty()),
        ("sensitive", model.accessors),
        ("structs", !model.structs.is_empty()),
    ];
    present.into_iter().filter(|(_, present)| *present).map(|(name, _)| name).collect()
}

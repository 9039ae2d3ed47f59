//! `structs.rs`: what methods answer, and what they take as one argument.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::imports::imports;
use super::requests::{conversion, with_value};
use super::types::{answered, owned};
use super::{doc, ident};
use crate::model::{Member, Model, Role, Struct};
use crate::types::Type;

/// Renders all structs.
pub(crate) fn file(model: &Model) -> TokenStream {
    let items: TokenStream = model.structs.iter().map(structure).collect();
    let declared: BTreeSet<String> = model.structs.iter().map(|declared| declared.name.clone()).collect();
    let imports = imports(model, &items, &declared);
    quote! {
        //! The structs of arguments and answers.
        #imports
        #items
    }
}

fn structure(declared: &Struct) -> TokenStream {
    match declared.role {
        Role::Answer => answer(declared),
        Role::Argument => argument(declared),
        Role::Group => plain(declared),
    }
}

fn answer(declared: &Struct) -> TokenStream {
    let (name, text) = (ident(&declared.name), doc(&docs::sentence(&docs::markdown(&declared.doc))));
    let label = &declared.name;
    let fields = declared.members.iter().map(|member| {
        let (name, text, kind) =
            (ident(&member.name), doc(&docs::member(member)), answered(&member.kind, member.sensitive));
        if member.always { quote!(#text pub #name: #kind) } else { quote!(#text pub #name: Option<#kind>) }
    });
    let always = declared.members.iter().filter(|member| member.always).map(|member| &member.wire);
    let arms = declared.members.iter().map(arm);
    quote! {
        #text
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct #name {
            #(#fields,)*
            /// Members that the documents don't show.
            pub extra: Record,
        }

        impl Members for #name {
            const NAME: &'static str = #label;
            const ALWAYS: &'static [&'static str] = &[#(#always),*];

            #[inline]
            fn member<'de, A: MapAccess<'de>>(&mut self, name: &str, source: &mut A) -> Result<bool, A::Error> {
                match name {
                    #(#arms)*
                    _ => Ok(false),
                }
            }

            #[inline]
            fn extra(&mut self) -> &mut Record {
                &mut self.extra
            }
        }

        members!(#name);
    }
}

/// Texts keep an empty value; for everything else it means none.
fn arm(member: &Member) -> TokenStream {
    let (wire, name) = (&member.wire, ident(&member.name));
    match member.kind {
        Type::String if !member.always => quote!(#wire => read_text(&mut self.#name, source),),
        _ => quote!(#wire => read_member(&mut self.#name, source),),
    }
}

fn argument(declared: &Struct) -> TokenStream {
    let plain = plain(declared);
    let name = ident(&declared.name);
    let inserts = declared.members.iter().map(|member| {
        let (wire, field) = (&member.wire, ident(&member.name));
        let value = member.sent_as.as_ref().map_or_else(|| quote!(value), conversion);
        if member.kind.is_optional() {
            quote!(if let Some(value) = argument.#field { members.insert(#wire, #value); })
        } else {
            let value = with_value(value, quote!(argument.#field));
            quote!(members.insert(#wire, #value);)
        }
    });
    quote! {
        #plain

        impl From<#name> for Value {
            #[inline]
            fn from(argument: #name) -> Value {
                let mut members = Record::new();
                #(#inserts)*
                Value::Struct(members)
            }
        }
    }
}

fn plain(declared: &Struct) -> TokenStream {
    let (name, text) = (ident(&declared.name), doc(&docs::sentence(&docs::markdown(&declared.doc))));
    let fields = declared.members.iter().map(|member| {
        let (name, text, kind) =
            (ident(&member.name), doc(&docs::member(member)), owned(&member.kind, member.sensitive));
        quote!(#text pub #name: #kind)
    });
    quote! {
        #text
        #[derive(Clone, Debug, PartialEq)]
        pub struct #name {
            #(#fields,)*
        }
    }
}

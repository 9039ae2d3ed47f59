//! `methods.rs` of a local server: how each method is recognised, and what it answers.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Method, Model};
use crate::types::Wire;

/// Renders the method table.
pub(crate) fn file(model: &Model) -> TokenStream {
    let methods = model.services.iter().flat_map(|service| &service.methods).map(method);
    quote! {
        //! How each method is recognised, and its documented, repaired or supplied answer.
        use crate::method::{Kind, Method, Param};

        /// Every method and overload of the catalog.
        pub(crate) const METHODS: &[Method] = &[#(#methods),*];
    }
}

fn method(method: &Method) -> TokenStream {
    let (entry, wire, keyed, answer) = (&method.entry, &method.wire, method.keyed, &method.answer);
    let params = method.fields.iter().flat_map(|field| &field.params);
    let counts = counts(method).into_iter().map(proc_macro2::Literal::usize_unsuffixed);
    let params = params.map(|param| {
        let (name, kind) = (&param.wire_name, kind(&param.wire));
        quote!(Param { name: #name, kind: #kind })
    });
    quote! {
        Method { entry: #entry, name: #wire, keyed: #keyed, params: &[#(#params),*], counts: &[#(#counts),*], answer: #answer }
    }
}

/// How many parameters a call can have: those that always travel, and then each argument that can be left out, whole.
fn counts(method: &Method) -> Vec<usize> {
    let always = method.fields.iter().flat_map(|field| &field.params).filter(|param| param.always).count();
    let mut counts = vec![always];
    for field in method.fields.iter().filter(|field| field.params.iter().all(|param| !param.always)) {
        counts.push(counts[counts.len() - 1] + field.params.len());
    }
    counts
}

fn kind(wire: &Wire) -> TokenStream {
    match wire {
        Wire::Int => quote!(Kind::Int),
        Wire::Double => quote!(Kind::Double),
        Wire::Boolean => quote!(Kind::Boolean),
        Wire::String => quote!(Kind::String),
        Wire::DateTime => quote!(Kind::DateTime),
        Wire::Base64 => quote!(Kind::Base64),
        Wire::Array(None) => quote!(Kind::Array(&Kind::Any)),
        Wire::Array(Some(inner)) => {
            let inner = kind(inner);
            quote!(Kind::Array(&#inner))
        }
        Wire::Struct => quote!(Kind::Struct),
        Wire::Any => quote!(Kind::Any),
    }
}

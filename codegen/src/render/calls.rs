//! `calls.rs`: every example as a call, with what is known of its documented samples.

use std::collections::BTreeSet;
use std::path::Path;

use proc_macro2::TokenStream;
use quote::quote;

use super::{example, ident, path};
use crate::catalog::Outcome;
use crate::format;
use crate::model::{Method, Model, Sample, Service};
use crate::names::pascal_case;

/// Renders the calls; `folder` is where the file goes.
pub(crate) fn file(model: &Model, folder: &Path) -> TokenStream {
    let all = || model.services.iter().flat_map(|service| service.methods.iter().map(move |method| (service, method)));
    let functions = all().map(|(service, method)| function(model, service, method));
    let entries = all().map(|(service, method)| entry(model, service, method, folder));
    let tests = all().map(|(service, method)| ident(&name(service, method)));
    let package = path(&model.package);
    let count = proc_macro2::Literal::usize_unsuffixed(all().count());
    let mut used: BTreeSet<String> = all().flat_map(|(_, method)| example::imports(model, method)).collect();
    used.extend(["Client".to_owned(), "Error".to_owned()]);
    let used = used.iter().map(|name| ident(name));
    quote! {
        //! The example of every entry of the catalog, as a call of its generated function.
        use crate::call::{Answered, Call, Documented, Example, Param, Sample};
        use #package::{#(#used),*};

        /// Every entry, in the catalog's order.
        pub static CALLS: [Call; #count] = [#(#entries),*];

        /// Hands the name of every entry to a macro, which makes a test of each.
        #[macro_export]
        macro_rules! for_each_call {
            ($test:ident) => { #($test!(#tests);)* };
        }

        #(#functions)*
    }
}

fn name(service: &Service, method: &Method) -> String {
    format!("{}_{}", service.module, method.function)
}

fn function(model: &Model, service: &Service, method: &Method) -> TokenStream {
    let name = ident(&name(service, method));
    let call = example::call(model, &service.module, method);
    let request = if method.positional {
        TokenStream::new()
    } else {
        let (package, module, request) = (path(&model.package), ident(&service.module), ident(&method.request));
        quote!(use #package::#module::#request;)
    };
    quote! {
        fn #name(client: &Client) -> Result<Example, Error> {
            #request
            client.#call.map(Example::new)
        }
    }
}

fn entry(model: &Model, service: &Service, method: &Method, folder: &Path) -> TokenStream {
    let (entry, wire, call) = (&method.entry, &method.wire, ident(&name(service, method)));
    let function = format!("{}().{}", service.module, method.function);
    let arguments = format::line(&example::arguments(model, method));
    let up = "../".repeat(folder.components().count());
    let sample = |kind: &str, present: bool| {
        let file = format!("{up}{}/samples/{entry}.{kind}.xml", model.catalog);
        if present { quote!(Some(include_str!(#file))) } else { quote!(None) }
    };
    let request = sample("request", method.has_sample_request);
    let response = sample("response", method.has_sample_response);
    let repaired = sample("response.repaired", method.outcome == Outcome::Unreadable);
    let documented = ident(&match method.outcome {
        Outcome::None => "Nothing".to_owned(),
        outcome => pascal_case(outcome.word()),
    });
    let answered = match method.fault {
        Some(code) => {
            let code = proc_macro2::Literal::i32_unsuffixed(code);
            quote!(Answered::Fault(#code))
        }
        None => quote!(Answered::Value),
    };
    let params = method.fields.iter().flat_map(|field| &field.params).map(|param| {
        let name = &param.wire_name;
        let sample = ident(match param.sample {
            Sample::Value => "Value",
            Sample::Placeholder => "Placeholder",
            Sample::AnyType => "AnyType",
            Sample::OtherType => "OtherType",
        });
        quote!(Param { name: #name, sample: Sample::#sample })
    });
    let (keyed, other_name, other_count) = (method.keyed, method.differences.method, method.differences.count);
    quote! {
        Call {
            entry: #entry,
            method: #wire,
            function: #function,
            arguments: #arguments,
            call: #call,
            keyed: #keyed,
            params: &[#(#params),*],
            request: #request,
            other_name: #other_name,
            other_count: #other_count,
            documented: Documented::#documented,
            response: #response,
            repaired: #repaired,
            answered: #answered,
        }
    }
}

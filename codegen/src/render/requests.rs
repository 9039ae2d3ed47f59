//! The request of a method: its struct, its limits and its parameters.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::types::{answered, owned};
use super::{doc, ident};
use crate::model::{Field, Method, Param, Service};
use crate::names::pascal_case;
use crate::types::{Type, Wire};

/// Renders a request.
pub(crate) fn request(service: &Service, method: &Method) -> TokenStream {
    let (name, wire) = (ident(&method.request), &method.wire);
    let text = doc(&format!("The arguments of [`{}::{}`].", service.accessor, method.function));
    let fields = method.fields.iter().map(|field| {
        let (name, text, kind) = (ident(&field.name), doc(&docs::field(field)), owned(&field.kind, field.sensitive));
        quote!(#text pub #name: #kind)
    });
    let effect = ident(&pascal_case(method.effect.word()));
    let keyed = (!method.keyed).then(|| {
        quote!(
            const KEYED: bool = false;
        )
    });
    let output = answered(&method.output, method.sensitive_output);
    let body = body(method);
    let unused = if method.fields.is_empty() { quote!(_) } else { quote!(params) };
    quote! {
        #text
        #[derive(Clone, Debug, PartialEq)]
        pub struct #name {
            #(#fields,)*
        }

        impl Sealed for #name {}

        impl Method for #name {
            const NAME: &'static str = #wire;
            const EFFECT: Effect = Effect::#effect;
            #keyed
            type Output = #output;

            #[inline]
            fn params(self, #unused: &mut Params) -> Result<(), Error> {
                #body
            }
        }
    }
}

fn body(method: &Method) -> TokenStream {
    let checks = method.fields.iter().map(checks);
    let not_all_empty = method.not_all_empty.iter().map(|lists| {
        let fields: Vec<&Field> = lists.iter().filter_map(|&at| method.fields.get(at)).collect();
        let names = fields.iter().map(|field| wire_name(field));
        let empty = fields.iter().map(|field| {
            let name = ident(&field.name);
            quote!(self.#name.is_empty())
        });
        quote!(params.check_not_all_empty(&[#(#names),*], &[#(#empty),*])?;)
    });
    let pushes = method.fields.iter().map(push);
    quote! {
        #(#checks)*
        #(#not_all_empty)*
        #(#pushes)*
        Ok(())
    }
}

fn wire_name(field: &Field) -> &str {
    field.params.first().map_or(field.name.as_str(), |param| param.wire_name.as_str())
}

fn checks(field: &Field) -> TokenStream {
    let (limits, wire, name) = (&field.limits, wire_name(field), ident(&field.name));
    let option = |number: Option<i32>| {
        number.map_or_else(
            || quote!(None),
            |number| {
                let number = proc_macro2::Literal::i32_unsuffixed(number);
                quote!(Some(#number))
            },
        )
    };
    let number = match field.kind.required() {
        Type::Named(_) => quote!(i32::from(value)),
        _ => quote!(value),
    };
    let mut checks = TokenStream::new();
    if limits.min.is_some() || limits.max.is_some() {
        let (min, max) = (option(limits.min), option(limits.max));
        checks.extend(quote!(params.check_range(#wire, #number, #min, #max)?;));
    }
    if let Some(refused) = limits.not {
        let refused = proc_macro2::Literal::i32_unsuffixed(refused);
        checks.extend(quote!(params.check_not(#wire, #number, #refused)?;));
    }
    if let Some(items) = limits.items {
        let items = proc_macro2::Literal::u32_unsuffixed(items);
        checks.extend(match field.kind.required() {
            Type::Record => quote!(params.check_items(#wire, value.lists(), #items)?;),
            _ => quote!(params.check_items(#wire, [("", value.len())], #items)?;),
        });
    }
    if limits.not_empty {
        checks.extend(quote!(params.check_not_empty(#wire, value.is_empty())?;));
    }
    if checks.is_empty() {
        return checks;
    }
    let scalar = limits.min.is_some() || limits.max.is_some() || limits.not.is_some();
    match (field.kind.is_optional(), scalar) {
        (true, true) => quote!(if let Some(value) = self.#name { #checks }),
        (true, false) => quote!(if let Some(value) = &self.#name { #checks }),
        (false, _) => with_value(checks, quote!(self.#name)),
    }
}

/// The tokens with `value` replaced: no variable is needed for what is used once.
pub(super) fn with_value(checks: TokenStream, value: TokenStream) -> TokenStream {
    use proc_macro2::{Group, TokenTree};
    checks
        .into_iter()
        .map(|token| match token {
            TokenTree::Ident(name) if name == "value" => value.clone(),
            TokenTree::Group(group) => {
                TokenTree::from(Group::new(group.delimiter(), with_value(group.stream(), value.clone()))).into()
            }
            other => other.into(),
        })
        .collect()
}

fn push(field: &Field) -> TokenStream {
    let name = ident(&field.name);
    match field.params.as_slice() {
        [param] => single(field, param),
        params => {
            let pushes = params.iter().map(|param| {
                let (wire, member) = (&param.wire_name, ident(&param.field));
                quote!(params.push(#wire, #name.#member)?;)
            });
            quote!(if let Some(#name) = self.#name { #(#pushes)* })
        }
    }
}

fn single(field: &Field, param: &Param) -> TokenStream {
    let (wire, name) = (&param.wire_name, ident(&field.name));
    if *field.kind.required() == Type::Bytes {
        return if field.kind.is_optional() {
            quote!(if let Some(content) = self.#name { params.push_content(content); })
        } else {
            quote!(params.push_content(self.#name);)
        };
    }
    let converted = param.sent_as.as_ref().map(conversion);
    match (field.kind.is_optional(), &field.absent) {
        (false, _) => {
            let value = converted.map_or_else(|| quote!(self.#name), |by| with_value(by, quote!(self.#name)));
            quote!(params.push(#wire, #value)?;)
        }
        (true, absent) => {
            let value = converted.map_or_else(|| quote!(self.#name), |by| quote!(self.#name.map(|value| #by)));
            match absent.as_ref().map(literal) {
                Some(absent) => quote!(params.push_or(#wire, #value, #absent)?;),
                None => quote!(params.push_some(#wire, #value)?;),
            }
        }
    }
}

/// How `value` becomes what travels, where that isn't its type's own way.
pub(super) fn conversion(wire: &Wire) -> TokenStream {
    match wire {
        Wire::Int => quote!(i32::from(value)),
        _ => quote!(value.to_string()),
    }
}

fn literal(value: &serde_json::Value) -> TokenStream {
    match value {
        serde_json::Value::String(text) => quote!(#text),
        serde_json::Value::Bool(flag) => quote!(#flag),
        serde_json::Value::Number(number) if number.is_f64() => {
            let number = proc_macro2::Literal::f64_unsuffixed(number.as_f64().unwrap_or_default());
            quote!(#number)
        }
        other => other.to_string().parse().unwrap_or_default(),
    }
}

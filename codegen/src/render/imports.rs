//! The `use` lines of a generated file: of all names that could be meant, those that its tokens mention.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use super::{ident, path};
use crate::model::Model;
use crate::names::{ROOT, RUNTIME};

/// Renders the imports for `tokens`, leaving out what the file itself declares.
pub(crate) fn imports(model: &Model, tokens: &TokenStream, declared: &BTreeSet<String>) -> TokenStream {
    let mut mentioned = BTreeSet::new();
    collect(tokens.clone(), &mut mentioned);
    let used = |name: &str| mentioned.contains(name) && !declared.contains(name);
    let runtime = path(&model.runtime);
    let map = used("BTreeMap").then(|| {
        quote!(
            use std::collections::BTreeMap;
        )
    });
    let of_root = names(ROOT.into_iter().filter(|name| used(name)));
    let of_runtime = names(RUNTIME.into_iter().filter(|name| used(name)));
    let of_model = model.ids.iter().map(|id| id.name.as_str());
    let of_model = of_model.chain(model.enums.iter().map(|declared| declared.name.as_str()));
    let of_model = of_model.chain(model.structs.iter().map(|declared| declared.name.as_str()));
    let own = names(of_model.filter(|name| used(name)));
    let line = |base: TokenStream, names: &[TokenStream]| match names {
        [] => TokenStream::new(),
        [name] => quote!(use #base::#name;),
        names => quote!(use #base::{#(#names),*};),
    };
    let (root, runtime, own) =
        (line(runtime.clone(), &of_root), line(quote!(#runtime::runtime), &of_runtime), line(quote!(super), &own));
    quote! { #map #runtime #root #own }
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> Vec<TokenStream> {
    let sorted: BTreeSet<&str> = names.collect();
    sorted
        .into_iter()
        .map(|name| {
            let name = ident(name);
            quote!(#name)
        })
        .collect()
}

fn collect(tokens: TokenStream, mentioned: &mut BTreeSet<String>) {
    let mut colons = 0;
    for token in tokens {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == ':' => {
                colons += 1;
                continue;
            }
            // What follows `::` is found through what stands before it.
            TokenTree::Ident(name) if colons < 2 => {
                mentioned.insert(name.to_string());
            }
            TokenTree::Group(group) => collect(group.stream(), mentioned),
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
        colons = 0;
    }
}

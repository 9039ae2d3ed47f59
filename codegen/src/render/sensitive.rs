//! `sensitive.rs`: the names under which secrets travel, for a runtime that is part of the same crate.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Model;

/// Renders the names of all columns and members that must never show, sorted.
pub(crate) fn file(model: &Model) -> TokenStream {
    let columns = model.tables.iter().flat_map(|table| &table.fields);
    let members = model.structs.iter().flat_map(|declared| &declared.members);
    let columns = columns.filter(|column| column.sensitive).map(|column| &column.name);
    let members = members.filter(|member| member.sensitive).map(|member| &member.wire);
    let names: BTreeSet<&String> = columns.chain(members).collect();
    quote! {
        //! What must never show, wherever an answer is quoted.

        /// The names of the columns and members that are secrets, sorted.
        pub(crate) const SENSITIVE: &[&str] = &[#(#names),*];
    }
}

//! `ids.rs`: newtypes over the wire's int.
//!
//! Text instead of tokens: a doc comment inside a macro's call would come out as an attribute.

use super::comment;
use super::docs::{markdown, sentence};
use crate::model::Model;

/// Renders all ids.
pub(crate) fn file(model: &Model) -> String {
    let ids = model.ids.iter().map(|id| {
        let doc = comment(&sentence(&markdown(&id.doc)), 4);
        format!("id! {{\n{doc}    {}\n}}\n", id.name)
    });
    let items = ids.collect::<Vec<_>>().join("\n");
    format!(
        "//! What has an id: two ids of different things can't be swapped.\n\nuse {}::runtime::id;\n\n{items}",
        model.runtime
    )
}

//! `other_clients.rs`: under which names other clients know the functions.
//!
//! Text instead of tokens: the file is one table in the docs.

use crate::model::{Method, Model, Service};

/// Renders the table.
pub(crate) fn file(model: &Model) -> String {
    let titles: Vec<&str> = model.clients.iter().map(String::as_str).collect();
    let head = format!("//! | {} | Rust |\n//! |{}\n", titles.join(" | "), " --- |".repeat(titles.len() + 1));
    let rows = model.services.iter().flat_map(|service| service.methods.iter().map(move |method| row(service, method)));
    let known: String = rows.collect();
    format!("//! For people who come from another client: under which name it knows each function.\n//!\n{head}{known}")
}

fn row(service: &Service, method: &Method) -> String {
    let names =
        method.client_names.iter().map(|name| name.as_ref().map_or_else(String::new, |name| format!("`{name}`")));
    let link = format!(
        "[`{module}().{function}`](super::{module}::{accessor}::{function})",
        module = service.module,
        function = method.function,
        accessor = service.accessor,
    );
    format!("//! | {} | {link} |\n", names.collect::<Vec<_>>().join(" | "))
}

//! `other_clients.rs`: under which names other clients know the functions.
//!
//! Text instead of tokens: the file is one table in the docs.

use super::docs::markdown;
use crate::model::{Method, Model, Service};

/// Renders the table: Rust's names first, and a column for each client whose names aren't just the wire's.
pub(crate) fn file(model: &Model) -> String {
    let all = || model.services.iter().flat_map(|service| service.methods.iter().map(move |method| (service, method)));
    let own = |at: usize| all().any(|(_, method)| name(method, at).is_some_and(|name| !repeats_wire(name, method)));
    let clients = || model.clients.iter().enumerate();
    let columns: Vec<(usize, &str)> =
        clients().filter(|(at, _)| own(*at)).map(|(at, title)| (at, title.as_str())).collect();
    let others: Vec<&str> = clients().filter(|(at, _)| !own(*at)).map(|(_, title)| title.as_str()).collect();
    let rows: String = all().filter_map(|(service, method)| row(service, method, &columns)).collect();
    let titles: String = columns.iter().map(|(_, title)| format!(" {title} |")).collect();
    format!(
        "//! For people who come from another client: the functions that it knows by other names.\n//!\n{}\
         //! | Rust |{titles}\n//! |{}\n{rows}",
        wire_names(&others),
        " --- |".repeat(columns.len() + 1)
    )
}

/// Where the others' functions are found.
fn wire_names(others: &[&str]) -> String {
    if others.is_empty() {
        return String::new();
    }
    let others = others.join(" and ");
    format!(
        "//! The names in {others} are made of the wire's, by which the search of these docs finds every function.\n//!\n"
    )
}

fn name(method: &Method, client: usize) -> Option<&str> {
    method.client_names.get(client)?.as_deref()
}

/// Whether a client's name is made of the wire's service and method.
fn repeats_wire(name: &str, method: &Method) -> bool {
    method.wire.split('.').all(|part| name.contains(part))
}

fn row(service: &Service, method: &Method, columns: &[(usize, &str)]) -> Option<String> {
    let names = || columns.iter().map(|(at, _)| name(method, *at));
    if names().all(|name| name.is_none()) {
        return None;
    }
    let (module, accessor, function) = (&service.module, &service.accessor, &method.function);
    let cells: String = names().map(|name| format!(" {} |", name.map(code).unwrap_or_default())).collect();
    let shown = code(&format!("{module}().{function}"));
    Some(format!("//! | [{shown}](super::{module}::{accessor}::{function}) |{cells}\n"))
}

/// A name as code that may be broken between its words, so that no column is out of sight.
fn code(name: &str) -> String {
    let mut shown = String::new();
    let mut before = ' ';
    for letter in name.chars() {
        let word = before.is_ascii_lowercase() && letter.is_ascii_uppercase();
        if word || (".>_".contains(before) && letter != before) {
            shown.push('\u{200b}');
        }
        shown.push(letter);
        before = letter;
    }
    format!("<code>{}</code>", markdown(&shown).replace('\u{200b}', "<wbr>"))
}

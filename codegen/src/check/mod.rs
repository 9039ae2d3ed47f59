//! Whether what a catalog says holds together: names, values, samples, and a reason for every difference.

use serde_json::Value;

use crate::catalog::Why;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::load::Catalog;
use crate::load::place::Place;
use crate::names;

mod api;
mod entries;
mod evidence;
mod example;
mod groups;
mod method;
mod params;
mod requests;
mod responses;
mod scope;
mod tables;
mod types;
mod values;
mod view;

use scope::Scope;

/// The variant that every generated enum has for values that are not listed.
const UNKNOWN: &str = "Unknown";

/// Checks a catalog and returns everything that is wrong with it, sorted by place.
pub fn check(catalog: &Catalog) -> Vec<Diagnostic> {
    let scope = Scope::new(catalog);
    let mut report = Report { catalog, diagnostics: Vec::new(), is_complete: catalog.broken.is_empty() };
    api::check(&scope, &mut report);
    let views = view::views(&scope, &mut report);
    entries::check(&scope, &views, &mut report);
    for view in &views {
        method::check(&scope, view, &mut report);
        params::check(&scope, view, &mut report);
        responses::check(&scope, view, &mut report);
    }
    types::check(&scope, &views, &mut report);
    tables::check(&scope, &mut report);
    report.diagnostics.sort();
    report.diagnostics
}

/// What was found so far.
struct Report<'a> {
    catalog: &'a Catalog,
    diagnostics: Vec<Diagnostic>,
    /// Whether everything could be read: only then it is certain that something is used or shown nowhere.
    is_complete: bool,
}

impl Report<'_> {
    fn error(&mut self, place: &Place, message: impl Into<String>) {
        self.hinted(place, message, None);
    }

    fn hinted(&mut self, place: &Place, message: impl Into<String>, hint: Option<String>) {
        self.diagnostics.push(self.catalog.diagnostic(place, message.into(), hint));
    }

    /// Reports an unknown name, with the nearest known one.
    fn unknown<'a>(
        &mut self,
        place: &Place,
        label: &str,
        what: &str,
        name: &str,
        known: impl Iterator<Item = &'a str>,
    ) {
        self.hinted(place, format!("{label}: unknown {what} {name:?}"), did_you_mean(name, known));
    }

    /// Reports a name that can't be one in Rust: ours as it stands, or the wire's where we give none.
    fn rust_name(&mut self, label: &str, place: &Place, key: &str, ours: Option<&str>, wire: &str) {
        let is_name = |name: &str| name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.is_ascii();
        match ours {
            Some(ours) if !is_name(ours) || !names::is_name(ours) => {
                let keyword = names::identifier(ours);
                let hint = (key != "token" && is_name(ours) && names::is_name(&keyword))
                    .then(|| format!("write `{key}: {keyword}`"));
                self.hinted(&place.key(key), format!("{label}: {ours:?} can't be a name in Rust"), hint);
            }
            None if !is_name(&folded(wire)) => {
                let hint = Some(format!("give it one by `{key}:`"));
                self.hinted(place, format!("{label}: {wire:?} can't be a name in Rust"), hint);
            }
            Some(_) | None => {}
        }
    }

    /// Reports a name of ours that could be one in Rust, but isn't written as those of fields and modules are.
    fn snake_case(&mut self, label: &str, place: &Place, key: &str, ours: Option<&str>) {
        let Some(ours) = ours.filter(|ours| names::is_name(ours)) else { return };
        if ours.contains(|letter: char| !letter.is_ascii_lowercase() && !letter.is_ascii_digit() && letter != '_') {
            let hint = Some(format!("write `{key}: {}`", names::snake_case(ours)));
            self.hinted(&place.key(key), format!("{label}: {ours:?} is not written in snake case"), hint);
        }
    }

    /// Reports a name that the docs can't show, or that can't be searched for in them.
    fn docs_name(&mut self, label: &str, place: &Place, name: &str) {
        let is_wrong = |letter: char| "\"'`|".contains(letter) || (letter != ' ' && letter.is_whitespace());
        if name.contains(is_wrong) || name.trim() != name {
            let hint = Some("leave out quotes, backticks, bars, line breaks and outer spaces".to_owned());
            self.hinted(place, format!("{label}: {name:?} can't stand in the docs"), hint);
        }
    }

    /// Compares the differences that were found at a place with the reasons that are given there.
    fn reasons(&mut self, label: &str, place: &Place, why: &Why, differences: &[Difference]) {
        for Difference { kind, text } in differences {
            if let Some(text) = text
                && !why.contains_key(*kind)
            {
                self.hinted(place, format!("{label}: {text}"), Some(format!("add `why: {{ {kind}: … }}`")));
            }
        }
        for kind in why.keys() {
            if !differences.iter().any(|difference| difference.kind == kind) {
                let kinds = differences.iter().map(|difference| difference.kind);
                let place = place.key("why").key(kind).at_key();
                self.hinted(&place, format!("{label}: no difference of kind {kind:?} here"), did_you_mean(kind, kinds));
            }
        }
    }
}

/// A difference between what the documents say and what was decided.
struct Difference {
    kind: &'static str,
    /// What differs; `None` where another mistake, reported already, hides whether anything does.
    text: Option<String>,
}

impl Difference {
    fn new(kind: &'static str, text: impl Into<String>) -> Difference {
        Difference { kind, text: Some(text.into()) }
    }

    fn hidden(kind: &'static str) -> Difference {
        Difference { kind, text: None }
    }
}

/// A value as a person would write it in the catalog.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
        other => other.to_string(),
    }
}

/// A name without case and separators: two names that are equal so would be the same in Rust, or hard to tell apart.
fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The difference of a text of ours that stands in the place of the document's.
fn replaced_text(doc: Option<&String>, summary: Option<&String>) -> Option<Difference> {
    doc.and(summary).map(|_| Difference::new("summary", "`summary` replaces the document's text"))
}

/// Whether two names are the same but for their case.
fn same_name(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

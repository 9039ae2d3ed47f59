//! What an entry says about the method as a whole.

use crate::catalog::{Effect, Outcome, Source};
use crate::diagnostic::did_you_mean;

use super::scope::Scope;
use super::view::View;
use super::{Difference, Report, example, groups, replaced_text, requests, responses};

pub(super) fn check(scope: &Scope<'_>, view: &View<'_>, report: &mut Report<'_>) {
    check_source(scope, view, report);
    check_effect(view, report);
    check_names(scope, view, report);
    groups::check(scope, view, report);
    example::check(scope, view, report);
    let method = view.method;
    if method.doc.is_none() && method.summary.is_none() {
        report.error(&view.place, format!("{}: without a `doc`, the method needs a `summary`", view.label));
    }
    let mut differences = requests::method_differences(scope, view);
    differences.extend(replaced_text(method.doc.as_ref(), method.summary.as_ref()));
    differences.extend(aliases(view, report));
    match method.outcome {
        Outcome::Typed => {}
        _ if responses::contradiction(scope, view).is_some() => differences.push(Difference::hidden("outcome")),
        Outcome::Fault => differences.push(Difference::new("outcome", "the documented response is a fault")),
        Outcome::Unreadable => differences.push(Difference::new("outcome", "the documented response is unreadable")),
        Outcome::None => differences.push(Difference::new("outcome", "there is no documented response")),
    }
    report.reasons(&view.label, &view.place, &method.why, &differences);
}

fn check_source(scope: &Scope<'_>, view: &View<'_>, report: &mut Report<'_>) {
    let (method, place, label) = (view.method, &view.place, &view.label);
    match (&method.known_from, method.source) {
        (Some(_), Source::Documented) => {
            let message = format!("{label}: `known_from` is for methods that are not documented with a sample");
            report.error(&place.key("known_from").at_key(), message);
        }
        (None, Source::DocumentedWithoutSample | Source::Known) => {
            report.error(place, format!("{label}: `known_from` must say where the call is known from"));
        }
        (None, Source::Documented) | (Some(_), Source::DocumentedWithoutSample | Source::Known) => {}
    }
    let documents = &scope.api.documents;
    let at = place.key("document");
    match method.document.as_deref() {
        Some("main") => report.error(&at, format!("{label}: `document: main` says what holds anyway")),
        Some(document) if !documents.contains_key(document) => {
            report.unknown(&at, label, "document", document, documents.keys().map(String::as_str));
        }
        Some(_) | None => {}
    }
    if let Some(table) = &method.table {
        if !view.is_documented() {
            report.error(&place.key("table"), format!("{label}: there is no table where the source is `known`"));
        } else if method.document(scope.api).is_some_and(|document| document.heading.as_ref() == Some(table)) {
            report.error(&place.key("table"), format!("{label}: `table: {table}` says what holds anyway"));
        }
    }
}

fn check_effect(view: &View<'_>, report: &mut Report<'_>) {
    match (view.method.effect, &view.method.because) {
        (Effect::Once, Some(_)) => {
            let message =
                format!("{}: `because` is for calls that may be repeated, and the effect is `once`", view.label);
            report.error(&view.place.key("because").at_key(), message);
        }
        (Effect::Read | Effect::Repeatable, None) => {
            let message = format!("{}: `because` must say why repeating the call does no harm", view.label);
            report.error(&view.place.key("effect"), message);
        }
        (Effect::Once, None) | (Effect::Read | Effect::Repeatable, Some(_)) => {}
    }
}

fn check_names(scope: &Scope<'_>, view: &View<'_>, report: &mut Report<'_>) {
    report.docs_name(&view.label, &view.place.key("wire"), &view.method.wire);
    for (index, alias) in view.method.aliases.iter().flatten().enumerate() {
        report.docs_name(&view.label, &view.place.key("aliases").index(index), alias);
    }
    for (client, name) in &view.method.names {
        report.docs_name(&view.label, &view.place.key("names").key(client), name);
    }
    let clients = &scope.api.clients;
    for client in view.method.names.keys().filter(|client| !clients.contains_key(*client)) {
        let place = view.place.key("names").key(client).at_key();
        let hint = did_you_mean(client, clients.keys().map(String::as_str));
        report.hinted(&place, format!("{}: unknown client {client:?}", view.label), hint);
    }
}

fn aliases(view: &View<'_>, report: &mut Report<'_>) -> Option<Difference> {
    let given = view.method.aliases.as_ref()?;
    let default = sorted(view.method.default_aliases().collect());
    if sorted(given.iter().map(String::as_str).collect()) == default {
        let message = format!("{}: these `aliases` say what holds anyway", view.label);
        report.error(&view.place.key("aliases"), message);
        return None;
    }
    Some(Difference::new("aliases", format!("the aliases by `names` are {default:?}")))
}

fn sorted(mut words: Vec<&str>) -> Vec<&str> {
    words.sort_unstable();
    words.dedup();
    words
}

//! Samples' files, and documented responses against the answer's type.

use crate::catalog::{Outcome, Source};
use crate::sample::{self, Node, Response};

use super::scope::Scope;
use super::view::View;
use super::{Report, replaced_text};

pub(super) fn check(scope: &Scope<'_>, view: &View<'_>, report: &mut Report<'_>) {
    for file in files(view).iter().filter(|file| !scope.catalog.samples.contains_key(*file)) {
        report.error(&view.place, format!("{}: the file samples/{file} is missing", view.label));
    }
    check_request(scope, view, report);
    check_documented(scope, view, report);
    if matches!(view.method.outcome, Outcome::Unreadable | Outcome::None) {
        check_ours(scope, view, report);
    }
    check_returns(scope, view, report);
}

/// The sample files that a method must have.
pub(super) fn files(view: &View<'_>) -> Vec<String> {
    let request: &[&str] = match view.method.source {
        Source::Documented => &["request"],
        Source::DocumentedWithoutSample | Source::Known => &[],
    };
    let outcome = view.method.outcome;
    let documented: &[&str] = if outcome == Outcome::Unreadable { &["response"] } else { &[] };
    request.iter().chain(documented).chain(&[outcome.answer()]).map(|kind| view.file(kind)).collect()
}

fn check_request(scope: &Scope<'_>, view: &View<'_>, report: &mut Report<'_>) {
    let file = view.file("request");
    if let Some(xml) = scope.catalog.samples.get(&file).filter(|_| view.method.source == Source::Documented)
        && let Err(error) = sample::request(xml)
    {
        let place = scope.catalog.place(&format!("samples/{file}"));
        report.error(&place, format!("{}: the sample request is unreadable: {error}", view.label));
    }
}

fn check_documented(scope: &Scope<'_>, view: &View<'_>, report: &mut Report<'_>) {
    if let Some((found, reason)) = contradiction(scope, view) {
        let message = format!("{}: `outcome` is not `{}`{reason}", view.label, view.method.outcome.word());
        report.hinted(&view.place.key("outcome"), message, Some(format!("it is `{}`", found.word())));
    }
}

/// What the documented response shows, where that isn't what `outcome` says; with it, why it can't be read.
pub(super) fn contradiction(scope: &Scope<'_>, view: &View<'_>) -> Option<(Outcome, String)> {
    let xml = scope.catalog.samples.get(&view.file("response"))?;
    let (found, reason) = match read(scope, view, xml) {
        Ok(found) => (found, String::new()),
        Err(reason) => (Outcome::Unreadable, format!(" ({reason})")),
    };
    let outcome = view.method.outcome;
    (outcome != found && outcome != Outcome::None).then_some((found, reason))
}

/// Whether a repaired or supplied response is one that a reader can accept; a repaired fault stays a fault.
fn check_ours(scope: &Scope<'_>, view: &View<'_>, report: &mut Report<'_>) {
    let file = view.answer_file();
    let Some(xml) = scope.catalog.samples.get(&file) else {
        return;
    };
    if let Err(reason) = read(scope, view, xml) {
        let place = scope.catalog.place(&format!("samples/{file}"));
        report.error(&place, format!("{}: this must be a response that can be read: {reason}", view.label));
    }
}

/// Reads a response as a client would; the error says why it can't.
fn read(scope: &Scope<'_>, view: &View<'_>, xml: &str) -> Result<Outcome, String> {
    match sample::response(xml)? {
        Response::Fault { .. } => Ok(Outcome::Fault),
        Response::Value(node) => scope.reads(&view.returns.type_, &node).map(|()| Outcome::Typed),
    }
}

fn check_returns(scope: &Scope<'_>, view: &View<'_>, report: &mut Report<'_>) {
    let (returns, place) = (&view.method.returns, view.place.key("returns"));
    let label = format!("{}: the answer", view.label);
    let mut differences = Vec::new();
    if let Some(documented) = &returns.documented {
        let word = scope.documented(documented, &place.key("documented"), &label, report);
        differences.extend(view.returns.difference("documented", "the documented type", word.as_ref()));
    }
    if view.method.outcome != Outcome::Fault {
        let wire = view.answer.as_ref().map(Node::wire);
        differences.extend(view.returns.difference("sample_type", "the sample's type", wire.as_ref()));
    }
    differences.extend(replaced_text(returns.doc.as_ref(), returns.summary.as_ref()));
    report.reasons(&label, &place, &returns.why, &differences);
}

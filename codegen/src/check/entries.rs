//! What must be unique in the whole catalog: services, accessors, functions, sample files; and that no file is left over.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::did_you_mean;
use crate::load::place::Place;
use crate::names::{is_taken, pascal_case, snake_case};

use super::scope::Scope;
use super::view::View;
use super::{Report, folded, replaced_text, responses};

pub(super) fn check(scope: &Scope<'_>, views: &[View<'_>], report: &mut Report<'_>) {
    check_services(scope, report);
    check_functions(views, report);
    check_samples(scope, views, report);
}

fn check_services(scope: &Scope<'_>, report: &mut Report<'_>) {
    let (mut services, mut accessors) = (BTreeSet::new(), BTreeSet::new());
    for file in &scope.catalog.services {
        let (service, place) = (&file.service, Place::new(file.file.clone()));
        let label = &service.accessor;
        if !services.insert(&service.service) {
            report.error(&place.key("service"), format!("another file describes the service {:?}", service.service));
        }
        if !accessors.insert(folded(&service.accessor)) {
            report.error(&place.key("accessor"), format!("another service has the accessor {label:?}"));
        }
        report.docs_name("the service", &place.key("service"), &service.service);
        report.rust_name("the service", &place, "accessor", Some(label), "");
        report.snake_case("the service", &place, "accessor", Some(label));
        let taken = if MODULES.contains(&label.as_str()) {
            Some(format!("another generated module is called {label:?}"))
        } else if scope.api.reserved.contains(label) || is_taken(&pascal_case(label)) {
            Some(format!("the name {label:?} is taken in Rust"))
        } else {
            None
        };
        if let Some(taken) = taken {
            let hint = Some("give it another accessor".to_owned());
            report.hinted(&place.key("accessor"), format!("the service: {taken}"), hint);
        }
        if service.doc.is_none() && service.summary.is_none() {
            report.error(&place, format!("{label}: without a `doc`, the service needs a `summary`"));
        }
        let difference = replaced_text(service.doc.as_ref(), service.summary.as_ref());
        report.reasons(label, &place, &service.why, difference.as_slice());
    }
}

fn check_functions(views: &[View<'_>], report: &mut Report<'_>) {
    let (mut functions, mut stems) = (BTreeSet::new(), BTreeSet::new());
    for view in views {
        report.rust_name(&view.label, &view.place, "as", view.method.as_.as_deref(), view.name);
        if snake_case(view.name) == "new" {
            let message = format!("{}: the accessor's own function is called \"new\"", view.label);
            let key = if view.method.as_.is_some() { "as" } else { "wire" };
            report.hinted(&view.place.key(key), message, Some("give it another name by `as:`".to_owned()));
        }
        let first_function = functions.insert((&view.service.accessor, folded(view.name)));
        let first_stem = stems.insert(&view.stem);
        if !(first_function && first_stem) {
            let key = if view.method.as_.is_some() { "as" } else { "wire" };
            let message = format!("{}: another entry has this name", view.label);
            report.hinted(&view.place.key(key), message, Some("tell overloads apart by `as:`".to_owned()));
        }
    }
}

/// Finds the samples that no method has.
fn check_samples(scope: &Scope<'_>, views: &[View<'_>], report: &mut Report<'_>) {
    if !scope.catalog.broken.is_empty() {
        return;
    }
    let expected: BTreeSet<String> = views.iter().flat_map(responses::files).collect();
    let stems: BTreeMap<&str, &View<'_>> = views.iter().map(|view| (view.stem.as_str(), view)).collect();
    let services: BTreeSet<&str> = views.iter().map(|view| service(&view.wire)).collect();
    let mut strangers: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for name in scope.catalog.samples.keys().filter(|name| !expected.contains(*name)) {
        let stem = KINDS.iter().find_map(|kind| name.strip_suffix(&format!(".{kind}.xml")));
        let message = match stem.and_then(|stem| stems.get(stem)) {
            Some(view) => format!("{} has no use for this file by its `source` and `outcome`", view.label),
            None if stem.is_some() && !services.contains(service(name)) => {
                strangers.entry(service(name)).or_default().push(name);
                continue;
            }
            None => "no method has this sample".to_owned(),
        };
        report.error(&scope.catalog.place(&format!("samples/{name}")), message);
    }
    // A service that was renamed is one mistake, however many samples it has.
    for (stranger, names) in strangers {
        let place = scope.catalog.place(&format!("samples/{}", names[0]));
        let count = if names.len() == 1 { "this sample is".to_owned() } else { format!("{} samples are", names.len()) };
        let message = format!("no file describes the service {stranger:?}, which {count} of");
        report.hinted(&place, message, did_you_mean(stranger, services.iter().copied()));
    }
}

/// The service that a wire name or a sample's file belongs to.
fn service(name: &str) -> &str {
    name.split('.').next().unwrap_or_default()
}

/// The modules that stand beside those of services.
const MODULES: [&str; 8] = ["accessors", "enums", "faults", "ids", "other_clients", "sensitive", "structs", "tables"];

/// What the names of samples end with; the longer ones first.
const KINDS: [&str; 4] = ["response.repaired", "response.supplied", "response", "request"];

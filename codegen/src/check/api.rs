//! `api.yaml` and `faults.yaml`.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use crate::catalog::{Operation, Outputs};
use crate::load::place::Place;
use crate::types::Wire;

use super::scope::Scope;
use super::{Difference, Report, UNKNOWN};

/// Where a parameter of an operation can travel.
const PLACES: [&str; 3] = ["query", "form", "header"];

pub(super) fn check(scope: &Scope<'_>, report: &mut Report<'_>) {
    let api = scope.api;
    let place = scope.catalog.place("api.yaml");
    if !api.documents.contains_key("main") {
        report.error(&place.key("documents"), "the document `main` is missing, which methods mean by default");
    }
    if api.runtime != "crate" {
        report.rust_name("the API", &place, "runtime", Some(&api.runtime), "");
    }
    for (word, wire) in &api.documented_types {
        if let Err(error) = Wire::parse(wire) {
            report.error(&place.key("documented_types").key(word), error);
        }
    }
    for (client, title) in &api.clients {
        report.docs_name("the clients", &place.key("clients").key(client), title);
    }
    check_outputs(&api.outputs, &place.key("outputs"), report);
    if let Some(key) = &api.key {
        scope.documented(&key.documented, &place.key("key").key("documented"), "the key", report);
    }
    let mut names = BTreeSet::new();
    for (index, operation) in api.operations.iter().enumerate() {
        let place = place.key("operations").index(index);
        if !names.insert(&operation.name) {
            report.error(&place.key("name"), format!("the operation {:?} is here twice", operation.name));
        }
        check_operation(operation, &place, report);
    }
    check_faults(scope, report);
}

/// Nothing is written outside of the project.
fn check_outputs(outputs: &Outputs, place: &Place, report: &mut Report<'_>) {
    let folders =
        [("client", Some(&outputs.client)), ("tests", outputs.tests.as_ref()), ("server", outputs.server.as_ref())];
    for (key, folder) in folders {
        let is_inside =
            |folder: &String| Path::new(folder).components().all(|part| matches!(part, Component::Normal(_)));
        if let Some(folder) = folder.filter(|folder| !is_inside(folder)) {
            let hint = Some("give a folder of the project, such as `src/generated`".to_owned());
            report.hinted(&place.key(key), format!("the outputs: {folder:?} leads out of the project"), hint);
        }
    }
}

fn check_operation(operation: &Operation, place: &Place, report: &mut Report<'_>) {
    let label = &operation.name;
    let mut names = BTreeSet::new();
    for (index, param) in operation.params.iter().enumerate() {
        let place = place.key("params").index(index);
        let label = format!("{label}: parameter {:?}", param.name);
        if !names.insert(&param.name) {
            report.error(&place.key("name"), format!("{label} is here twice"));
        }
        if !PLACES.contains(&param.place.as_str()) {
            let message = format!("{label}: it travels in `query`, `form` or `header`, not in {:?}", param.place);
            report.error(&place.key("in"), message);
        }
    }
    let mut differences = Vec::new();
    if operation.url != operation.documented_url {
        differences.push(Difference::new("url", format!("the documented URL is {:?}", operation.documented_url)));
    }
    report.reasons(label, place, &operation.why, &differences);
}

fn check_faults(scope: &Scope<'_>, report: &mut Report<'_>) {
    let place = scope.catalog.place("faults.yaml").key("faults");
    let (mut codes, mut tokens) = (BTreeSet::new(), BTreeSet::new());
    for (fault, position) in scope.catalog.faults.iter().zip(&scope.catalog.fault_positions) {
        let place = place.index(*position);
        report.rust_name("the fault", &place, "token", Some(&fault.token), "");
        if fault.token == UNKNOWN {
            report.error(&place.key("token"), format!("the fault: the name {UNKNOWN:?} is taken in Rust"));
        }
        if !codes.insert(fault.code) {
            report.error(&place.key("code"), format!("{}: the code {} is here twice", fault.token, fault.code));
        }
        if !tokens.insert(&fault.token) {
            report.error(&place.key("token"), format!("the token {:?} is here twice", fault.token));
        }
    }
}

//! The example arguments.

use crate::catalog::Sample;

use super::Report;
use super::scope::Scope;
use super::view::View;

pub(super) fn check(scope: &Scope<'_>, view: &View<'_>, report: &mut Report<'_>) {
    let place = view.place.key("example");
    let example = &view.method.example;
    for name in example.keys().filter(|name| !view.sent.iter().any(|sent| sent.param.name == **name)) {
        let known = view.sent.iter().map(|sent| sent.param.name.as_str());
        report.unknown(&place.key(name).at_key(), &format!("{}: example", view.label), "parameter", name, known);
    }
    for sent in &view.sent {
        let has_value = matches!(sent.param.sample, Some(Sample::Value(_)));
        match example.get(&sent.param.name) {
            Some(_) if has_value => {
                let message = format!("{}: the sample's value is the example already", sent.label);
                report.error(&place.key(&sent.param.name).at_key(), message);
            }
            Some(value) => {
                if let Err(error) = scope.is_value(sent.required(), value) {
                    report.error(&place.key(&sent.param.name), format!("{}: example: {error}", sent.label));
                }
            }
            None if sent.always_travels() && !has_value => {
                report.error(&view.place, format!("{}: `example` must give an argument for it", sent.label));
            }
            None => {}
        }
    }
}

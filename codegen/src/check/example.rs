//! The example arguments.

use serde_json::Value;

use crate::catalog::{Limits, Sample};
use crate::load::place::Place;

use super::scope::Scope;
use super::view::{Sent, View};
use super::{Report, shown};

pub(super) fn check(scope: &Scope<'_>, view: &View<'_>, report: &mut Report<'_>) {
    let place = view.place.key("example");
    let example = &view.method.example;
    for name in example.keys().filter(|name| !view.sent.iter().any(|sent| sent.param.name == **name)) {
        let known = view.sent.iter().map(|sent| sent.param.name.as_str());
        report.unknown(&place.key(name).at_key(), &format!("{}: example", view.label), "parameter", name, known);
    }
    for sent in &view.sent {
        let place = place.key(&sent.param.name);
        let sample = match &sent.param.sample {
            Some(Sample::Value(sample)) => Some(&sample.value),
            Some(Sample::Name(_) | Sample::Placeholder(_)) | None => None,
        };
        match (example.get(&sent.param.name), sample) {
            (Some(_), Some(_)) => {
                report.error(&place.at_key(), format!("{}: the sample's value is the example already", sent.label));
            }
            (Some(value), None) => match scope.is_value(sent.required(), value) {
                Err(error) => report.error(&place, format!("{}: example: {error}", sent.label)),
                Ok(()) => check_limits(sent, value, &place, report),
            },
            (None, Some(value)) => check_limits(sent, value, &sent.place.key("sample").key("value"), report),
            (None, None) if sent.always_travels() => {
                report.error(&view.place, format!("{}: `example` must give an argument for it", sent.label));
            }
            (None, None) => {}
        }
    }
}

fn check_limits(sent: &Sent<'_>, value: &Value, place: &Place, report: &mut Report<'_>) {
    // What nothing meets is reported by itself.
    let can_be_met = |limits: &&Limits| limits.min.zip(limits.max).is_none_or(|(min, max)| min <= max);
    let limits = sent.param.limits.as_ref().filter(can_be_met);
    if let Some(key) = limits.and_then(|limits| broken(limits, value)) {
        report.error(place, format!("{}: example: {} breaks the limit `{key}`", sent.label, shown(value)));
    }
}

/// The limit that a call with this value would break, which the client refuses to send.
fn broken(limits: &Limits, value: &Value) -> Option<&'static str> {
    let number = value.as_i64().and_then(|number| i32::try_from(number).ok());
    let length = |value: &Value| value.as_array().map_or(0, Vec::len);
    let longest = value.as_object().map_or(length(value), |record| record.values().map(length).max().unwrap_or(0));
    let broken = [
        ("min", number.zip(limits.min).is_some_and(|(number, min)| number < min)),
        ("max", number.zip(limits.max).is_some_and(|(number, max)| number > max)),
        ("not", number.is_some() && number == limits.not),
        ("items", limits.items.is_some_and(|items| longest > items as usize)),
        ("not_empty", limits.not_empty && (*value == "" || *value == Value::Array(Vec::new()))),
    ];
    broken.into_iter().find(|(_, broken)| *broken).map(|(key, _)| key)
}

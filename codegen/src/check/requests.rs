//! Sample requests against the parameters.

use serde_json::Value;

use crate::catalog::{Param, Sample, Source};
use crate::diagnostic::did_you_mean;
use crate::sample::{Node, Request};

use super::scope::Scope;
use super::values::holds;
use super::view::{Sent, View};
use super::{Difference, Report, same_name, shown};

/// What differs in the request as a whole.
pub(super) fn method_differences(scope: &Scope<'_>, view: &View<'_>) -> Vec<Difference> {
    let Some(request) = &view.request else {
        return hidden(view, ["method", "key", "count"]);
    };
    let mut differences = Vec::new();
    if request.method != view.wire {
        differences.push(Difference::new("method", format!("the sample calls {:?}", request.method)));
    }
    if let (Some(key), Some(found)) = (key(scope, view), request.params.first())
        && found.text() != Some(key)
    {
        let found = shown(&found.json());
        differences.push(Difference::new("key", format!("the sample's first parameter is {found}, not {key:?}")));
    }
    let least = view.sent.iter().filter(|sent| sent.always_travels()).count();
    let (most, found) = (view.sent.len(), nodes(scope, view, request).len());
    if !(least..=most).contains(&found) {
        let ours = if least == most { most.to_string() } else { format!("{least} to {most}") };
        let text = format!("the sample has {found} parameters without the key, ours {ours}");
        differences.push(Difference::new("count", text));
    }
    differences
}

/// What differs at one parameter.
pub(super) fn param_differences(
    scope: &Scope<'_>,
    view: &View<'_>,
    position: usize,
    report: &mut Report<'_>,
) -> Vec<Difference> {
    let sent = &view.sent[position];
    let Some(request) = &view.request else {
        if sent.param.sample.is_some() && view.method.source != Source::Documented {
            let message = format!("{}: `sample`, but the method has no sample request", sent.label);
            report.error(&sent.place.key("sample").at_key(), message);
        }
        return hidden(view, ["sample", "order", "sample_type"]);
    };
    let Some(node) = nodes(scope, view, request).get(position) else {
        if sent.param.sample.is_some() {
            let message = format!("{}: `sample`, but the sample request ends before it", sent.label);
            report.error(&sent.place.key("sample").at_key(), message);
        }
        return Vec::new();
    };
    let mut differences: Vec<Difference> = placeholder(scope, view, sent, node, report).into_iter().collect();
    differences.extend(sent.typed.difference("sample_type", "the sample's type", Some(&node.wire())));
    differences
}

/// Without the sample, which is reported as missing or unreadable, nothing is known of these differences.
fn hidden(view: &View<'_>, kinds: [&'static str; 3]) -> Vec<Difference> {
    match view.method.source {
        Source::Documented => kinds.map(Difference::hidden).into(),
        Source::DocumentedWithoutSample | Source::Known => Vec::new(),
    }
}

fn key<'a>(scope: &Scope<'a>, view: &View<'_>) -> Option<&'a str> {
    let key = scope.api.key.as_ref().filter(|_| view.method.key.is_none());
    key.map(|key| key.name.as_str())
}

/// The sample's parameters without the key.
fn nodes<'a>(scope: &Scope<'_>, view: &View<'_>, request: &'a Request) -> &'a [Node] {
    let leading = usize::from(key(scope, view).is_some());
    request.params.get(leading..).unwrap_or_default()
}

/// Compares what stands in the parameter's place with its name, or with what `sample` says.
fn placeholder(
    scope: &Scope<'_>,
    view: &View<'_>,
    sent: &Sent<'_>,
    node: &Node,
    report: &mut Report<'_>,
) -> Option<Difference> {
    let place = sent.place.key("sample");
    let found = word(node);
    let found_json = found.map_or_else(|| node.json(), Into::into);
    let mut error = |place, text: String, hint| report.hinted(place, format!("{}: {text}", sent.label), hint);
    let kind = kind(view, sent.param, found);
    let difference = Difference::new(kind, format!("the sample's placeholder is {}", shown(&found_json)));
    match &sent.param.sample {
        None if found.is_some_and(|found| same_name(found, &sent.param.name)) => None,
        None => {
            let hint = match found {
                Some(found) => format!("`sample: {found}` and `why: {{ {kind}: … }}`"),
                None => format!("`sample: {{ placeholder: {found_json} }}` and `why: {{ {kind}: … }}`"),
            };
            let hint = Some(format!("add {hint}, or `sample: {{ value: … }}` if it is a real value"));
            error(&sent.place, format!("the sample's placeholder is {}", shown(&found_json)), hint);
            Some(Difference::hidden(kind))
        }
        Some(Sample::Value(sample)) => {
            if let Err(text) = real_value(scope, sent, &sample.value, node) {
                error(&place.key("value"), text, None);
            }
            None
        }
        Some(Sample::Name(_)) if found.is_some_and(|found| same_name(found, &sent.param.name)) => {
            error(&place, "the sample's placeholder is the name, so `sample` says what holds anyway".to_owned(), None);
            None
        }
        Some(Sample::Name(name)) => {
            if found != Some(name) {
                let hint = found.and_then(|found| did_you_mean(name, [found]));
                error(&place, format!("the sample's placeholder is {}, not {name:?}", shown(&found_json)), hint);
            }
            Some(difference)
        }
        Some(Sample::Placeholder(sample)) => {
            if sample.placeholder != found_json {
                let place = place.key("placeholder");
                error(&place, format!("the sample's placeholder is {}", shown(&found_json)), None);
            }
            Some(difference)
        }
    }
}

/// Whether a real value is of the type and the sample's; else what is wrong with it.
fn real_value(scope: &Scope<'_>, sent: &Sent<'_>, value: &Value, node: &Node) -> Result<(), String> {
    scope.is_value(sent.required(), value).map_err(|error| format!("`sample`: {error}"))?;
    match holds(value, node) {
        true => Ok(()),
        false => Err(format!("the sample's value is {}", shown(&node.json()))),
    }
}

/// `order` where the sample has another parameter's name, else `sample`.
fn kind(view: &View<'_>, param: &Param, found: Option<&str>) -> &'static str {
    let is_other = |other: &Sent<'_>| {
        other.param.name != param.name && found.is_some_and(|found| same_name(found, &other.param.name))
    };
    if view.sent.iter().any(is_other) { "order" } else { "sample" }
}

/// The text of a scalar; of a list, the one text that its elements have without their numbers.
fn word(node: &Node) -> Option<&str> {
    let Node::Array(items) = node else {
        return node.text();
    };
    let mut words =
        items.iter().map(|item| item.text().map(|text| text.trim_end_matches(|c: char| c.is_ascii_digit())));
    let first = words.next()??;
    (!first.is_empty() && words.all(|word| word == Some(first))).then_some(first)
}

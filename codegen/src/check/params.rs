//! Parameters, and the rows of the documents' tables.

use std::collections::BTreeSet;

use crate::catalog::{Limits, Member, Param};
use crate::load::place::Place;
use crate::types::{Type, Wire};

use super::scope::{Named, Scope};
use super::view::{Sent, View};
use super::{Difference, Report, folded, replaced_text, requests, same_name};

pub(super) fn check(scope: &Scope<'_>, view: &View<'_>, report: &mut Report<'_>) {
    check_unique(view, report);
    check_omitted(view, report);
    check_bytes(view, report);
    let mut position = 0;
    for (index, param) in view.method.params.iter().enumerate() {
        let row = Row { param, label: view.param_label(param), place: view.param_place(index) };
        let mut differences = Vec::new();
        if !check_form(view, &row, report) {
            continue;
        }
        if param.type_.is_some() {
            let sent = &view.sent[position];
            if param.doc.is_none() && param.summary.is_none() {
                report.error(&row.place, format!("{}: without a `doc`, the parameter needs a `summary`", row.label));
            }
            check_sent(scope, sent, report);
            differences.extend(sent_differences(scope, view, sent, report));
            differences.extend(requests::param_differences(scope, view, position, report));
            position += 1;
        } else if let Some(path) = &param.member_of {
            differences.extend(member_differences(scope, view, &row, path, report));
        } else if param.dropped {
            row.documented(scope, report);
            differences.push(Difference::new("dropped", "this row of the table never travels"));
        }
        differences.extend(replaced_text(param.doc.as_ref(), param.summary.as_ref()));
        report.reasons(&row.label, &row.place, &param.why, &differences);
    }
}

/// A row of the table, or a parameter that the table lacks.
struct Row<'a> {
    param: &'a Param,
    label: String,
    place: Place,
}

impl Row<'_> {
    fn documented(&self, scope: &Scope<'_>, report: &mut Report<'_>) -> Option<Wire> {
        let documented = self.param.documented.as_ref()?;
        scope.documented(documented, &self.place.key("documented"), &self.label, report)
    }
}

fn check_unique(view: &View<'_>, report: &mut Report<'_>) {
    let mut names = BTreeSet::new();
    for (index, param) in view.method.params.iter().enumerate() {
        if !names.insert(&param.name) {
            let message = format!("{} is here twice", view.param_label(param));
            report.error(&view.param_place(index).key("name"), message);
        }
    }
    let mut rust_names = BTreeSet::new();
    for sent in &view.sent {
        let rust = sent.param.rust.as_ref().unwrap_or(&sent.param.name);
        report.rust_name(&sent.label, &sent.place, "rust", sent.param.rust.as_deref(), &sent.param.name);
        report.snake_case(&sent.label, &sent.place, "rust", sent.param.rust.as_deref());
        let same_again = view.sent.iter().filter(|other| other.param.name == sent.param.name).count() > 1;
        if !rust_names.insert(folded(rust)) && !same_again {
            let hint = Some("tell them apart by `rust:`".to_owned());
            report.hinted(&sent.place, format!("{}: another parameter has this name in Rust", sent.label), hint);
        }
    }
}

/// Only trailing parameters can be left out, since the wire knows parameters by their positions alone.
fn check_omitted(view: &View<'_>, report: &mut Report<'_>) {
    let last = view.sent.iter().rposition(Sent::always_travels).unwrap_or(0);
    for sent in &view.sent[..last] {
        if sent.param.is_omitted() {
            let message = format!("{}: `absent: omit`, but a later parameter always travels", sent.label);
            report.error(&sent.place.key("absent"), message);
        }
    }
}

/// A request is written around the one content that it streams.
fn check_bytes(view: &View<'_>, report: &mut Report<'_>) {
    let streamed = |sent: &&Sent<'_>| *sent.typed.type_.required() == Type::Bytes;
    for sent in view.sent.iter().filter(streamed).skip(1) {
        report.error(&sent.place.key("type"), format!("{}: a method has at most one parameter of `bytes`", sent.label));
    }
}

/// Reports a row with the wrong keys; `false` if it isn't even clear what kind of row it is.
fn check_form(view: &View<'_>, row: &Row<'_>, report: &mut Report<'_>) -> bool {
    let param = row.param;
    let forms = [param.type_.is_some(), param.dropped, param.member_of.is_some()];
    if forms.iter().filter(|given| **given).count() != 1 {
        let message = format!("{}: exactly one of `type`, `dropped: true` and `in` must be given", row.label);
        report.error(&row.place, message);
        return false;
    }
    if param.type_.is_none() {
        let given = [
            ("rust", param.rust.is_some()),
            ("wire", param.wire.is_some()),
            ("absent", param.absent.is_some()),
            ("group", param.group.is_some()),
            ("limits", param.limits.is_some()),
            ("sensitive", param.sensitive),
            ("sample", param.sample.is_some()),
        ];
        for (key, _) in given.iter().filter(|(_, given)| *given) {
            let message = format!("{}: `{key}` is for parameters that travel by themselves", row.label);
            report.error(&row.place.key(key).at_key(), message);
        }
        if param.documented.is_none() {
            report.error(&row.place, format!("{}: a row of the table needs `documented`", row.label));
        }
    }
    if param.documented.is_some() && !view.is_documented() {
        let message = format!("{}: `documented`, but the method's source is `known`", row.label);
        report.error(&row.place.key("documented").at_key(), message);
    }
    true
}

fn check_sent(scope: &Scope<'_>, sent: &Sent<'_>, report: &mut Report<'_>) {
    let (param, optional) = (sent.param, sent.typed.type_.is_optional());
    // The struct of a group says these of its members, or nothing does.
    let outside = [
        ("absent", param.absent.is_some()),
        ("limits", param.limits.is_some()),
        ("rust", param.rust.is_some()),
        ("sensitive", param.sensitive),
    ];
    for (key, _) in outside.iter().filter(|(_, given)| param.group.is_some() && *given) {
        let message = format!("{}: `{key}` is for parameters outside of groups", sent.label);
        report.error(&sent.place.key(key).at_key(), message);
    }
    match (&param.absent, &param.group) {
        (None, Some(_)) if optional => {
            let message = format!("{}: the group is optional as a whole, so `?` says nothing", sent.label);
            report.error(&sent.place.key("type"), message);
        }
        (Some(_), None) if !optional => {
            let hint = Some("end the type with `?`".to_owned());
            let message = format!("{}: `absent` is for optional arguments", sent.label);
            report.hinted(&sent.place.key("absent").at_key(), message, hint);
        }
        (None, None) if optional => {
            let message = format!("{}: `absent` must say what travels when the argument isn't given", sent.label);
            report.error(&sent.place.key("type"), message);
        }
        (Some(absent), None) if !sent.param.is_omitted() => {
            if let Err(error) = scope.is_absent(sent, absent) {
                report.error(&sent.place.key("absent"), format!("{}: `absent`: {error}", sent.label));
            }
        }
        _ => {}
    }
    if let Some(limits) = &sent.param.limits {
        check_limits(scope, sent, limits, report);
    }
}

impl Scope<'_> {
    /// Whether a value can stand for an argument that isn't given: one of the type, or of what travels for it.
    fn is_absent(&self, sent: &Sent<'_>, absent: &serde_json::Value) -> Result<(), String> {
        let own = self.is_value(sent.required(), absent);
        match sent.typed.wire {
            Wire::Int if own.is_err() => self.is_value(&Type::Int, absent).or(own),
            Wire::String if own.is_err() => self.is_value(&Type::String, absent).or(own),
            _ => own,
        }
    }
}

fn check_limits(scope: &Scope<'_>, sent: &Sent<'_>, limits: &Limits, report: &mut Report<'_>) {
    let type_ = sent.required();
    let is_int = match type_ {
        Type::Int => true,
        Type::Named(name) => matches!(scope.named(name), Named::Id | Named::Unknown),
        _ => false,
    };
    let is_list = matches!(type_, Type::Array(_));
    let fits = [
        ("min", limits.min.is_none() || is_int),
        ("max", limits.max.is_none() || is_int),
        ("not", limits.not.is_none() || is_int),
        ("items", limits.items.is_none() || is_list || *type_ == Type::Record),
        ("not_empty", !limits.not_empty || is_list || *type_ == Type::String),
    ];
    let place = sent.place.key("limits");
    for (key, _) in fits.iter().filter(|(_, fits)| sent.typed.certain && !fits) {
        report.error(&place.key(key).at_key(), format!("{}: this type has no limit `{key}`", sent.label));
    }
    if *limits == Limits::default() {
        report.error(&place, format!("{}: `limits: {{}}` says what holds anyway", sent.label));
    }
    if let (Some(min), Some(max)) = (limits.min, limits.max)
        && min > max
    {
        report.error(&place, format!("{}: `min` is greater than `max`", sent.label));
    }
}

fn sent_differences(scope: &Scope<'_>, view: &View<'_>, sent: &Sent<'_>, report: &mut Report<'_>) -> Vec<Difference> {
    let Some(documented) = sent.param.documented.as_ref().filter(|_| view.is_documented()) else {
        let missing = view.is_documented();
        return missing.then(|| Difference::new("undocumented", "the table lacks it")).into_iter().collect();
    };
    let word = scope.documented(documented, &sent.place.key("documented"), &sent.label, report);
    let optional = sent.typed.type_.is_optional() || sent.param.group.is_some();
    let required = is_required(scope, view, sent.param);
    let differences = [
        sent.typed.difference("type", "the table's type", word.as_ref()),
        required_difference(required, optional && sent.is_omitted(), optional),
    ];
    differences.into_iter().flatten().collect()
}

/// Whether the table marks a row as required, or everything below its heading is; `None` for an unknown document.
fn is_required(scope: &Scope<'_>, view: &View<'_>, row: &Param) -> Option<bool> {
    let document = view.method.document(scope.api)?;
    Some(document.requires(view.method.table.as_ref(), row))
}

/// Compares the table's flag with whether the argument can be missing on the wire, and for the caller.
fn required_difference(required: Option<bool>, omitted: bool, optional: bool) -> Option<Difference> {
    match required {
        None => Some(Difference::hidden("required")),
        Some(true) if omitted => Some(Difference::new("required", "the table requires it")),
        Some(false) if !optional => Some(Difference::new("required", "the table doesn't require it")),
        Some(true | false) => None,
    }
}

/// Compares a row that travels inside of a struct with the struct's member.
fn member_differences(
    scope: &Scope<'_>,
    view: &View<'_>,
    row: &Row<'_>,
    path: &str,
    report: &mut Report<'_>,
) -> Vec<Difference> {
    let member = match member(scope, view, path) {
        Ok(member) => member,
        Err(error) => {
            report.error(&row.place.key("in"), format!("{}: {error}", row.label));
            return ["type", "required", "name"].map(Difference::hidden).into();
        }
    };
    if row.param.documented.is_none() {
        return Vec::new();
    }
    let word = row.documented(scope, report);
    let typed = scope.typed(&member.type_, member.wire.as_deref());
    let optional = typed.type_.is_optional();
    let differences = [
        typed.difference("type", "the table's type", word.as_ref()),
        required_difference(is_required(scope, view, row.param), optional, optional),
    ];
    let mut differences: Vec<Difference> = differences.into_iter().flatten().collect();
    if !same_name(&row.param.name, &member.name) {
        differences.push(Difference::new("name", format!("the member's name is {:?}", member.name)));
    }
    differences
}

fn member<'a>(scope: &Scope<'a>, view: &View<'_>, path: &str) -> Result<&'a Member, String> {
    let (param, name) = path.split_once('.').ok_or("`in` names a parameter and a member: `parameter.Member`")?;
    let sent = view.sent.iter().find(|sent| sent.param.name == param);
    let sent = sent.ok_or_else(|| format!("there is no parameter {param:?}"))?;
    let described = match sent.required() {
        Type::Named(name) => match scope.named(name) {
            Named::Struct(described) => described,
            Named::Id | Named::Enum(_) | Named::Unknown => return Err(format!("{param:?} is not a struct")),
        },
        _ => return Err(format!("{param:?} is not a struct")),
    };
    let member = described.members.iter().find(|member| member.name == name);
    member.ok_or_else(|| format!("the struct of {param:?} has no member {name:?}"))
}

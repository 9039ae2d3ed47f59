//! Parameters that only make sense together: groups, and lists that must not all be empty.

use crate::catalog::Group;
use crate::load::place::Place;
use crate::types::Type;

use super::Report;
use super::scope::{Named, Scope};
use super::view::{Sent, View};

pub(super) fn check(scope: &Scope<'_>, view: &View<'_>, report: &mut Report<'_>) {
    for (index, group) in view.method.groups.iter().enumerate() {
        let place = view.place.key("groups").index(index);
        let label = format!("{}: group {:?}", view.label, group.name);
        if view.method.groups[..index].iter().any(|other| other.name == group.name) {
            report.error(&place.key("name"), format!("{label} is here twice"));
        }
        report.rust_name(&label, &place, "name", Some(&group.name), "");
        report.snake_case(&label, &place, "name", Some(&group.name));
        check_group(scope, view, group, &label, &place, report);
    }
    check_trailing(view, report);
    for (index, names) in view.method.not_all_empty.iter().enumerate() {
        check_lists(view, names, &view.place.key("not_all_empty").index(index), report);
    }
}

fn check_group(scope: &Scope<'_>, view: &View<'_>, group: &Group, label: &str, place: &Place, report: &mut Report<'_>) {
    let params: Vec<&Sent<'_>> =
        view.sent.iter().filter(|sent| sent.param.group.as_ref() == Some(&group.name)).collect();
    if params.is_empty() {
        return report.error(&place.key("name"), format!("{label}: no parameter belongs to it"));
    }
    let typed = scope.read(&group.type_, None, place, label, report);
    let described = match &typed.type_ {
        Type::Named(name) => match scope.named(name) {
            Named::Struct(described) => described,
            Named::Unknown => return,
            Named::Id | Named::Enum(_) => {
                return report.error(&place.key("type"), format!("{label}: its type must be a struct"));
            }
        },
        _ => return report.error(&place.key("type"), format!("{label}: its type must be a struct")),
    };
    let names: Vec<&str> = params.iter().map(|sent| sent.param.name.as_str()).collect();
    let members: Vec<&str> = described.members.iter().map(|member| member.name.as_str()).collect();
    if names != members {
        let message = format!("{label}: the struct's members are {members:?}, the parameters {names:?}");
        return report.error(&place.key("type"), message);
    }
    for (sent, member) in params.iter().zip(&described.members) {
        if Type::parse(&member.type_).is_ok_and(|type_| type_ != *sent.required()) {
            let message = format!("{}: its type isn't {:?}, that of the group's member", sent.label, member.type_);
            report.error(&sent.place.key("type"), message);
        }
    }
}

/// Finds parameters that stand after a group without belonging to one, and groups that are mixed up.
fn check_trailing(view: &View<'_>, report: &mut Report<'_>) {
    for pair in view.sent.windows(2) {
        let [before, after] = pair else {
            continue;
        };
        if before.param.group.is_some() && after.param.group.is_none() {
            report.error(&after.place, format!("{}: it can't follow a group: groups stand last", after.label));
        }
    }
    let mut closed: Vec<&str> = Vec::new();
    for sent in &view.sent {
        let Some(group) = sent.param.group.as_deref() else {
            continue;
        };
        if !view.method.groups.iter().any(|known| known.name == group) {
            let known = view.method.groups.iter().map(|known| known.name.as_str());
            report.unknown(&sent.place.key("group"), &sent.label, "group", group, known);
        } else if closed.contains(&group) && closed.last() != Some(&group) {
            let message = format!("{}: the parameters of the group {group:?} must stand together", sent.label);
            report.error(&sent.place.key("group"), message);
        }
        closed.push(group);
    }
}

fn check_lists(view: &View<'_>, names: &[String], place: &Place, report: &mut Report<'_>) {
    if names.len() < 2 {
        let message = format!("{}: `not_all_empty` needs at least two lists; for one, use `limits`", view.label);
        report.error(place, message);
    }
    for (index, name) in names.iter().enumerate() {
        let sent = view.sent.iter().find(|sent| sent.param.name == *name);
        match sent.map(Sent::required) {
            Some(Type::Array(_)) => {}
            Some(_) => report.error(&place.index(index), format!("{}: {name:?} is not a list", view.label)),
            None => {
                let known = view.sent.iter().map(|sent| sent.param.name.as_str());
                report.unknown(&place.index(index), &view.label, "parameter", name, known);
            }
        }
    }
}

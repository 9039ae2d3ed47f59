//! `types.yaml`: ids, enums and structs, and how methods use them.

use std::collections::BTreeSet;

use crate::catalog::{Enum, EnumWire, Member, Struct, Variant};
use crate::load::place::Place;
use crate::names::{is_name, is_taken, pascal_case, snake_case};
use crate::types::Type;

use super::evidence::Evidence;
use super::scope::{Named, Scope};
use super::view::View;
use super::{Difference, Report, UNKNOWN, folded, shown};

/// The field of every answer that holds members which the catalog doesn't know.
const EXTRA: &str = "extra";

pub(super) fn check(scope: &Scope<'_>, views: &[View<'_>], report: &mut Report<'_>) {
    let place = scope.catalog.place("types.yaml");
    let types = &scope.catalog.types;
    let usage = Usage::new(scope, views);
    for (name, listed) in &types.enums {
        check_enum(name, listed, &place.key("enums").key(name), report);
    }
    let evidence = Evidence::new(scope, views);
    for (name, described) in &types.structs {
        let place = place.key("structs").key(name);
        check_struct(scope, name, described, &usage, &evidence, &place, report);
        evidence.check_complete(name, described, &place, report);
    }
    let services: BTreeSet<String> = views.iter().flat_map(declared_types).collect();
    let ids = types.ids.keys().map(|name| ("ids", name));
    let enums = types.enums.keys().map(|name| ("enums", name));
    let structs = types.structs.keys().map(|name| ("structs", name));
    let mut names = BTreeSet::new();
    for (list, name) in ids.chain(enums).chain(structs) {
        let place = place.key(list).key(name).at_key();
        let is_typelike = name.starts_with(|c: char| c.is_ascii_uppercase()) && name.is_ascii();
        if !is_typelike || name.contains(|c: char| !c.is_alphanumeric()) {
            report.error(&place, format!("{name:?} can't be the name of a type: it must be like `BookId`"));
        } else if !names.insert(name) {
            report.error(&place, format!("the name {name:?} is taken"));
        } else if is_taken(name) || services.contains(name) || scope.api.reserved.contains(name) {
            let message = format!("the name {name:?} is taken in Rust");
            report.hinted(&place, message, Some("call it something else".to_owned()));
        } else if report.is_complete && !usage.arguments.contains(name) && !usage.answers.contains(name) {
            report.error(&place, format!("{name}: neither a method nor a table uses it"));
        }
    }
}

/// The types that a method's module declares.
fn declared_types(view: &View<'_>) -> [String; 2] {
    [pascal_case(&view.service.accessor), format!("{}Request", pascal_case(view.name))]
}

fn check_enum(name: &str, listed: &Enum, place: &Place, report: &mut Report<'_>) {
    let (mut values, mut names) = (BTreeSet::new(), BTreeSet::new());
    for (index, variant) in listed.variants.iter().enumerate() {
        let place = place.key("variants").index(index);
        let value = shown(&variant.value);
        let label = format!("{name}: {value}");
        let fits = match listed.wire {
            EnumWire::String => variant.value.is_string(),
            EnumWire::Int => variant.value.as_i64().is_some_and(|value| i32::try_from(value).is_ok()),
        };
        if !fits {
            report.error(&place.key("value"), format!("{label}: the value doesn't travel as this enum does"));
        }
        if !values.insert(value) {
            report.error(&place.key("value"), format!("{label} is here twice"));
        }
        if let Some(text) = variant.name.as_deref().or(variant.value.as_str()) {
            report.rust_name(&label, &place, "name", variant.name.as_deref(), text);
        }
        let rust = variant.name.clone().or_else(|| variant.value.as_str().map(pascal_case));
        match rust.as_deref() {
            Some(rust) if rust == UNKNOWN || (variant.name.is_none() && !is_name(rust)) => {
                let hint = Some("give it another `name:`".to_owned());
                report.hinted(&place, format!("{label}: the name {rust:?} is taken in Rust"), hint);
            }
            Some(rust) if !names.insert(folded(rust)) => {
                report.error(&place, format!("{label}: another value has this name in Rust"));
            }
            Some(_) => {}
            None => report.error(&place, format!("{label}: a number needs a `name`")),
        }
        report.reasons(&label, &place, &variant.why, variant_difference(variant).as_slice());
    }
}

fn variant_difference(variant: &Variant) -> Option<Difference> {
    let value = match variant.value.as_str() {
        Some(text) => text.to_owned(),
        None => variant.value.to_string(),
    };
    let text = match variant.documented.as_slice() {
        [] => "no documented row has this value".to_owned(),
        [row] if has_word(row, &value) => return None,
        [row] => format!("the documented row {row:?} doesn't hold this value"),
        rows => format!("{} documented rows have this value", rows.len()),
    };
    Some(Difference::new("documented", text))
}

/// Whether a text holds a word that no letter or digit continues.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + word.len()..].chars().next();
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}

fn check_struct(
    scope: &Scope<'_>,
    name: &str,
    described: &Struct,
    usage: &Usage,
    evidence: &Evidence<'_>,
    place: &Place,
    report: &mut Report<'_>,
) {
    let (is_argument, is_answer) = (usage.arguments.contains(name), usage.answers.contains(name));
    if is_argument && is_answer {
        report.error(place, format!("{name}: a struct is an argument or an answer, not both"));
    }
    let (mut names, mut rust_names) = (BTreeSet::new(), BTreeSet::new());
    for (index, member) in described.members.iter().enumerate() {
        let place = place.key("members").index(index);
        let label = format!("{name}.{}", member.name);
        let typed = scope.read(&member.type_, member.wire.as_deref(), &place, &label, report);
        report.rust_name(&label, &place, "rust", member.rust.as_deref(), &member.name);
        report.snake_case(&label, &place, "rust", member.rust.as_deref());
        check_member_name(member, &label, &place, is_answer, (&mut names, &mut rust_names), report);
        if is_argument && !is_answer && member.always.is_some() {
            report.error(&place.key("always").at_key(), format!("{label}: `always` is for members of answers"));
        }
        if holds(scope, &typed.type_, name, &mut BTreeSet::new()) {
            let hint = Some("make it a list: `array<…>`".to_owned());
            report.hinted(&place.key("type"), format!("{label}: a struct can't hold itself"), hint);
        }
        if is_answer && !is_argument && typed.type_.is_optional() {
            let message = format!("{label}: every member of an answer is optional unless `always` is given");
            report.hinted(&place.key("type"), message, Some("leave out the `?`".to_owned()));
        }
        let mut differences = evidence.differences(name, member, &typed);
        if let Some(documented) = &member.documented {
            let word = scope.documented(documented, &place.key("documented"), &label, report);
            differences.extend(typed.difference("documented", "the documented type", word.as_ref()));
        }
        if !report.is_complete {
            differences.extend(["sample_type", "unsampled"].map(Difference::hidden));
        }
        report.reasons(&label, &place, &member.why, &differences);
    }
}

fn check_member_name<'a>(
    member: &'a Member,
    label: &str,
    place: &Place,
    is_answer: bool,
    (names, rust_names): (&mut BTreeSet<&'a str>, &mut BTreeSet<String>),
    report: &mut Report<'_>,
) {
    let rust = member.rust.as_ref().unwrap_or(&member.name);
    if !names.insert(&member.name) {
        report.error(&place.key("name"), format!("{label} is here twice"));
    } else if is_answer && snake_case(rust) == EXTRA {
        let hint = Some("give it another name by `rust:`".to_owned());
        report.hinted(place, format!("{label}: every answer has a field {EXTRA:?} for unknown members"), hint);
    } else if !rust_names.insert(folded(rust)) {
        let hint = Some("tell them apart by `rust:`".to_owned());
        report.hinted(place, format!("{label}: another member has this name in Rust"), hint);
    }
}

/// Whether a struct stands in a value of a type without a list between, however deep: it would have no end.
fn holds(scope: &Scope<'_>, type_: &Type, name: &str, seen: &mut BTreeSet<String>) -> bool {
    let Type::Named(inner) = type_.required() else { return false };
    let Named::Struct(described) = scope.named(inner) else { return false };
    let mut types = described.members.iter().filter_map(|member| Type::parse(&member.type_).ok());
    inner == name || (seen.insert(inner.clone()) && types.any(|type_| holds(scope, &type_, name, seen)))
}

/// The names of `types.yaml` that methods use, directly or inside of structs, and the ids of tables.
struct Usage {
    arguments: BTreeSet<String>,
    answers: BTreeSet<String>,
}

impl Usage {
    fn new(scope: &Scope<'_>, views: &[View<'_>]) -> Usage {
        let of_tables = scope.catalog.tables.iter().flat_map(|file| {
            let table = &file.table;
            let fields = table.fields.iter().chain(table.joined.iter().flat_map(|joined| &joined.fields));
            table.id.iter().chain(fields.filter_map(|field| field.id.as_ref())).cloned()
        });
        let mut usage = Usage { arguments: BTreeSet::new(), answers: of_tables.collect() };
        for view in views {
            for sent in &view.sent {
                collect(scope, &sent.typed.type_, &mut usage.arguments);
            }
            for group in &view.method.groups {
                collect(scope, &Type::Named(group.type_.clone()), &mut usage.arguments);
            }
            collect(scope, &view.returns.type_, &mut usage.answers);
        }
        usage
    }
}

fn collect(scope: &Scope<'_>, type_: &Type, used: &mut BTreeSet<String>) {
    for name in type_.names() {
        if used.insert(name.to_owned())
            && let Named::Struct(described) = scope.named(name)
        {
            for type_ in described.members.iter().filter_map(|member| Type::parse(&member.type_).ok()) {
                collect(scope, &type_, used);
            }
        }
    }
}

//! `tables/*.yaml`: names, types and access of fields, and what they refer to.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{FieldType, Joined, Table, TableField, stated};
use crate::diagnostic::did_you_mean;
use crate::load::TableFile;
use crate::load::place::Place;
use crate::names::{is_taken, snake_case};

use super::scope::Scope;
use super::{Difference, Report, UNKNOWN};

/// What a client may do with a field, in the order in which the letters are written.
const ACCESS: &str = "EDAR";

pub(super) fn check(scope: &Scope<'_>, report: &mut Report<'_>) {
    for file in &scope.catalog.tables {
        check_table(scope, file, report);
    }
    check_unique(scope, report);
}

/// What no two tables have: a module, and a number for their custom fields.
fn check_unique(scope: &Scope<'_>, report: &mut Report<'_>) {
    let (mut modules, mut forms) = (BTreeMap::new(), BTreeMap::new());
    for file in &scope.catalog.tables {
        let (label, place) = (&file.table.table, Place::new(file.file.clone()));
        if let Some(other) = modules.insert(snake_case(label), label).filter(|other| *other != label) {
            let message = format!("{label}: the table {other:?} has the same module in Rust");
            report.error(&place.key("table"), message);
        }
        if let Some(form) = file.table.form
            && let Some(other) = forms.insert(form, label)
        {
            report.error(&place.key("form"), format!("{label}: the table {other:?} has the form {form} already"));
        }
    }
}

fn check_table(scope: &Scope<'_>, file: &TableFile, report: &mut Report<'_>) {
    let (table, place) = (&file.table, Place::new(file.file.clone()));
    let label = &table.table;
    report.rust_name("the table", &place, "table", Some(label), "");
    if file.file.file_stem().is_none_or(|stem| stem != label.as_str()) {
        report.error(&place.key("table"), format!("the file of the table {label:?} is tables/{label}.yaml"));
    }
    if is_taken(label) || label == UNKNOWN {
        report.error(&place.key("table"), format!("the name {label:?} is taken in Rust"));
    }
    for (index, alias) in table.aliases.iter().enumerate() {
        let place = place.key("aliases").index(index);
        report.docs_name(label, &place, alias);
        if alias == label || table.aliases[..index].contains(alias) {
            report.error(&place, format!("{label}: the name {alias:?} is here twice"));
        }
    }
    check_order(scope, table, &place, report);
    check_id(scope, table, &place, report);
    check_rust_names(file, &place, report);
    let places = file.positions.iter().map(|position| place.key("fields").index(*position));
    check_fields(scope, table, label, table.fields.iter().zip(places), report);
    let mut names = BTreeSet::new();
    for (index, joined) in table.joined.iter().enumerate() {
        let (label, place) = (format!("{label}.{}", joined.table), place.key("joined").index(index));
        if !names.insert(joined.table.to_lowercase()) {
            report.error(&place.key("table"), format!("{label} is here twice"));
        }
        check_join(scope, table, joined, &place, report);
        let places = (0..joined.fields.len()).map(|index| place.key("fields").index(index));
        let owner = find_table(scope, &joined.table).ok().flatten().unwrap_or(table);
        check_fields(scope, owner, &label, joined.fields.iter().zip(places), report);
    }
}

fn check_order(scope: &Scope<'_>, table: &Table, place: &Place, report: &mut Report<'_>) {
    let label = &table.table;
    match &table.order_key {
        None => {
            let difference = Difference::new("order_key", "without an `order_key`, rows have no stable order");
            report.reasons(label, place, &table.why, &[difference]);
        }
        Some(key) => {
            report.reasons(label, place, &table.why, &[]);
            if let Err(unknown) = find_field(scope, table, key) {
                unknown.report(&place.key("order_key"), label, None, report);
            }
        }
    }
}

/// The ids of rows are what the order key holds.
fn check_id(scope: &Scope<'_>, table: &Table, place: &Place, report: &mut Report<'_>) {
    let Some(id) = &table.id else { return };
    let (label, place) = (&table.table, place.key("id"));
    check_known_id(scope, label, id, &place, report);
    match &table.order_key {
        None => report.error(&place, format!("{label}: without an `order_key`, rows have no id")),
        Some(key) if table.field(key).is_some_and(|field| field.type_.is_some_and(|kind| kind != FieldType::Id)) => {
            report.error(&place, format!("{label}: the order key {key:?} is no id"));
        }
        Some(_) => {}
    }
}

fn check_known_id(scope: &Scope<'_>, label: &str, id: &str, place: &Place, report: &mut Report<'_>) {
    let ids = &scope.catalog.types.ids;
    if !ids.contains_key(id) && !scope.catalog.broken.contains(id) {
        report.unknown(place, label, "id", id, ids.keys().map(String::as_str));
    }
}

/// All columns become fields of one struct.
fn check_rust_names(file: &TableFile, place: &Place, report: &mut Report<'_>) {
    let (table, fields) = (&file.table, place.key("fields"));
    let own = table.fields.iter().zip(&file.positions);
    let own = own.map(|(field, position)| (field, field.name.clone(), fields.index(*position)));
    let joined = table.joined.iter().enumerate().flat_map(|(index, joined)| {
        let place = place.key("joined").index(index).key("fields");
        let columns = joined.fields.iter().enumerate();
        columns.map(move |(at, field)| (field, format!("{}.{}", joined.table, field.name), place.index(at)))
    });
    let (mut names, mut seen) = (BTreeSet::from(["extra".to_owned()]), BTreeSet::new());
    for (field, wire, place) in own.chain(joined) {
        let label = format!("{}.{wire}", table.table);
        report.rust_name(&label, &place, "rust", field.rust.as_deref(), &wire);
        report.snake_case(&label, &place, "rust", field.rust.as_deref());
        let is_new = names.insert(field.rust.clone().unwrap_or_else(|| snake_case(&wire)));
        // The same name on the wire is reported by itself.
        if seen.insert(wire.to_lowercase()) && !is_new {
            let hint = Some("tell them apart by `rust:`".to_owned());
            report.hinted(&place, format!("{label}: this name is taken in Rust"), hint);
        }
    }
}

/// The columns of a joined table are found through a field that refers to it.
fn check_join(scope: &Scope<'_>, table: &Table, joined: &Joined, place: &Place, report: &mut Report<'_>) {
    let label = format!("{}.{}", table.table, joined.table);
    if let Err(unknown) = find_table(scope, &joined.table) {
        return unknown.report(&place.key("table"), &label, None, report);
    }
    let place = place.key("through");
    match find_field(scope, table, &joined.through) {
        Err(unknown) => unknown.report(&place, &label, None, report),
        Ok(Some(field)) if refers_elsewhere(scope, field, &joined.table) => {
            report.error(&place, format!("{label}: {:?} does not refer to this table", joined.through));
        }
        Ok(_) => {}
    }
}

fn check_fields<'a>(
    scope: &Scope<'_>,
    table: &Table,
    owner: &str,
    fields: impl Iterator<Item = (&'a TableField, Place)>,
    report: &mut Report<'_>,
) {
    let mut names: Vec<&str> = Vec::new();
    for (field, place) in fields {
        let label = format!("{owner}.{}", field.name);
        report.rust_name(&label, &place, "name", Some(&field.name), "");
        if names.iter().any(|name| name.eq_ignore_ascii_case(&field.name)) {
            report.error(&place.key("name"), format!("{label} is here twice; case makes no difference"));
        } else if names.last().is_some_and(|last| *last > field.name.as_str()) {
            report.error(&place.key("name"), format!("{label}: fields are sorted by name"));
        }
        names.push(&field.name);
        if field.sources == 0 {
            report.error(&place.key("sources"), format!("{label}: at least one source lists the field"));
        }
        check_access(&label, field, &place, report);
        check_relation(scope, &label, field, &place, report);
        let implied = table.implied_id(field, |name| scope.catalog.table(name));
        check_held_id(scope, &label, field, implied, &place, report);
        if field.sensitive && !matches!(field.type_, Some(FieldType::String | FieldType::Text)) {
            report.error(&place.key("sensitive"), format!("{label}: only a text can be kept secret"));
        }
        report.reasons(&label, &place, &field.why, &differences(field, implied));
    }
}

fn check_access(label: &str, field: &TableField, place: &Place, report: &mut Report<'_>) {
    let access = field.access.as_deref();
    if let Some(access) = access
        && !is_access(access)
    {
        let message = format!("{label}: the access is some of the letters {ACCESS}, in this order, not {access:?}");
        return report.error(&place.key("access"), message);
    }
    if field.type_.is_some() != access.is_some() {
        return report.error(place, format!("{label}: a field has a `type` and an `access`, or neither is known"));
    }
    let problem = match access {
        None => Some("its type and access are not known"),
        Some(access) if !access.contains('R') => Some("it cannot be read"),
        Some(_) => None,
    };
    match (field.selected, problem) {
        (Some(true), None) => {
            report.error(&place.key("selected"), format!("{label}: `selected: true` says what holds anyway"));
        }
        (None | Some(true), Some(problem)) => {
            let hint = Some("say `selected: false`".to_owned());
            report.hinted(place, format!("{label}: it can't be selected by default: {problem}"), hint);
        }
        (None, None) | (Some(false), _) => {}
    }
}

fn is_access(text: &str) -> bool {
    let positions: Vec<Option<usize>> = text.chars().map(|letter| ACCESS.find(letter)).collect();
    !positions.is_empty() && !positions.contains(&None) && positions.is_sorted_by(|a, b| a < b)
}

fn check_relation(scope: &Scope<'_>, label: &str, field: &TableField, place: &Place, report: &mut Report<'_>) {
    let said = field.relation.as_deref();
    if let Some(text) = said
        && stated(text).is_none()
    {
        let message = format!("{label}: a relation is like `Table.Field:MANY_ONE` or `Table.Field:ONE_ONE`");
        return report.error(&place.key("relation"), message);
    }
    match (field.refers_to.as_deref(), said.and_then(stated)) {
        (Some(ours), theirs) if theirs == Some(ours) => {
            report.error(&place.key("refers_to"), format!("{label}: `refers_to: {ours}` says what holds anyway"));
        }
        (Some(ours), _) => {
            if let Err(unknown) = find(scope, ours) {
                unknown.report(&place.key("refers_to"), label, None, report);
            }
        }
        (None, Some(theirs)) => {
            if let Err(unknown) = find(scope, theirs) {
                unknown.report(&place.key("relation"), label, Some("`refers_to:` says what is meant"), report);
            }
        }
        (None, None) => {}
    }
}

/// An `id` is said only where it doesn't follow from what the field refers to.
fn check_held_id(
    scope: &Scope<'_>,
    label: &str,
    field: &TableField,
    implied: Option<&str>,
    place: &Place,
    report: &mut Report<'_>,
) {
    let Some(id) = &field.id else { return };
    let place = place.key("id");
    check_known_id(scope, label, id, &place, report);
    if field.type_ != Some(FieldType::Id) {
        report.error(&place, format!("{label}: only a field of type id holds one"));
    } else if implied == Some(id) {
        report.error(&place, format!("{label}: `id: {id}` says what holds anyway"));
    }
}

fn differences(field: &TableField, implied: Option<&str>) -> Vec<Difference> {
    let unselected =
        (field.selected == Some(false)).then(|| Difference::new("selected", "it is not selected by default"));
    let redirected = field.refers_to.as_ref().map(|ours| {
        let theirs = field.relation.as_deref().unwrap_or("none");
        Difference::new("relation", format!("the sources' relation is {theirs}, ours {ours}"))
    });
    let other = implied.zip(field.id.as_deref()).filter(|(implied, ours)| implied != ours);
    let other = other
        .map(|(implied, ours)| Difference::new("id", format!("it refers to ids of type {implied}, ours is {ours}")));
    unselected.into_iter().chain(redirected).chain(other).collect()
}

/// Whether a field surely refers to nothing, or to another table than this one.
fn refers_elsewhere(scope: &Scope<'_>, field: &TableField, table: &str) -> bool {
    match field.target() {
        None => field.relation.is_none(),
        Some(target) => find(scope, target).is_ok() && owner(target) != table,
    }
}

/// The table of a field that is written `Table.Field`.
fn owner(target: &str) -> &str {
    target.split('.').next().unwrap_or(target)
}

/// A name that no table or field has.
struct Unknown {
    message: String,
    hint: Option<String>,
}

impl Unknown {
    fn new<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Unknown {
        Unknown { message: format!("unknown {what} {name:?}"), hint: did_you_mean(name, known) }
    }

    fn report(self, place: &Place, label: &str, advice: Option<&str>, report: &mut Report<'_>) {
        let hint = [self.hint.as_deref(), advice].into_iter().flatten().collect::<Vec<_>>().join(" ");
        report.hinted(place, format!("{label}: {}", self.message), Some(hint).filter(|hint| !hint.is_empty()));
    }
}

/// Finds what is written `Table.Field`; `None` where another mistake, reported already, hides it.
fn find<'a>(scope: &Scope<'a>, target: &str) -> Result<Option<&'a TableField>, Unknown> {
    let field = target.split_once('.').map_or("", |(_, field)| field);
    match find_table(scope, owner(target))? {
        Some(table) => find_field(scope, table, field),
        None => Ok(None),
    }
}

fn find_table<'a>(scope: &Scope<'a>, name: &str) -> Result<Option<&'a Table>, Unknown> {
    let found = scope.catalog.table(name);
    if found.is_some() || scope.catalog.broken.contains(&format!("tables/{name}.yaml")) {
        return Ok(found);
    }
    Err(Unknown::new("table", name, scope.catalog.tables.iter().map(|file| file.table.table.as_str())))
}

fn find_field<'a>(scope: &Scope<'_>, table: &'a Table, name: &str) -> Result<Option<&'a TableField>, Unknown> {
    let found = table.fields.iter().find(|field| field.name == name);
    if found.is_some() || scope.catalog.broken.contains(&format!("{}.{name}", table.table)) {
        return Ok(found);
    }
    let what = format!("field of {}", table.table);
    Err(Unknown::new(&what, name, table.fields.iter().map(|field| field.name.as_str())))
}

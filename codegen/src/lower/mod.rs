//! From the catalog, once it is free of mistakes, to what is generated.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::Value;

use crate::catalog;
use crate::load::{Catalog, ServiceFile};
use crate::model::{
    Differences, Enum, Fault, Field, Member, Method, Model, Named, Param, Role, Sample, Service, Struct, Variant,
};
use crate::names::{identifier, last_word, pascal_case, snake_case};
use crate::sample::{self, Response};
use crate::types::{Type, Wire};

mod tables;

/// Functions with more arguments take their request as one struct.
const POSITIONAL: usize = 4;

/// Takes every decision. The catalog has passed the checker, which names what is ignored here.
pub(crate) fn lower(catalog: &Catalog) -> Model {
    let api = &catalog.api;
    let services: Vec<Service> = catalog.services.iter().map(|file| service(catalog, file)).collect();
    Model {
        runtime: api.runtime.clone(),
        package: api.package.clone(),
        accessors: api.outputs.accessors,
        server: api.outputs.server.as_ref().map(PathBuf::from),
        tests: api.outputs.tests.as_ref().map(PathBuf::from),
        client: PathBuf::from(&api.outputs.client),
        catalog: catalog_name(catalog),
        clients: api.clients.values().cloned().collect(),
        ids: catalog.types.ids.iter().map(|(name, id)| Named { name: name.clone(), doc: id.doc.clone() }).collect(),
        enums: catalog.types.enums.iter().map(|(name, declared)| enumeration(name, declared)).collect(),
        structs: structs(catalog, &services),
        faults: catalog
            .faults
            .iter()
            .map(|fault| Fault { name: fault.token.clone(), code: fault.code, doc: fault.doc.clone() })
            .collect(),
        services,
        tables: tables::tables(catalog),
        tables_feature: api.outputs.tables_feature.clone(),
    }
}

fn catalog_name(catalog: &Catalog) -> String {
    catalog.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn parsed(text: &str) -> Type {
    Type::parse(text).unwrap_or(Type::Value)
}

fn enumeration(name: &str, declared: &catalog::Enum) -> Enum {
    let variants = declared.variants.iter().map(|variant| {
        let text = value_text(&variant.value);
        let documented = variant.documented.iter().map(|row| format!("“{row}”")).collect::<Vec<_>>().join(" and ");
        let doc = match (&variant.doc, documented.as_str()) {
            (Some(doc), _) => doc.clone(),
            (None, "") => format!("`{text}` on the wire."),
            (None, rows) => format!("`{text}` on the wire, documented as {rows}."),
        };
        let name = variant.name.clone().unwrap_or_else(|| pascal_case(&text));
        Variant { name, value: variant.value.clone(), doc }
    });
    Enum { name: name.to_owned(), doc: declared.doc.clone(), wire: declared.wire, variants: variants.collect() }
}

fn value_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A struct's role follows from who names it; structs inside structs have the role of the outer one.
fn structs(catalog: &Catalog, services: &[Service]) -> Vec<Struct> {
    let mut roles: BTreeMap<String, Role> = BTreeMap::new();
    let mut mark = |kind: &Type, role: Role| {
        let mut pending: Vec<String> = kind.names().into_iter().map(str::to_owned).collect();
        while let Some(name) = pending.pop() {
            let Some(declared) = catalog.types.structs.get(&name) else { continue };
            if roles.insert(name, role).is_none() {
                pending.extend(declared.members.iter().flat_map(|member| {
                    parsed(&member.type_).names().into_iter().map(str::to_owned).collect::<Vec<_>>()
                }));
            }
        }
    };
    for method in services.iter().flat_map(|service| &service.methods) {
        mark(&method.output, Role::Answer);
        for field in &method.fields {
            mark(&field.kind, if field.params.len() > 1 { Role::Group } else { Role::Argument });
        }
    }
    let declared = catalog.types.structs.iter();
    declared
        .map(|(name, declared)| structure(name, declared, roles.get(name).copied().unwrap_or(Role::Answer)))
        .collect()
}

fn structure(name: &str, declared: &catalog::Struct, role: Role) -> Struct {
    let members = declared.members.iter().map(|member| Member {
        wire: member.name.clone(),
        name: rust_name(member.rust.as_deref(), &member.name),
        doc: member.doc.clone(),
        kind: parsed(&member.type_),
        sent_as: sent_as(member.wire.as_deref()),
        always: member.always.is_some(),
        sensitive: member.sensitive,
    });
    Struct { name: name.to_owned(), doc: declared.doc.clone(), role, members: members.collect() }
}

fn rust_name(rust: Option<&str>, wire: &str) -> String {
    rust.map_or_else(|| identifier(&snake_case(wire)), str::to_owned)
}

fn service(catalog: &Catalog, file: &ServiceFile) -> Service {
    let declared = &file.service;
    Service {
        source: file.file.to_string_lossy().replace('\\', "/"),
        module: declared.accessor.clone(),
        accessor: pascal_case(&declared.accessor),
        wire: declared.service.clone(),
        title: declared.title.clone(),
        doc: declared.summary.clone().or_else(|| declared.doc.clone()).unwrap_or_default(),
        methods: declared.methods.iter().map(|method| lower_method(catalog, &declared.service, method)).collect(),
    }
}

fn lower_method(catalog: &Catalog, service: &str, declared: &catalog::Method) -> Method {
    let (wire, entry, name) = (declared.wire_name(service), declared.stem(service), declared.name());
    let fields = fields(catalog, declared);
    let sample = |kind: &str| catalog.samples.get(&format!("{entry}.{kind}.xml")).cloned();
    let answer = sample(declared.outcome.answer()).unwrap_or_default();
    let (summary, details) = texts(declared.summary.as_deref(), declared.doc.as_deref());
    let returns = &declared.returns;
    Method {
        function: identifier(&snake_case(name)),
        request: format!("{}Request", pascal_case(name)),
        keyed: catalog.api.key.is_some() && declared.key.is_none(),
        effect: declared.effect,
        because: declared.because.clone(),
        summary,
        details,
        returns_doc: returns.summary.clone().or_else(|| returns.doc.clone()).unwrap_or_default(),
        documented_as: (declared.source != catalog::Source::Known).then(|| declared.title.clone()),
        known_from: declared.known_from.clone(),
        aliases: aliases(declared, &wire),
        client_names: client_names(catalog, declared),
        positional: fields.len() <= POSITIONAL && fields.iter().all(|field| !field.kind.is_optional()),
        not_all_empty: not_all_empty(declared, &fields),
        output: parsed(&returns.type_),
        sensitive_output: returns.sensitive,
        outcome: declared.outcome,
        fault: match sample::response(&answer) {
            Ok(Response::Fault { code, .. }) => Some(code),
            Ok(Response::Value(_)) | Err(_) => None,
        },
        has_sample_request: sample("request").is_some(),
        has_sample_response: sample("response").is_some(),
        answer,
        differences: Differences {
            method: declared.why.contains_key("method"),
            count: declared.why.contains_key("count"),
        },
        fields,
        entry,
        wire,
    }
}

/// The docs' first sentence and what follows it. Our own summary stands before the document's text only where that is missing or wrong.
fn texts(summary: Option<&str>, doc: Option<&str>) -> (String, String) {
    if let Some(summary) = summary {
        return (summary.to_owned(), String::new());
    }
    let doc = doc.unwrap_or_default();
    match doc.find(". ").or_else(|| doc.find(".\n")) {
        Some(end) => (doc[..=end].to_owned(), doc[end + 1..].trim().to_owned()),
        None => (doc.to_owned(), String::new()),
    }
}

/// Every name by which people look for a method: the wire's, and those of other clients.
fn aliases(declared: &catalog::Method, wire: &str) -> Vec<String> {
    let others: Vec<&str> = match &declared.aliases {
        Some(aliases) => aliases.iter().map(String::as_str).collect(),
        None => declared.default_aliases().collect(),
    };
    let function = snake_case(declared.name());
    let mut seen = BTreeSet::new();
    let all = [wire, declared.own_name()].into_iter().chain(others);
    all.filter(|alias| *alias != function && seen.insert(*alias)).map(str::to_owned).collect()
}

/// What each client calls it: the documents' names, but for those that the aliases leave out as wrong.
fn client_names(catalog: &Catalog, declared: &catalog::Method) -> Vec<Option<String>> {
    let right = |name: &&String| {
        let word = last_word(name);
        word == declared.own_name()
            || declared.aliases.as_ref().is_none_or(|aliases| aliases.iter().any(|alias| alias == word))
    };
    catalog.api.clients.keys().map(|client| declared.names.get(client).filter(right).cloned()).collect()
}

fn not_all_empty(declared: &catalog::Method, fields: &[Field]) -> Vec<Vec<usize>> {
    let position =
        |name: &String| fields.iter().position(|field| field.params.iter().any(|param| param.wire_name == *name));
    declared.not_all_empty.iter().map(|names| names.iter().filter_map(position).collect()).collect()
}

fn fields(catalog: &Catalog, declared: &catalog::Method) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for param in declared.params.iter().filter(|param| param.type_.is_some()) {
        match &param.group {
            None => fields.push(field(catalog, declared, param)),
            Some(group) => grouped(catalog, declared, param, group, &mut fields),
        }
    }
    fields
}

fn field(catalog: &Catalog, declared: &catalog::Method, param: &catalog::Param) -> Field {
    let kind = parsed(param.type_.as_deref().unwrap_or_default());
    let name = rust_name(param.rust.as_deref(), &param.name);
    let absent = param.absent_value().cloned();
    let always = !kind.is_optional() || absent.is_some();
    Field {
        doc: param.summary.clone().or_else(|| param.doc.clone()).unwrap_or_default(),
        params: vec![lower_param(catalog, param, &name, always)],
        example: example(declared, param).filter(|example| absent.as_ref() != Some(example)),
        limits: param.limits.clone().unwrap_or_default(),
        sensitive: param.sensitive,
        absent,
        kind,
        name,
    }
}

/// Adds a parameter to its group's field, which stands where its first parameter does.
fn grouped(catalog: &Catalog, declared: &catalog::Method, param: &catalog::Param, name: &str, fields: &mut Vec<Field>) {
    let Some(group) = declared.groups.iter().find(|group| group.name == name) else { return };
    let members =
        catalog.types.structs.get(&group.type_).map(|declared| declared.members.as_slice()).unwrap_or_default();
    let member = members.iter().find(|member| member.name == param.name);
    let member_name = rust_name(member.and_then(|member| member.rust.as_deref()), &param.name);
    let lowered = lower_param(catalog, param, &member_name, false);
    let value = example(declared, param);
    if let Some(field) = fields.iter_mut().find(|field| field.name == name) {
        field.params.push(lowered);
        if let (Some(Value::Object(members)), Some(value)) = (&mut field.example, value) {
            members.insert(param.name.clone(), value);
        }
        return;
    }
    fields.push(Field {
        name: name.to_owned(),
        doc: group.doc.clone(),
        kind: Type::Optional(Box::new(Type::Named(group.type_.clone()))),
        params: vec![lowered],
        absent: None,
        limits: catalog::Limits::default(),
        sensitive: false,
        example: value.map(|value| Value::Object([(param.name.clone(), value)].into_iter().collect())),
    });
}

fn lower_param(catalog: &Catalog, param: &catalog::Param, field: &str, always: bool) -> Param {
    let kind = parsed(param.type_.as_deref().unwrap_or_default());
    let sent_as = sent_as(param.wire.as_deref());
    let wire = sent_as.clone().unwrap_or_else(|| catalog.types.wire(kind.required()));
    let sample = match &param.sample {
        Some(catalog::Sample::Value(_)) => Sample::Value,
        _ if param.why.contains_key("sample_type") => Sample::OtherType,
        _ if wire == Wire::Any => Sample::AnyType,
        Some(catalog::Sample::Name(_) | catalog::Sample::Placeholder(_)) | None => Sample::Placeholder,
    };
    Param { wire_name: param.name.clone(), wire, sent_as, field: field.to_owned(), always, sample }
}

fn sent_as(wire: Option<&str>) -> Option<Wire> {
    wire.and_then(|wire| Wire::parse(wire).ok())
}

fn example(declared: &catalog::Method, param: &catalog::Param) -> Option<Value> {
    match &param.sample {
        Some(catalog::Sample::Value(sample)) => Some(sample.value.clone()),
        _ => declared.example.get(&param.name).cloned(),
    }
}

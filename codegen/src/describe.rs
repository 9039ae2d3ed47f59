//! The catalog as data, for tools in other languages.

use serde_json::{Value, json};

use crate::catalog::{self, Method, Why};
use crate::load::{Catalog, ServiceFile, TableFile};
use crate::lower::lower;
use crate::model;
use crate::types::{Type, Wire};

/// Describes every entry of a catalog that is free of mistakes: one array, an object for each entry.
pub fn describe(catalog: &Catalog) -> Value {
    let model = lower(catalog);
    let services = catalog.services.iter().zip(&model.services);
    let entries = services.flat_map(|(file, service)| {
        let methods = file.service.methods.iter().zip(&service.methods);
        methods.map(move |(declared, method)| entry(catalog, file, &service.module, declared, method))
    });
    Value::Array(entries.collect())
}

fn entry(catalog: &Catalog, file: &ServiceFile, module: &str, declared: &Method, method: &model::Method) -> Value {
    let sample = |kind: &str, present: bool| {
        let folder = file.file.parent().and_then(|services| services.parent()).unwrap_or(&file.file);
        present.then(|| format!("{}/samples/{}.{kind}.xml", folder.display(), method.entry))
    };
    json!({
        "wire": method.wire,
        "rust": format!("{module}().{}", method.function),
        "title": declared.title,
        "source": declared.source,
        "effect": declared.effect,
        "outcome": declared.outcome,
        "documented_params": documented_params(catalog, declared),
        "params": declared.params.iter().filter(|param| param.type_.is_some()).map(|param| param_of(catalog, param)).collect::<Value>(),
        "returns": declared.returns.type_,
        "sample_request": sample("request", method.has_sample_request),
        "sample_response": sample("response", method.has_sample_response),
        "errata": places(declared).into_iter().flat_map(|(_, why)| why.values()).collect::<Vec<_>>(),
        "differences": places(declared).iter().flat_map(|(at, why)| reasons(at, why)).collect::<Vec<_>>(),
    })
}

/// The rows of the documents' table, verbatim; empty without a table.
fn documented_params(catalog: &Catalog, declared: &Method) -> Value {
    let document = declared.document(&catalog.api);
    let rows = declared.params.iter().filter_map(|param| {
        let documented = param.documented.as_ref()?;
        let required = document.is_some_and(|document| document.requires(declared.table.as_ref(), param));
        Some(json!({ "name": param.name, "type": catalog.api.type_word(documented), "required": required }))
    });
    rows.collect()
}

fn param_of(catalog: &Catalog, param: &catalog::Param) -> Value {
    let text = param.type_.as_deref().unwrap_or_default();
    let kind = Type::parse(text).unwrap_or(Type::Value);
    let own = || catalog.types.wire(&kind);
    let wire = param.wire.as_deref().and_then(|wire| Wire::parse(wire).ok()).unwrap_or_else(own);
    let required = !kind.is_optional() && param.group.is_none();
    json!({ "name": param.name, "type": text, "wire_type": wire.to_string(), "required": required })
}

/// The places of an entry that give reasons, in the order of the file.
fn places(declared: &Method) -> Vec<(String, &Why)> {
    let params = declared.params.iter().map(|param| (format!("params.{}", param.name), &param.why));
    params.chain([("returns".to_owned(), &declared.returns.why), ("method".to_owned(), &declared.why)]).collect()
}

fn reasons<'a>(at: &'a str, why: &'a Why) -> impl Iterator<Item = Value> + 'a {
    why.iter().map(move |(kind, why)| json!({ "at": at, "kind": kind, "why": why }))
}

/// Lists every difference of a whole catalog with its reason: those of its methods, and those beside them.
pub fn errata(catalog: &Catalog) -> Value {
    let files = [api(catalog), types(catalog), services(catalog), tables(catalog)].concat();
    let listed = files.iter().flat_map(|(file, at, why)| {
        reasons(at, why).map(move |mut reason| {
            reason["file"] = format!("{}/{file}", catalog.folder.display()).into();
            reason
        })
    });
    listed.collect()
}

/// A file in the catalog's folder, a place in it, and the reasons that it gives.
type Reasons<'a> = (String, String, &'a Why);

fn api(catalog: &Catalog) -> Vec<Reasons<'_>> {
    let operations = catalog.api.operations.iter();
    operations
        .map(|operation| ("api.yaml".to_owned(), format!("operations.{}", operation.name), &operation.why))
        .collect()
}

fn types(catalog: &Catalog) -> Vec<Reasons<'_>> {
    let enums = catalog.types.enums.iter().flat_map(|(name, declared)| {
        declared.variants.iter().map(move |variant| (format!("enums.{name}.{}", shown(&variant.value)), &variant.why))
    });
    let structs = catalog.types.structs.iter().flat_map(|(name, declared)| {
        declared.members.iter().map(move |member| (format!("structs.{name}.{}", member.name), &member.why))
    });
    enums.chain(structs).map(|(at, why)| ("types.yaml".to_owned(), at, why)).collect()
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn services(catalog: &Catalog) -> Vec<Reasons<'_>> {
    let listed = catalog.services.iter().flat_map(|file| {
        let methods = file.service.methods.iter().flat_map(|method| {
            places(method).into_iter().map(move |(at, why)| (format!("methods.{}.{at}", method.name()), why))
        });
        let own = [("service".to_owned(), &file.service.why)];
        let name = file.file.file_name().unwrap_or_default().to_string_lossy();
        own.into_iter().chain(methods).map(move |(at, why)| (format!("services/{name}"), at, why))
    });
    listed.collect()
}

fn tables(catalog: &Catalog) -> Vec<Reasons<'_>> {
    let listed = catalog.tables.iter().flat_map(|TableFile { table, .. }| {
        let fields = table.fields.iter().map(|field| (format!("fields.{}", field.name), &field.why));
        let joined = table.joined.iter().flat_map(|joined| {
            joined.fields.iter().map(|field| (format!("joined.{}.{}", joined.table, field.name), &field.why))
        });
        let all = [("table".to_owned(), &table.why)].into_iter().chain(fields).chain(joined);
        all.map(|(at, why)| (format!("tables/{}.yaml", table.table), at, why))
    });
    listed.collect()
}

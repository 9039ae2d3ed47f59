//! The catalog as data, for tools in other languages.

use serde_json::{Value, json};

use crate::catalog::{self, Method, flagged};
use crate::load::{Catalog, ServiceFile};
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
        "errata": errata(declared),
    })
}

/// The rows of the documents' table, verbatim; empty without a table.
fn documented_params(catalog: &Catalog, declared: &Method) -> Value {
    let document = catalog.api.documents.get(declared.document.as_deref().unwrap_or("main"));
    let rows = declared.params.iter().filter_map(|param| {
        let documented = param.documented.as_ref()?;
        let required = document.is_some_and(|document| document.requires(declared.table.as_ref(), param));
        Some(json!({ "name": param.name, "type": flagged(documented).0, "required": required }))
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

/// Every reason that the entry gives for a difference, in the order of the file.
fn errata(declared: &Method) -> Vec<&String> {
    let params = declared.params.iter().flat_map(|param| param.why.values());
    params.chain(declared.returns.why.values()).chain(declared.why.values()).collect()
}

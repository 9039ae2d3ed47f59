//! The schema that editors read says what the serde types say.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

fn catalog(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../catalog").join(file)
}

#[test]
fn the_catalogs_schema_is_fresh() {
    let written = fs::read_to_string(catalog("schema.json")).unwrap();
    assert_eq!(written, codegen::schema::schema(), "`cargo xtask generate` writes catalog/schema.json");
}

/// The kinds of reasons that an editor offers in a `why`.
fn kinds(schema: &Value, kind_of_entry: &str) -> BTreeSet<String> {
    let why = &schema["$defs"][kind_of_entry]["properties"]["why"];
    why["propertyNames"]["enum"].as_array().unwrap().iter().map(|kind| kind.as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_reason_of_the_catalogs_has_a_kind_that_its_place_knows() {
    let schema: Value = serde_json::from_str(&codegen::schema::schema()).unwrap();
    let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/good");
    for folder in [catalog(""), good] {
        let errata = codegen::describe::errata(&codegen::load(&folder).unwrap());
        for entry in errata.as_array().unwrap() {
            let at: Vec<&str> = entry["at"].as_str().unwrap().split('.').collect();
            let place = match at.as_slice() {
                ["operations", ..] => "Operation",
                ["enums", ..] => "Variant",
                ["structs", ..] => "Member",
                ["service"] => "Service",
                ["methods", .., "method"] => "Method",
                ["methods", .., "returns"] => "Returns",
                ["methods", _, "params", ..] => "Param",
                ["table"] => "Table",
                ["fields" | "joined", ..] => "TableField",
                other => panic!("{other:?}"),
            };
            assert!(kinds(&schema, place).contains(entry["kind"].as_str().unwrap()), "{entry}");
        }
    }
}

#[test]
fn the_kinds_of_reasons_are_those_that_the_catalogs_page_explains() {
    let schema: Value = serde_json::from_str(&codegen::schema::schema()).unwrap();
    let entries =
        schema["$defs"].as_object().unwrap().iter().filter(|(_, entry)| !entry["properties"]["why"].is_null());
    let offered: BTreeSet<String> = entries.flat_map(|(name, _)| kinds(&schema, name)).collect();
    let page = fs::read_to_string(catalog("README.md")).unwrap();
    let (_, differences) = page.split_once("## Differences and their reasons").unwrap();
    let (table, _) = differences.split_once("A good reason").unwrap();
    let explained =
        table.lines().filter_map(|line| line.split('|').nth(2)?.trim().strip_prefix('`')?.strip_suffix('`'));
    assert_eq!(offered, explained.map(str::to_owned).collect());
}

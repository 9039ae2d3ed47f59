//! What tools in other languages read: every reason, with its place and its kind.

use std::path::Path;

use codegen::load::Catalog;
use serde_json::Value;

fn good() -> Catalog {
    codegen::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/good")).unwrap()
}

fn text<'a>(entry: &'a Value, key: &str) -> &'a str {
    entry[key].as_str().unwrap()
}

#[test]
fn every_difference_has_its_place_kind_and_reason() {
    let errata = codegen::describe::errata(&good());
    let lines = errata.as_array().unwrap().iter().map(|entry| {
        format!("{} {} {}: {}", text(entry, "file"), text(entry, "at"), text(entry, "kind"), text(entry, "why"))
    });
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn an_entrys_differences_are_its_errata_with_their_places() {
    let described = codegen::describe::describe(&good());
    for entry in described.as_array().unwrap() {
        let differences = entry["differences"].as_array().unwrap();
        let reasons: Vec<&Value> = differences.iter().map(|difference| &difference["why"]).collect();
        assert_eq!(reasons, entry["errata"].as_array().unwrap().iter().collect::<Vec<_>>());
    }
    let printed = described.as_array().unwrap().iter().find(|entry| entry["rust"] == "loans().print_loans").unwrap();
    let places: Vec<_> = printed["differences"].as_array().unwrap().iter().map(|entry| text(entry, "at")).collect();
    assert_eq!(places, ["params.readerID", "params.readerID", "returns", "method", "method", "method", "method"]);
}

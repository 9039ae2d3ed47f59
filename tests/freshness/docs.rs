//! What people see and find in the generated docs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::root;

/// What is generated, by its path.
fn files() -> BTreeMap<PathBuf, String> {
    codegen::generate(&root().join("catalog")).expect("the catalog is free of mistakes")
}

fn file<'a>(files: &'a BTreeMap<PathBuf, String>, end: &str) -> &'a str {
    files.iter().find(|(path, _)| path.ends_with(end)).expect("a generated file").1
}

fn generated(end: &str) -> String {
    file(&files(), end).to_owned()
}

/// The docs' column of text holds about a hundred letters of code beside each other.
#[test]
fn the_table_of_other_clients_names_fits_the_page_and_begins_with_rusts() {
    let text = generated("generated/other_clients.rs");
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! | "));
    let rows: Vec<Vec<&str>> = rows.map(|row| row.split(" | ").collect()).collect();
    assert_eq!(rows[0][0], "Rust");
    assert!(rows.len() > 90, "{} rows", rows.len());
    let widest = |column: usize| {
        let code =
            |row: &Vec<&str>| row.get(column)?.split_once("<code>")?.1.split_once("</code>").map(|it| it.0.len());
        let longest = |row: &Vec<&str>| {
            let code = &row.get(column)?[..row[column].find("</code>")?];
            code.split("<wbr>").map(|piece| piece.trim_start_matches("[<code>").len()).max()
        };
        assert!(rows.iter().filter_map(code).max() > Some(30), "column {column} holds no names");
        rows.iter().filter_map(longest).max().unwrap_or_default()
    };
    let widths: usize = (0..rows[0].len()).map(widest).sum();
    assert!(widths < 100, "{widths} letters can't be broken");
}

/// People know a call by its heading: the search finds it, though rustdoc takes no straight quotes in an alias.
#[test]
fn every_documented_heading_is_an_alias() {
    let catalog = codegen::load(&root().join("catalog")).expect("the catalog is free of mistakes");
    let files = files();
    let mut documented = 0;
    for service in &catalog.services {
        let text = file(&files, &format!("generated/{}.rs", service.service.accessor));
        for method in &service.service.methods {
            if method.source != codegen::catalog::Source::Known {
                documented += 1;
                let alias = format!("#[doc(alias = \"{}\")]", method.title.replace('\'', "’"));
                assert!(text.contains(&alias), "{}: {alias}", service.service.accessor);
            }
        }
    }
    assert!(documented > 90, "{documented} headings");
}

/// What stands in a function's docs before its example, and everything.
fn docs(text: &str, function: &str) -> (String, String) {
    let docs = &text[..text.find(&format!("pub fn {function}(")).expect("the function")];
    let docs = &docs[docs.rfind("\n\n").expect("the function before")..];
    let first = docs.split("```").next().unwrap_or_default();
    (first.to_owned(), docs.to_owned())
}

/// Who looks for how to cancel a subscription finds what deletes it: that must say so first, and how else it is done.
#[test]
fn who_would_cancel_is_told_what_is_deleted_and_the_other_way() {
    let (first, docs) = docs(&generated("generated/invoices.rs"), "delete_subscription");
    for part in ["as well as all invoices", "`STATUS`", "`END_DATE`", "`REASON_STOPPED`", "`Client::update`"] {
        assert!(first.contains(part), "{part}: {first}");
    }
    assert!(docs.contains("#[doc(alias = \"cancel\")]"), "{docs}");
}

#[test]
fn a_check_for_duplicates_says_what_it_goes_by() {
    let (_, docs) = docs(&generated("generated/contacts.rs"), "add_with_dup_check");
    assert!(docs.contains("so `data` should have an `Email`"), "{docs}");
}

/// A page of 1280 dots shows 93 letters of an example beside each other; what is longer is cut.
#[test]
fn examples_fit_the_page() {
    let mut folders = vec![root().join("sdk/src"), root().join("sdk/sandbox/src")];
    let mut examples = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            match path.extension() {
                None => folders.push(path),
                Some(_) => examples += check_examples(&path),
            }
        }
    }
    assert!(examples > 150, "{examples} examples");
}

/// Counts the examples of a file, none of whose lines is too long.
fn check_examples(file: &Path) -> usize {
    let text = fs::read_to_string(file).expect("a source file");
    let (mut fences, mut in_example) = (0, false);
    for line in text.lines().map(str::trim_start) {
        let Some(line) = line.strip_prefix("//! ").or_else(|| line.strip_prefix("/// ")) else { continue };
        if line.starts_with("```") {
            in_example = !in_example;
            fences += 1;
        }
        assert!(!in_example || line.starts_with("# ") || line.chars().count() <= 93, "{file:?}: {line}");
    }
    fences / 2
}

//! The names that the catalog reserves are those that the client has by hand, so that no generated name hides one.

use std::collections::BTreeSet;
use std::fs;

use crate::{root, rust_files};

#[test]
fn what_the_client_has_by_hand_is_reserved() {
    let catalog = codegen::load(&root().join("catalog")).expect("the catalog is free of mistakes");
    let reserved: BTreeSet<String> = catalog.api.reserved.into_iter().collect();
    // It follows from a derive.
    let mut by_hand = BTreeSet::from(["clone".to_owned()]);
    let sources = root().join("sdk/src");
    by_hand.extend(names_of_the_root(&fs::read_to_string(sources.join("lib.rs")).expect("the client's root")));
    for file in rust_files(&sources).iter().filter(|file| !file.starts_with(sources.join("generated"))) {
        by_hand.extend(functions(&fs::read_to_string(file).expect("a source file")));
    }
    let missing: Vec<&String> = by_hand.difference(&reserved).collect();
    let needless: Vec<&String> = reserved.difference(&by_hand).collect();
    assert!(missing.is_empty() && needless.is_empty(), "`reserved` in api.yaml lacks {missing:?}, has {needless:?}");
}

/// The modules, and every word of what is shown.
fn names_of_the_root(text: &str) -> Vec<String> {
    let text = format!("\n{text}");
    let modules = ["\nmod ", "\npub mod "].into_iter().flat_map(|start| text.split(start).skip(1));
    let modules = modules.map(|rest| &rest[..rest.find([' ', ';']).unwrap_or(0)]);
    let shown = text.split("\npub use ").skip(1).map(|rest| rest.split(';').next().unwrap_or_default());
    let words = shown.flat_map(|shown| shown.split(|letter: char| !letter.is_alphanumeric() && letter != '_'));
    modules.chain(words).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// The functions of the client in a file.
fn functions(text: &str) -> Vec<String> {
    let blocks = text.split("\nimpl Client {\n").skip(1).map(|rest| rest.split("\n}\n").next().unwrap_or_default());
    let lines = blocks.flat_map(str::lines).filter_map(|line| line.strip_prefix("    "));
    let lines = lines.filter(|line| line.starts_with("pub") || line.starts_with("fn "));
    let names = lines.filter_map(|line| line.split_once("fn ")?.1.split(['(', '<']).next());
    names.map(str::to_owned).collect()
}

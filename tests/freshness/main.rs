//! What is checked in is what the generator makes, and the generator knows no API.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use codegen::output;

mod docs;
mod reserved;
mod tables;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace's root")
}

/// The files that are stale or that nothing generates.
fn changed(catalog: &str, folder: &str) -> Vec<PathBuf> {
    let files = codegen::generate(&root().join(catalog)).expect("the catalog is free of mistakes");
    let changes = output::compare(&root().join(folder), &files).expect("the generated files can be read");
    changes.stale.into_keys().chain(changes.orphans).collect()
}

#[test]
fn generated_code_is_fresh() {
    for (catalog, folder) in [("catalog", ""), ("codegen/tests/fixtures/good", "tests/foreign")] {
        assert_eq!(changed(catalog, folder), Vec::<PathBuf>::new(), "run `cargo xtask generate`");
    }
}

#[test]
fn generating_twice_makes_the_same() {
    let generate = || codegen::generate(&root().join("catalog")).expect("the catalog is free of mistakes");
    assert!(generate() == generate(), "two runs differ");
}

#[test]
fn orphans_are_removed_and_only_changes_are_written() {
    let folder = std::env::temp_dir().join(format!("infusionsoft-output-{}", std::process::id()));
    let generated = folder.join("generated");
    fs::create_dir_all(generated.join("tables")).expect("a folder");
    for orphan in ["orphan.rs", "tables/only.rs"] {
        fs::write(generated.join(orphan), "// @generated, but nobody makes this any more").expect("an orphan");
    }
    fs::write(generated.join("same.rs"), "same").expect("a file");
    let files = BTreeMap::from([
        ("generated/same.rs".into(), "same".to_owned()),
        ("generated/new.rs".into(), "new".to_owned()),
    ]);
    let changes = output::compare(&folder, &files).expect("a comparison");
    assert_eq!(changes.stale.keys().collect::<Vec<_>>(), [Path::new("generated/new.rs")]);
    let orphans = ["generated/orphan.rs", "generated/tables/only.rs"].map(Path::new);
    assert_eq!(changes.orphans.iter().collect::<Vec<_>>(), orphans);
    output::write(&folder, &files, &changes).expect("the files are written");
    assert!(output::compare(&folder, &files).expect("a comparison").is_empty());
    assert!(orphans.iter().all(|orphan| !folder.join(orphan).exists()));
    fs::remove_dir_all(&folder).expect("the folder is removed");
}

#[test]
fn what_is_written_by_hand_is_neither_overwritten_nor_deleted() {
    let folder = std::env::temp_dir().join(format!("infusionsoft-by-hand-{}", std::process::id()));
    for (made, by_hand) in [("src/lib.rs", "src/lib.rs"), ("generated/mod.rs", "generated/notes.rs")] {
        let file = folder.join(by_hand);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(&file, "// By hand.").expect("a file");
        let files = BTreeMap::from([(made.into(), "// @generated".to_owned())]);
        let refused = output::compare(&folder, &files).expect_err("the file is in the way");
        assert!(refused.to_string().starts_with(&format!("{by_hand} is not generated, so it stays")), "{refused}");
    }
    fs::remove_dir_all(&folder).expect("the folder is removed");
}

/// Free records are for what has no documented shape: whoever adds one sees it here.
#[test]
fn methods_that_answer_free_records_are_listed() {
    let catalog = codegen::load(&root().join("catalog")).expect("the catalog is free of mistakes");
    let described = codegen::describe::describe(&catalog);
    let free = described.as_array().into_iter().flatten().filter_map(|entry| {
        let returns = entry["returns"].as_str()?;
        let free = returns.contains("record") || returns.contains("value");
        free.then(|| format!("{} {returns}", entry["rust"].as_str().unwrap_or_default()))
    });
    insta::assert_snapshot!(free.collect::<Vec<_>>().join("\n"));
}

/// The words of the API: its name, the vendor's, its documents' headings, and every service and id of the catalog.
#[test]
fn the_generator_names_no_api() {
    let catalog = codegen::load(&root().join("catalog")).expect("the catalog is free of mistakes");
    let mut words =
        vec![catalog.api.name.to_lowercase(), catalog.api.name.clone(), "Keap".to_owned(), "keap".to_owned()];
    words.extend(catalog.services.iter().map(|file| file.service.service.clone()));
    words.extend(catalog.types.ids.keys().cloned());
    words.extend(catalog.api.documents.values().filter_map(|document| document.heading.clone()));
    for file in rust_files(&root().join("codegen/src")) {
        let text = fs::read_to_string(&file).expect("a source file");
        let found: Vec<&String> = words.iter().filter(|word| mentions(&text, word)).collect();
        assert!(found.is_empty(), "{} names {found:?}", file.display());
    }
}

fn mentions(text: &str, word: &str) -> bool {
    let inside = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    text.match_indices(word)
        .any(|(at, _)| !inside(text[..at].chars().next_back()) && !inside(text[at + word.len()..].chars().next()))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] }).collect()
}

//! What a catalog without mistakes generates is Rust, however its texts are written.

use std::path::Path;

use codegen::Failure;

use crate::{API, BOOK, LOAN, LOANS, TYPES, changed, replace};

#[test]
fn texts_of_two_lines_are_comments_of_two_lines() {
    let catalog = changed(&[
        replace(TYPES, "BookId: { doc: A book. }", "BookId: { doc: \"A book.\\nOr an atlas.\" }"),
        replace(TYPES, "{ value: en, name: English,", "{ value: en, name: English, doc: \"English.\\nOr Scots.\","),
    ]);
    let files = codegen::generate(&catalog.folder).unwrap();
    let ids = &files[Path::new("generated/ids.rs")];
    assert!(ids.contains("    /// A book.\\\n    /// Or an atlas.\n    BookId\n"), "{ids}");
    let enums = &files[Path::new("generated/enums.rs")];
    assert!(enums.contains("        /// English.\\\n        /// Or Scots.\n        English = \"en\",\n"), "{enums}");
}

#[test]
fn the_names_of_secrets_are_listed_for_a_runtime_in_the_same_crate() {
    let catalog = changed(&[
        replace(API, "  client: generated\n", "  client: generated\n  accessors: true\n"),
        replace(BOOK, "name: Title, type: string,", "name: Title, type: string, sensitive: true,"),
        replace(LOAN, "name: Title, type: string,", "name: Title, type: string, sensitive: true,"),
        replace(TYPES, "doc: Where it stands., type: string,", "doc: Where it stands., type: string, sensitive: true,"),
    ]);
    let files = codegen::generate(&catalog.folder).unwrap();
    let names = &files[Path::new("generated/sensitive.rs")];
    assert!(names.contains(r#"SENSITIVE: &[&str] = &["Book.Title", "Pin", "Shelf", "Title"];"#), "{names}");
    let alone = codegen::generate(&changed(&[]).folder).unwrap();
    assert!(!alone.contains_key(Path::new("generated/sensitive.rs")), "no other crate could use them");
}

#[test]
fn no_file_is_generated_twice() {
    let catalog = changed(&[
        replace(API, "  client: generated\n", "  client: generated\n  tests: generated\n"),
        replace(LOANS, "accessor: loans", "accessor: calls"),
    ]);
    match codegen::generate(&catalog.folder) {
        Err(Failure::Renderer(problem)) => assert_eq!(problem, "generated/calls.rs would be generated twice"),
        other => panic!("{other:?}"),
    }
}

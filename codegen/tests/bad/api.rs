//! Mistakes in `api.yaml` and `faults.yaml`.

use insta::assert_snapshot;

use crate::{API, BOOKS, FAULTS, found, replace};

#[test]
fn a_wire_type_that_does_not_exist() {
    let found = found(&[replace(API, "  integer: int\n", "  integer: integer\n")]);
    assert_snapshot!(found);
}

#[test]
fn the_main_document_is_missing() {
    let found = found(&[replace(API, "  main:\n", "  mian:\n")]);
    assert_snapshot!(found);
}

#[test]
fn the_key_has_an_unknown_type() {
    let found = found(&[replace(
        API,
        "documented: string (required)\n  doc: The number",
        "documented: strng (required)\n  doc: The number",
    )]);
    assert_snapshot!(found);
}

#[test]
fn an_operation_travels_in_an_unknown_place() {
    let found = found(&[replace(API, "in: query", "in: body")]);
    assert_snapshot!(found);
}

#[test]
fn an_operations_parameter_is_here_twice() {
    let found = found(&[replace(
        API,
        "doc: The reader, in: query }",
        "doc: The reader, in: query }\n      - { name: reader, documented: string, doc: The reader, in: form }",
    )]);
    assert_snapshot!(found);
}

#[test]
fn another_url_needs_a_reason() {
    let found = found(&[replace(API, "    why: { url: the old address was given up }\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn the_documented_url_needs_none() {
    let found = found(&[replace(API, "url: https://example", "url: https://old.example")]);
    assert_snapshot!(found);
}

#[test]
fn a_fault_is_here_twice() {
    let found = found(&[replace(FAULTS, "code: 7, token: Lent", "code: 1, token: NoCard")]);
    assert_snapshot!(found);
}

/// Each document has its own words: the table that it usually has, and the flag of what is required.
#[test]
fn other_documents_have_other_words() {
    let found = found(&[
        replace(
            API,
            "    heading: Form Parameters\n    required_flag: (required)\n",
            "    heading: Inputs\n    required_flag: '!'\n",
        ),
        replace(BOOKS, "    doc: Adds a book to a shelf.\n", "    doc: Adds a book to a shelf.\n    table: Inputs\n"),
        replace(BOOKS, "name: shelf, documented: integer (required)", "name: shelf, documented: integer !"),
    ]);
    let of_shelf: Vec<&str> = found.lines().filter(|line| line.contains("addBookTo")).collect();
    assert_snapshot!(of_shelf.join("\n"));
}

#[test]
fn outputs_that_leave_the_project() {
    let found = found(&[replace(
        API,
        "  client: generated\n",
        "  client: ../generated\n  tests: /tmp/generated\n  server: server/../../generated\n",
    )]);
    assert_snapshot!(found);
}

//! Mistakes in example arguments.

use insta::assert_snapshot;

use crate::{BOOKS, LOANS, found, replace};

#[test]
fn an_argument_is_missing() {
    let found = found(&[replace(
        BOOKS,
        "    example: { title: A Shelf of One's Own, ownerID: 12, languages: [en] }",
        "    example: { ownerID: 12, languages: [en] }",
    )]);
    assert_snapshot!(found);
}

#[test]
fn an_argument_is_unknown() {
    let found = found(&[replace(BOOKS, "ownerID: 12,", "ownrID: 12,")]);
    assert_snapshot!(found);
}

#[test]
fn an_argument_has_another_type() {
    let found = found(&[replace(BOOKS, "ownerID: 12,", "ownerID: twelve,")]);
    assert_snapshot!(found);
}

#[test]
fn an_argument_is_not_listed() {
    let found = found(&[replace(BOOKS, "languages: [en] }", "languages: [en, fr] }")]);
    assert_snapshot!(found);
}

#[test]
fn an_argument_is_the_samples_value_already() {
    let found = found(&[replace(BOOKS, "languages: [en] }", "languages: [en], type: 2 }")]);
    assert_snapshot!(found);
}

#[test]
fn a_date_has_one_form() {
    let found = found(&[replace(LOANS, r#"until: "20250131T00:00:00""#, r#"until: "2025-01-31""#)]);
    assert_snapshot!(found);
}

#[test]
fn a_date_is_a_midnight() {
    let found = found(&[replace(LOANS, r#"until: "20250131T00:00:00""#, r#"until: "20250131T12:00:00""#)]);
    assert_snapshot!(found);
}

#[test]
fn a_structs_members_are_known() {
    let found =
        found(&[replace(BOOKS, "Sender: 12, Weight: 1.5, Note: fragile", "Sender: 12, Weight: 1.5, Notes: fragile")]);
    assert_snapshot!(found);
}

#[test]
fn a_structs_members_are_complete() {
    let found = found(&[replace(BOOKS, "Sender: 12, Weight: 1.5, Note: fragile", "Sender: 12, Note: fragile")]);
    assert_snapshot!(found);
}

#[test]
fn arguments_that_break_their_limits() {
    let found = found(&[
        replace(BOOKS, "title: A Shelf of One's Own, ownerID: 12,", "title: '', ownerID: 12,"),
        replace(BOOKS, "limit: 10,", "limit: 101,"),
        replace(BOOKS, "        type: array<string>\n", "        type: array<string>\n        limits: { items: 1 }\n"),
        replace(BOOKS, "        type: record\n", "        type: record\n        limits: { items: 2 }\n"),
        replace(BOOKS, "match: { Title: Shelf% }", "match: { Title: [a, b, c] }"),
        replace(BOOKS, "doc: The shelf, type: int }", "doc: The shelf, type: int, limits: { not: 4 } }"),
        replace(BOOKS, "        type: BookKind\n", "        type: int\n        limits: { min: 3 }\n"),
    ]);
    let broken: Vec<&str> = found.lines().filter(|line| line.contains("breaks")).collect();
    assert_snapshot!(broken.join("\n"));
}

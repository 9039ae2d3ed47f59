//! Mistakes in parameters and in the rows of tables.

use insta::assert_snapshot;

use crate::{BOOKS, LOANS, found, replace};

#[test]
fn a_parameter_is_here_twice() {
    let found = found(&[
        replace(
            BOOKS,
            "{ name: title, documented: string (required), doc: The title, type: string }",
            "{ name: shelf, documented: string (required), doc: The title, type: string }",
        ),
        replace(BOOKS, "example: { shelf: 4, title: A Shelf of One's Own }", "example: { shelf: 4 }"),
    ]);
    assert_snapshot!(found);
}

#[test]
fn a_rust_name_is_here_twice() {
    let found = found(&[replace(BOOKS, "rust: kind", "rust: title")]);
    assert_snapshot!(found);
}

#[test]
fn a_row_is_exactly_one_of_three_things() {
    let found = found(&[replace(BOOKS, "        dropped: true\n", "        type: string\n        dropped: true\n")]);
    assert_snapshot!(found);
}

#[test]
fn a_row_is_at_least_one_of_three_things() {
    let found = found(&[replace(BOOKS, "        dropped: true\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn a_row_that_does_not_travel_has_no_sample() {
    let found = found(&[replace(BOOKS, "        dropped: true\n", "        dropped: true\n        sample: genre\n")]);
    assert_snapshot!(found);
}

#[test]
fn a_parameter_without_a_text() {
    let found = found(&[replace(BOOKS, "        summary: What is sent.\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn a_second_content() {
    let found = found(&[
        replace(BOOKS, "doc: The shelf, type: int }", "doc: The shelf, type: bytes, why: { type: a picture } }"),
        replace(BOOKS, "doc: The title, type: string }", "doc: The title, type: bytes }"),
        replace(BOOKS, "example: { shelf: 4, title", "example: { shelf: four, title"),
    ]);
    assert_snapshot!(found);
}

#[test]
fn the_tables_type_differs() {
    let found = found(&[replace(BOOKS, "        why: { type: the kinds are numbers }\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn a_reason_for_a_type_that_agrees() {
    let found =
        found(&[replace(BOOKS, "doc: The shelf, type: int }", "doc: The shelf, type: int, why: { type: no } }")]);
    assert_snapshot!(found);
}

#[test]
fn the_tables_type_is_unknown() {
    let found = found(&[replace(
        BOOKS,
        "{ name: shelf, documented: integer (required)",
        "{ name: shelf, documented: integre (required)",
    )]);
    assert_snapshot!(found);
}

#[test]
fn the_table_requires_what_may_be_left_out() {
    let found = found(&[replace(
        BOOKS,
        "documented: array\n        doc: Its languages",
        "documented: array (required)\n        doc: Its languages",
    )]);
    assert_snapshot!(found);
}

#[test]
fn the_table_does_not_require_what_always_travels() {
    let found =
        found(&[replace(BOOKS, "{ name: shelf, documented: integer (required)", "{ name: shelf, documented: integer")]);
    assert_snapshot!(found);
}

#[test]
fn a_heading_that_requires_what_stands_below_it() {
    let found = found(&[replace(LOANS, "table: Required Arguments", "table: Optional Arguments")]);
    assert_snapshot!(found);
}

#[test]
fn a_parameter_that_the_table_lacks() {
    let found = found(&[replace(BOOKS, "{ name: shelf, documented: integer (required), doc", "{ name: shelf, doc")]);
    assert_snapshot!(found);
}

#[test]
fn a_known_method_documents_nothing() {
    let found = found(&[replace(
        LOANS,
        "{ name: book, doc: The book., type",
        "{ name: book, documented: integer (required), doc: The book., type",
    )]);
    assert_snapshot!(found);
}

#[test]
fn a_dropped_row_needs_a_reason() {
    let found = found(&[replace(BOOKS, "        why: { dropped: the server refuses it }\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn a_members_row_has_another_name() {
    let found = found(&[replace(BOOKS, "        why: { name: the struct's name decides }\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn a_members_row_has_another_type_and_flag() {
    let found =
        found(&[replace(BOOKS, "{ name: note, documented: string,", "{ name: note, documented: integer (required),")]);
    assert_snapshot!(found);
}

#[test]
fn a_members_row_names_an_unknown_member() {
    let found = found(&[replace(BOOKS, "in: parcel.Note", "in: parcel.Notes")]);
    assert_snapshot!(found);
}

#[test]
fn a_members_row_names_an_unknown_parameter() {
    let found = found(&[replace(BOOKS, "in: parcel.Note", "in: packet.Note")]);
    assert_snapshot!(found);
}

#[test]
fn a_members_row_names_something_without_members() {
    let found = found(&[replace(BOOKS, "in: parcel.Note", "in: books.Note")]);
    assert_snapshot!(found);
}

#[test]
fn a_summary_needs_a_reason_beside_a_doc() {
    let found = found(&[replace(BOOKS, "        why: { summary: the document says too little }\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn absent_without_a_question_mark() {
    let found = found(&[replace(BOOKS, "type: ReaderId?", "type: ReaderId")]);
    assert_snapshot!(found);
}

#[test]
fn a_question_mark_without_absent() {
    let found = found(&[replace(BOOKS, "        absent: 0\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn absent_of_another_type() {
    let found = found(&[replace(BOOKS, "absent: 0\n", "absent: nobody\n")]);
    assert_snapshot!(found);
}

#[test]
fn only_trailing_parameters_can_be_omitted() {
    let found = found(&[replace(BOOKS, "absent: 0\n", "absent: omit\n")]);
    assert_snapshot!(found);
}

#[test]
fn what_a_parameter_in_a_group_leaves_to_its_struct() {
    let keys = "type: string, absent: x, limits: { not_empty: true }, rust: sort, sensitive: true, group: order }";
    let found = found(&[replace(BOOKS, "type: string, group: order }", keys)]);
    assert_snapshot!(found);
}

#[test]
fn a_question_mark_in_a_group() {
    let found = found(&[replace(BOOKS, "type: string, group: order }", "type: string?, group: order }")]);
    assert_snapshot!(found);
}

#[test]
fn limits_that_do_not_fit_the_type() {
    let found = found(&[replace(BOOKS, "limits: { not_empty: true }", "limits: { min: 1, items: 3 }")]);
    assert_snapshot!(found);
}

#[test]
fn limits_that_nothing_meets() {
    let found = found(&[replace(BOOKS, "limits: { min: 1, max: 100 }", "limits: { min: 101, max: 100 }")]);
    assert_snapshot!(found);
}

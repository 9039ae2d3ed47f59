//! Differences between sample requests and parameters.

use insta::assert_snapshot;

use crate::{BOOKS, LOANS, found, replace};

#[test]
fn another_placeholder_must_be_written_down() {
    let found = found(&[replace(
        BOOKS,
        "        sample: readerId\n        why: { sample: the sample calls the owner a reader }\n",
        "",
    )]);
    assert_snapshot!(found);
}

#[test]
fn another_placeholder_needs_a_reason() {
    let found = found(&[replace(BOOKS, "        why: { sample: the sample calls the owner a reader }\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn another_placeholder_must_be_exact() {
    let found = found(&[replace(BOOKS, "sample: readerId", "sample: readerID")]);
    assert_snapshot!(found);
}

#[test]
fn a_placeholder_that_is_the_name() {
    let found = found(&[replace(BOOKS, "doc: How many, type: int,", "doc: How many, sample: limit, type: int,")]);
    assert_snapshot!(found);
}

#[test]
fn a_placeholder_of_a_list() {
    let found = found(&[replace(
        BOOKS,
        "        sample: returnField\n        why: { sample: the sample's word for them }\n",
        "",
    )]);
    assert_snapshot!(found);
}

#[test]
fn a_placeholder_of_a_struct() {
    let found = found(&[replace(BOOKS, "placeholder: { field: text }", "placeholder: { field: txt }")]);
    assert_snapshot!(found);
}

#[test]
fn a_placeholder_of_a_struct_must_be_written_down() {
    let found = found(&[replace(
        BOOKS,
        "        sample: { placeholder: { field: text } }\n        why: { sample: a struct has no name }\n",
        "",
    )]);
    assert_snapshot!(found);
}

#[test]
fn another_parameters_name_is_a_difference_of_order() {
    let found = found(&[replace(
        BOOKS,
        "        sample: maps\n        why: { order: the sample has them the wrong way round }\n",
        "        sample: maps\n        why: { sample: the sample has them the wrong way round }\n",
    )]);
    assert_snapshot!(found);
}

#[test]
fn a_real_value_must_be_the_samples() {
    let found = found(&[replace(BOOKS, "Weight: 1.5", "Weight: 1.6")]);
    assert_snapshot!(found);
}

#[test]
fn a_real_value_must_be_of_the_type() {
    let found = found(&[replace(BOOKS, "sample: { value: 2 }", "sample: { value: 9 }")]);
    assert_snapshot!(found);
}

#[test]
fn the_samples_type_differs() {
    let found = found(&[replace(
        LOANS,
        "why: { type: the server wants a text, sample_type: the server wants a text }",
        "why: { type: the server wants a text }",
    )]);
    assert_snapshot!(found);
}

#[test]
fn a_reason_for_a_sample_that_agrees() {
    let found = found(&[replace(
        BOOKS,
        "doc: How many, type: int,",
        "doc: How many, why: { sample: no, sample_type: no }, type: int,",
    )]);
    assert_snapshot!(found);
}

#[test]
fn a_sample_where_there_is_no_request() {
    let found = found(&[replace(BOOKS, "doc: The shelf, type: int }", "doc: The shelf, type: int, sample: shelves }")]);
    assert_snapshot!(found);
}

#[test]
fn a_sample_past_the_requests_end() {
    let found = found(&[
        replace(
            "samples/BookService.addBook.request.xml",
            "    <param><value><array><data><value><string>languages1</string></value><value><string>languages2</string></value></data></array></value></param>\n",
            "",
        ),
        replace(BOOKS, "type: array<Language>?", "sample: words\n        type: array<Language>?"),
    ]);
    assert_snapshot!(found);
}

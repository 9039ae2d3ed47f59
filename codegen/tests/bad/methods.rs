//! Mistakes in what an entry says of the method as a whole.

use insta::assert_snapshot;

use crate::{BOOKS, LOANS, found, replace};

#[test]
fn a_method_without_a_text() {
    let found = found(&[replace(BOOKS, "    doc: Sends books or maps.\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn a_methods_summary_needs_a_reason_beside_a_doc() {
    let found = found(&[replace(LOANS, "      summary: the document's text is that of another method\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn a_read_must_say_why_it_may_be_repeated() {
    let found = found(&[replace(BOOKS, "    because: a parcel that is on its way isn't sent again\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn a_call_sent_once_has_no_because() {
    let found = found(&[replace(BOOKS, "    effect: repeatable\n", "    effect: once\n")]);
    assert_snapshot!(found);
}

#[test]
fn an_undocumented_method_must_say_where_it_is_known_from() {
    let found = found(&[replace(LOANS, "    known_from: the PHP client\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn a_documented_method_is_known_from_its_document() {
    let found =
        found(&[replace(BOOKS, "    effect: repeatable\n", "    effect: repeatable\n    known_from: hearsay\n")]);
    assert_snapshot!(found);
}

#[test]
fn an_unknown_document() {
    let found = found(&[replace(LOANS, "document: loans", "document: loan")]);
    assert_snapshot!(found);
}

#[test]
fn the_usual_heading_says_nothing() {
    let found = found(&[replace(
        BOOKS,
        "    title: Send a Parcel\n",
        "    title: Send a Parcel\n    table: Form Parameters\n",
    )]);
    assert_snapshot!(found);
}

#[test]
fn a_known_method_has_no_table() {
    let found = found(&[replace(LOANS, "    key: none\n", "    key: none\n    table: Form Parameters\n")]);
    assert_snapshot!(found);
}

#[test]
fn the_outcome_needs_a_reason_unless_it_is_typed() {
    let found = found(&[replace(LOANS, "      outcome: the sample shows a refusal\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn a_typed_outcome_has_no_reason() {
    let found = found(&[replace(
        BOOKS,
        "    why: { aliases: people say post }",
        "    why: { aliases: people say post, outcome: none }",
    )]);
    assert_snapshot!(found);
}

#[test]
fn the_samples_key_differs() {
    let found = found(&[replace(LOANS, "      key: the sample shows a real card\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn the_samples_method_differs() {
    let found = found(&[replace(LOANS, "      method: the sample's name has a blank\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn the_samples_count_differs() {
    let found = found(&[replace(LOANS, "      count: the sample repeats the reader\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn reasons_without_differences() {
    let found = found(&[replace(
        BOOKS,
        "    why: { aliases: people say post }",
        "    why: { aliases: people say post, count: no, kye: no }",
    )]);
    assert_snapshot!(found);
}

#[test]
fn the_answers_documented_type_differs() {
    let found = found(&[replace(BOOKS, "documented: integer, type: BookId }", "documented: string, type: BookId }")]);
    assert_snapshot!(found);
}

#[test]
fn the_answers_sample_has_another_type() {
    let found = found(&[replace(BOOKS, ", why: { sample_type: the sample has no type there } }", " }")]);
    assert_snapshot!(found);
}

#[test]
fn the_answers_summary_needs_a_reason() {
    let found = found(&[replace(LOANS, ", why: { summary: shorter } }", " }")]);
    assert_snapshot!(found);
}

//! Mistakes in what an entry says of the method as a whole.

use insta::assert_snapshot;

use crate::{BOOKS, LOANS, found, replace};

#[test]
fn a_method_without_a_text() {
    let found = found(&[replace(BOOKS, "    doc: Sends books or maps.\n", "")]);
    assert_snapshot!(found, @"catalog/services/books.yaml:90:5: books.sendParcel: without a `doc`, the method needs a `summary`");
}

#[test]
fn a_methods_summary_needs_a_reason_beside_a_doc() {
    let found = found(&[replace(LOANS, "      summary: the document's text is that of another method\n", "")]);
    assert_snapshot!(found, @"catalog/services/loans.yaml:23:5: loans.printLoans: `summary` replaces the document's text; add `why: { summary: … }`");
}

#[test]
fn a_read_must_say_why_it_may_be_repeated() {
    let found = found(&[replace(BOOKS, "    because: a parcel that is on its way isn't sent again\n", "")]);
    assert_snapshot!(found, @"catalog/services/books.yaml:93:13: books.sendParcel: `because` must say why repeating the call does no harm");
}

#[test]
fn a_call_sent_once_has_no_because() {
    let found = found(&[replace(BOOKS, "    effect: repeatable\n", "    effect: once\n")]);
    assert_snapshot!(found, @"catalog/services/books.yaml:94:5: books.sendParcel: `because` is for calls that may be repeated, and the effect is `once`");
}

#[test]
fn an_undocumented_method_must_say_where_it_is_known_from() {
    let found = found(&[replace(LOANS, "    known_from: the PHP client\n", "")]);
    assert_snapshot!(found, @"catalog/services/loans.yaml:45:5: loans.isLent: `known_from` must say where the call is known from");
}

#[test]
fn a_documented_method_is_known_from_its_document() {
    let found = found(&[replace(BOOKS, "    effect: repeatable\n", "    effect: repeatable\n    known_from: hearsay\n")]);
    assert_snapshot!(found, @"catalog/services/books.yaml:94:5: books.sendParcel: `known_from` is for methods that are not documented with a sample");
}

#[test]
fn an_unknown_document() {
    let found = found(&[replace(LOANS, "document: loans", "document: loan")]);
    assert_snapshot!(found, @r#"catalog/services/loans.yaml:7:15: loans.loanBook: unknown document "loan"; did you mean "loans"?"#);
}

#[test]
fn the_usual_heading_says_nothing() {
    let found = found(&[replace(BOOKS, "    title: Send a Parcel\n", "    title: Send a Parcel\n    table: Form Parameters\n")]);
    assert_snapshot!(found, @"catalog/services/books.yaml:92:12: books.sendParcel: `table: Form Parameters` says what holds anyway");
}

#[test]
fn a_known_method_has_no_table() {
    let found = found(&[replace(LOANS, "    key: none\n", "    key: none\n    table: Form Parameters\n")]);
    assert_snapshot!(found, @"catalog/services/loans.yaml:49:12: loans.isLent: there is no table where the source is `known`");
}

#[test]
fn the_outcome_needs_a_reason_unless_it_is_typed() {
    let found = found(&[replace(LOANS, "      outcome: the sample shows a refusal\n", "")]);
    assert_snapshot!(found, @"catalog/services/loans.yaml:6:5: loans.loanBook: the documented response is a fault; add `why: { outcome: … }`");
}

#[test]
fn a_typed_outcome_has_no_reason() {
    let found = found(&[replace(BOOKS, "    why: { aliases: people say post }", "    why: { aliases: people say post, outcome: none }")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:125:38: books.sendParcel: no difference of kind "outcome" here"#);
}

#[test]
fn the_samples_key_differs() {
    let found = found(&[replace(LOANS, "      key: the sample shows a real card\n", "")]);
    assert_snapshot!(found, @r#"catalog/services/loans.yaml:6:5: loans.loanBook: the sample's first parameter is "C-1234", not "card"; add `why: { key: … }`"#);
}

#[test]
fn the_samples_method_differs() {
    let found = found(&[replace(LOANS, "      method: the sample's name has a blank\n", "")]);
    assert_snapshot!(found, @r#"catalog/services/loans.yaml:23:5: loans.printLoans: the sample calls "LoanService. printLoans"; add `why: { method: … }`"#);
}

#[test]
fn the_samples_count_differs() {
    let found = found(&[replace(LOANS, "      count: the sample repeats the reader\n", "")]);
    assert_snapshot!(found, @"catalog/services/loans.yaml:23:5: loans.printLoans: the sample has 2 parameters without the key, ours 1; add `why: { count: … }`");
}

#[test]
fn reasons_without_differences() {
    let found = found(&[replace(BOOKS, "    why: { aliases: people say post }", "    why: { aliases: people say post, count: no, kye: no }")]);
    assert_snapshot!(found, @r#"
    catalog/services/books.yaml:125:38: books.sendParcel: no difference of kind "count" here
    catalog/services/books.yaml:125:49: books.sendParcel: no difference of kind "kye" here
    "#);
}

#[test]
fn the_answers_documented_type_differs() {
    let found = found(&[replace(BOOKS, "documented: integer, type: BookId }", "documented: string, type: BookId }")]);
    assert_snapshot!(found, @"catalog/services/books.yaml:37:14: books.addBook: the answer: the documented type is string, ours int; add `why: { documented: … }`");
}

#[test]
fn the_answers_sample_has_another_type() {
    let found = found(&[replace(BOOKS, ", why: { sample_type: the sample has no type there } }", " }")]);
    assert_snapshot!(found, @"catalog/services/books.yaml:120:14: books.sendParcel: the answer: the sample's type is string, ours boolean; add `why: { sample_type: … }`");
}

#[test]
fn the_answers_summary_needs_a_reason() {
    let found = found(&[replace(LOANS, ", why: { summary: shorter } }", " }")]);
    assert_snapshot!(found, @"catalog/services/loans.yaml:36:14: loans.printLoans: the answer: `summary` replaces the document's text; add `why: { summary: … }`");
}

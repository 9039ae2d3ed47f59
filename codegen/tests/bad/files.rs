//! Missing, needless and contradictory sample files.

use insta::assert_snapshot;

use crate::{BOOKS, LOANS, TYPES, found, remove, replace, write};

#[test]
fn a_sample_request_is_missing() {
    let found = found(&[remove("samples/BookService.findBooks.request.xml")]);
    assert_snapshot!(found);
}

#[test]
fn a_sample_response_is_missing() {
    let found = found(&[remove("samples/LoanService.printLoans.response.repaired.xml")]);
    assert_snapshot!(found);
}

#[test]
fn a_sample_that_no_method_has() {
    let found = found(&[write("samples/BookService.burnBook.request.xml", "<x/>")]);
    assert_snapshot!(found);
}

#[test]
fn a_sample_that_its_method_has_no_use_for() {
    let found = found(&[write("samples/BookService.isLent.request.xml", "<x/>")]);
    assert_snapshot!(found);
}

#[test]
fn a_sample_request_is_unreadable() {
    let found = found(&[write("samples/BookService.findBooks.request.xml", "<methodCall><methodName>x</methodName>")]);
    assert_snapshot!(found);
}

#[test]
fn an_outcome_that_is_typed_after_all() {
    let found = found(&[write(
        "samples/LoanService.loanBook.response.xml",
        "<methodResponse><params><param><value><boolean>1</boolean></value></param></params></methodResponse>",
    )]);
    assert_snapshot!(found);
}

#[test]
fn an_outcome_that_is_a_fault() {
    let found = found(&[write(
        "samples/BookService.sendParcel.response.xml",
        "<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>1</int></value></member></struct></value></fault></methodResponse>",
    )]);
    assert_snapshot!(found);
}

#[test]
fn a_fault_without_a_code_is_unreadable() {
    let found = found(&[write(
        "samples/LoanService.loanBook.response.xml",
        "<methodResponse><fault><value><struct></struct></value></fault></methodResponse>",
    )]);
    assert_snapshot!(found);
}

#[test]
fn a_text_where_a_number_is_declared_is_unreadable() {
    let found = found(&[write(
        "samples/BookService.addBook.response.xml",
        "<methodResponse><params><param><value><i4>=0.0</i4></value></param></params></methodResponse>",
    )]);
    assert_snapshot!(found);
}

#[test]
fn stray_text_is_unreadable() {
    let found = found(&[
        write(
            "samples/BookService.findBooks.response.xml",
            "<methodResponse><params><param><value><array>…<data></data></array></value></param></params></methodResponse>",
        ),
        replace(TYPES, ", why: { unsampled: the supplement names it }", ""),
        replace(TYPES, "        why: { sample_type: the sample has no type there }\n", ""),
    ]);
    assert_snapshot!(found);
}

#[test]
fn xml_that_is_not_well_formed_is_unreadable() {
    let found = found(&[write("samples/BookService.addBook.response.xml", "<methodResponse><params>")]);
    assert_snapshot!(found);
}

#[test]
fn an_unreadable_outcome_that_is_readable() {
    let found = found(&[write(
        "samples/LoanService.printLoans.response.xml",
        "<methodResponse><params><param><value>page</value></param></params></methodResponse>",
    )]);
    assert_snapshot!(found);
}

#[test]
fn a_repaired_response_must_be_readable() {
    let found = found(&[write(
        "samples/LoanService.printLoans.response.repaired.xml",
        "<methodResponse><params><param><value><b>page</b></value></param></params></methodResponse>",
    )]);
    assert_snapshot!(found);
}

#[test]
fn a_supplied_response_must_be_readable() {
    let found = found(&[write(
        "samples/BookService.isLent.response.supplied.xml",
        "<methodResponse><params><param><value><string>perhaps</string></value></param></params></methodResponse>",
    )]);
    assert_snapshot!(found);
}

#[test]
fn an_outcome_that_is_no_fault_gets_no_second_advice() {
    let found = found(&[replace(
        BOOKS,
        "    returns: { type: array<Book> }\n    outcome: typed\n",
        "    returns: { type: array<Book> }\n    outcome: fault\n",
    )]);
    assert_snapshot!(found);
}

#[test]
fn samples_of_a_service_that_was_renamed_are_reported_once() {
    let found = found(&[replace(LOANS, "service: LoanService\n", "service: LoanServise\n")]);
    assert_snapshot!(found);
}

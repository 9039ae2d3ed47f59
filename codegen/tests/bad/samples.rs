//! Differences between sample requests and parameters.

use insta::assert_snapshot;

use crate::{BOOKS, LOANS, found, replace};

#[test]
fn another_placeholder_must_be_written_down() {
    let found = found(&[replace(BOOKS, "        sample: readerId\n        why: { sample: the sample calls the owner a reader }\n", "")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:16:9: books.addBook: parameter "ownerID": the sample's placeholder is "readerId"; add `sample: readerId` and `why: { sample: … }`, or `sample: { value: … }` if it is a real value"#);
}

#[test]
fn another_placeholder_needs_a_reason() {
    let found = found(&[replace(BOOKS, "        why: { sample: the sample calls the owner a reader }\n", "")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:16:9: books.addBook: parameter "ownerID": the sample's placeholder is "readerId"; add `why: { sample: … }`"#);
}

#[test]
fn another_placeholder_must_be_exact() {
    let found = found(&[replace(BOOKS, "sample: readerId", "sample: readerID")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:21:17: books.addBook: parameter "ownerID": the sample's placeholder is "readerId", not "readerID"; did you mean "readerId"?"#);
}

#[test]
fn a_placeholder_that_is_the_name() {
    let found = found(&[replace(BOOKS, "doc: How many, type: int,", "doc: How many, sample: limit, type: int,")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:69:79: books.findBooks: parameter "limit": the sample's placeholder is the name, so `sample` says what holds anyway"#);
}

#[test]
fn a_placeholder_of_a_list() {
    let found = found(&[replace(BOOKS, "        sample: returnField\n        why: { sample: the sample's word for them }\n", "")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:70:9: books.findBooks: parameter "fields": the sample's placeholder is "returnField"; add `sample: returnField` and `why: { sample: … }`, or `sample: { value: … }` if it is a real value"#);
}

#[test]
fn a_placeholder_of_a_struct() {
    let found = found(&[replace(BOOKS, "placeholder: { field: text }", "placeholder: { field: txt }")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:67:32: books.findBooks: parameter "match": the sample's placeholder is {"field":"text"}"#);
}

#[test]
fn a_placeholder_of_a_struct_must_be_written_down() {
    let found = found(&[replace(BOOKS, "        sample: { placeholder: { field: text } }\n        why: { sample: a struct has no name }\n", "")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:63:9: books.findBooks: parameter "match": the sample's placeholder is {"field":"text"}; add `sample: { placeholder: {"field":"text"} }` and `why: { sample: … }`, or `sample: { value: … }` if it is a real value"#);
}

#[test]
fn another_parameters_name_is_a_difference_of_order() {
    let found = found(&[replace(BOOKS, "        sample: maps\n        why: { order: the sample has them the wrong way round }\n", "        sample: maps\n        why: { sample: the sample has them the wrong way round }\n")]);
    assert_snapshot!(found, @r#"
    catalog/services/books.yaml:107:9: books.sendParcel: parameter "books": the sample's placeholder is "maps"; add `why: { order: … }`
    catalog/services/books.yaml:112:16: books.sendParcel: parameter "books": no difference of kind "sample" here
    "#);
}

#[test]
fn a_real_value_must_be_the_samples() {
    let found = found(&[replace(BOOKS, "Weight: 1.5", "Weight: 1.6")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:98:26: books.sendParcel: parameter "parcel": the sample's value is {"Note":"fragile","Sender":12,"Weight":1.5}"#);
}

#[test]
fn a_real_value_must_be_of_the_type() {
    let found = found(&[replace(BOOKS, "sample: { value: 2 }", "sample: { value: 9 }")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:28:26: books.addBook: parameter "type": `sample`: 9 is not one of 1, 2, 3"#);
}

#[test]
fn the_samples_type_differs() {
    let found = found(&[replace(LOANS, "why: { type: the server wants a text, sample_type: the server wants a text }", "why: { type: the server wants a text }")]);
    assert_snapshot!(found, @r#"catalog/services/loans.yaml:30:9: loans.printLoans: parameter "readerID": the sample's type is int, ours string; add `why: { sample_type: … }`"#);
}

#[test]
fn a_reason_for_a_sample_that_agrees() {
    let found = found(&[replace(BOOKS, "doc: How many, type: int,", "doc: How many, why: { sample: no, sample_type: no }, type: int,")]);
    assert_snapshot!(found, @r#"
    catalog/services/books.yaml:69:78: books.findBooks: parameter "limit": no difference of kind "sample" here
    catalog/services/books.yaml:69:90: books.findBooks: parameter "limit": no difference of kind "sample_type" here
    "#);
}

#[test]
fn a_sample_where_there_is_no_request() {
    let found = found(&[replace(BOOKS, "doc: The shelf, type: int }", "doc: The shelf, type: int, sample: shelves }")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:50:83: books.addBookTo: parameter "shelf": `sample`, but the method has no sample request"#);
}

#[test]
fn a_sample_past_the_requests_end() {
    let found = found(&[
        replace("samples/BookService.addBook.request.xml", "    <param><value><array><data><value><string>languages1</string></value><value><string>languages2</string></value></data></array></value></param>\n", ""),
        replace(BOOKS, "type: array<Language>?", "sample: words\n        type: array<Language>?"),
    ]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:34:9: books.addBook: parameter "languages": `sample`, but the sample request ends before it"#);
}

//! Mistakes in `types.yaml`, and in the types of parameters and answers.

use insta::assert_snapshot;

use crate::{BOOKS, LOANS, TYPES, found, replace, write};

#[test]
fn an_unknown_type_is_named_with_the_nearest() {
    let found = found(&[replace(BOOKS, "type: ReaderId?", "type: ReaderID?")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:19:15: books.addBook: parameter "ownerID": unknown type "ReaderID"; did you mean "ReaderId"?"#);
}

#[test]
fn a_type_that_cannot_be_read() {
    let found = found(&[replace(BOOKS, "type: array<Book>", "type: array<Book")]);
    assert_snapshot!(found, @"catalog/services/books.yaml:85:22: books.findBooks: the answer: `array` needs `>` here: `array<…>`");
}

#[test]
fn a_question_mark_inside_of_a_type() {
    let found = found(&[replace(BOOKS, "type: array<Book>", "type: array<Book?>")]);
    assert_snapshot!(found, @"catalog/services/books.yaml:85:22: books.findBooks: the answer: `?` can only stand at the end of a type");
}

#[test]
fn a_struct_as_a_maps_key() {
    let found = found(&[replace(BOOKS, "{ type: array<Book> }", r#"{ type: "map<Book, int>" }"#)]);
    assert_snapshot!(found, @r#"
    catalog/services/books.yaml:85:14: books.findBooks: the answer: the sample's type is array<struct>, ours struct; add `why: { sample_type: … }`
    catalog/services/books.yaml:85:22: books.findBooks: the answer: the keys of a map are int, string, an id or an enum
    catalog/services/books.yaml:86:14: books.findBooks: `outcome` is not `typed` (a mapping is expected); it is `unreadable`
    catalog/types.yaml:30:16: Book.Pages: no difference of kind "sample_type" here
    catalog/types.yaml:32:68: Book.Shelf: no difference of kind "unsampled" here
    "#);
}

#[test]
fn types_that_nothing_uses() {
    let found = found(&[replace(TYPES, "enums:\n", "  ShelfId: { doc: A shelf. }\nenums:\n")]);
    assert_snapshot!(found, @"catalog/types.yaml:4:3: ShelfId: no method uses it");
}

#[test]
fn a_name_is_here_twice() {
    let found = found(&[replace(TYPES, "enums:\n", "  Order: { doc: Some. }\nenums:\n")]);
    assert_snapshot!(found, @r#"
    catalog/services/books.yaml:84:30: books.findBooks: group "order": its type must be a struct
    catalog/types.yaml:34:3: the name "Order" is taken
    "#);
}

#[test]
fn an_enums_value_is_here_twice() {
    let found = found(&[replace(TYPES, "value: de, name", "value: en, name")]);
    assert_snapshot!(found, @r#"
    catalog/types.yaml:20:9: Language: "en": the documented row "\"de\" for German" doesn't hold this value; add `why: { documented: … }`
    catalog/types.yaml:20:18: Language: "en" is here twice
    "#);
}

#[test]
fn an_enums_name_is_here_twice() {
    let found = found(&[replace(TYPES, "value: de, name: German", "value: de, name: English")]);
    assert_snapshot!(found, @r#"catalog/types.yaml:20:9: Language: "de": another value has this name in Rust"#);
}

#[test]
fn an_enums_value_travels_otherwise() {
    let found = found(&[replace(TYPES, "value: de, name", "value: 4, name")]);
    assert_snapshot!(found, @r#"
    catalog/types.yaml:20:9: Language: 4: the documented row "\"de\" for German" doesn't hold this value; add `why: { documented: … }`
    catalog/types.yaml:20:18: Language: 4: the value doesn't travel as this enum does
    "#);
}

#[test]
fn a_number_needs_a_name() {
    let found = found(&[replace(TYPES, "value: 2, name: Atlas,", "value: 2,")]);
    assert_snapshot!(found, @"catalog/types.yaml:10:9: BookKind: 2: a number needs a `name`");
}

#[test]
fn a_value_needs_exactly_one_documented_row() {
    let found = found(&[replace(TYPES, "        why: { documented: both rows name the same kind }\n", "")]);
    assert_snapshot!(found, @"catalog/types.yaml:11:9: BookKind: 3: 2 documented rows have this value; add `why: { documented: … }`");
}

#[test]
fn a_documented_row_must_hold_the_value() {
    let found = found(&[replace(TYPES, "[2 = Atlas]", "[12 = Atlas]")]);
    assert_snapshot!(found, @r#"catalog/types.yaml:10:9: BookKind: 2: the documented row "12 = Atlas" doesn't hold this value; add `why: { documented: … }`"#);
}

#[test]
fn a_reason_for_a_documented_row_that_agrees() {
    let found = found(&[replace(TYPES, "documented: [2 = Atlas]", "documented: [2 = Atlas], why: { documented: no }")]);
    assert_snapshot!(found, @r#"catalog/types.yaml:10:66: BookKind: 2: no difference of kind "documented" here"#);
}

#[test]
fn a_member_is_here_twice() {
    let found = found(&[replace(TYPES, "name: Title, doc", "name: Id, doc")]);
    assert_snapshot!(found, @r#"
    catalog/types.yaml:23:5: Book: the sample of books.findBooks shows a member "Title" that it lacks
    catalog/types.yaml:26:9: Book.Id: its type in the sample of books.findBooks is int, ours string; add `why: { sample_type: … }`
    catalog/types.yaml:26:17: Book.Id is here twice
    "#);
}

#[test]
fn always_on_an_arguments_member() {
    let found = found(&[replace(TYPES, "doc: How heavy it is., type: double", "doc: How heavy it is., type: double, always: so it is")]);
    assert_snapshot!(found, @"catalog/types.yaml:42:62: Parcel.Weight: `always` is for members of answers");
}

#[test]
fn a_question_mark_on_an_answers_member() {
    let found = found(&[replace(TYPES, "doc: Its title., type: string", "doc: Its title., type: string?")]);
    assert_snapshot!(found, @"catalog/types.yaml:26:47: Book.Title: every member of an answer is optional unless `always` is given; leave out the `?`");
}

#[test]
fn a_struct_as_argument_and_answer() {
    let found = found(&[
        replace(BOOKS, "type: bool, why: { sample_type: the sample has no type there } }", "type: Parcel }"),
        write("samples/BookService.sendParcel.response.xml", "<methodResponse><params><param><value><struct><member><name>Note</name><value>fragile</value></member></struct></value></param></params></methodResponse>"),
    ]);
    assert_snapshot!(found, @"catalog/types.yaml:39:5: Parcel: a struct is an argument or an answer, not both");
}

#[test]
fn a_members_documented_type_differs() {
    let found = found(&[replace(TYPES, "documented: integer, type: BookId", "documented: string, type: BookId")]);
    assert_snapshot!(found, @"catalog/types.yaml:25:9: Book.Id: the documented type is string, ours int; add `why: { documented: … }`");
}

#[test]
fn a_members_documented_type_is_unknown() {
    let found = found(&[replace(TYPES, "documented: integer, type: BookId", "documented: integr, type: BookId")]);
    assert_snapshot!(found, @r#"catalog/types.yaml:25:58: Book.Id: unknown documented type "integr"; did you mean "integer"?"#);
}

#[test]
fn a_members_sample_has_another_type() {
    let found = found(&[replace(TYPES, "        why: { sample_type: the sample has no type there }\n", "")]);
    assert_snapshot!(found, @"catalog/types.yaml:27:9: Book.Pages: its type in the sample of books.findBooks is string, ours int; add `why: { sample_type: … }`");
}

#[test]
fn a_reason_for_a_members_sample_that_agrees() {
    let found = found(&[replace(TYPES, "doc: Its title., type: string", "doc: Its title., type: string, why: { sample_type: no }")]);
    assert_snapshot!(found, @r#"catalog/types.yaml:26:62: Book.Title: no difference of kind "sample_type" here"#);
}

#[test]
fn a_member_that_no_sample_shows() {
    let found = found(&[replace(TYPES, ", why: { unsampled: the supplement names it }", "")]);
    assert_snapshot!(found, @"catalog/types.yaml:32:9: Book.Shelf: none of the samples that show the struct has it; add `why: { unsampled: … }`");
}

#[test]
fn a_member_that_only_the_sample_shows() {
    let found = found(&[replace(TYPES, "      - { name: Bought, doc: When it was bought., type: dateTime }\n", "")]);
    assert_snapshot!(found, @r#"catalog/types.yaml:23:5: Book: the sample of books.findBooks shows a member "Bought" that it lacks"#);
}

#[test]
fn a_wire_type_that_holds_anyway() {
    let found = found(&[replace(LOANS, "type: ReaderId\n        wire: string", "type: ReaderId\n        wire: int")]);
    assert_snapshot!(found, @r#"
    catalog/services/loans.yaml:34:15: loans.printLoans: parameter "readerID": `wire: int` says what holds anyway
    catalog/services/loans.yaml:35:16: loans.printLoans: parameter "readerID": no difference of kind "type" here
    catalog/services/loans.yaml:35:47: loans.printLoans: parameter "readerID": no difference of kind "sample_type" here
    "#);
}

#[test]
fn a_wire_type_that_is_impossible() {
    let found = found(&[replace(LOANS, "type: ReaderId\n        wire: string", "type: ReaderId\n        wire: double")]);
    assert_snapshot!(found, @r#"catalog/services/loans.yaml:34:15: loans.printLoans: parameter "readerID": this type can't travel as double"#);
}

#[test]
fn a_wire_type_that_is_unknown() {
    let found = found(&[replace(LOANS, "type: ReaderId\n        wire: string", "type: ReaderId\n        wire: text")]);
    assert_snapshot!(found, @r#"catalog/services/loans.yaml:34:15: loans.printLoans: parameter "readerID": unknown wire type `text`; there are int, double, boolean, string, dateTime, base64, array, array<…>, struct, any"#);
}

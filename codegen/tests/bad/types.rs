//! Mistakes in `types.yaml`, and in the types of parameters and answers.

use std::path::Path;

use insta::assert_snapshot;

use crate::{API, BOOKS, LOANS, TYPES, changed, found, replace, write};

#[test]
fn an_unknown_type_is_named_with_the_nearest() {
    let found = found(&[replace(BOOKS, "type: ReaderId?", "type: ReaderID?")]);
    assert_snapshot!(found);
}

#[test]
fn a_type_that_cannot_be_read() {
    let found = found(&[replace(BOOKS, "type: array<Book>", "type: array<Book")]);
    assert_snapshot!(found);
}

#[test]
fn a_type_that_cannot_be_read_has_no_wrong_limits() {
    let found = found(&[replace(
        BOOKS,
        "        type: string\n        limits: { not_empty: true }\n",
        "        type: array<string\n        limits: { not_empty: true }\n",
    )]);
    assert_snapshot!(found);
}

#[test]
fn a_question_mark_inside_of_a_type() {
    let found = found(&[replace(BOOKS, "type: array<Book>", "type: array<Book?>")]);
    assert_snapshot!(found);
}

#[test]
fn a_struct_as_a_maps_key() {
    let found = found(&[replace(BOOKS, "{ type: array<Book> }", r#"{ type: "map<Book, int>" }"#)]);
    assert_snapshot!(found);
}

#[test]
fn types_that_nothing_uses() {
    let found = found(&[replace(TYPES, "enums:\n", "  ShelfId: { doc: A shelf. }\nenums:\n")]);
    assert_snapshot!(found);
}

#[test]
fn a_name_is_here_twice() {
    let found = found(&[replace(TYPES, "enums:\n", "  Order: { doc: Some. }\nenums:\n")]);
    assert_snapshot!(found);
}

#[test]
fn an_enums_value_is_here_twice() {
    let found = found(&[replace(TYPES, "value: de, name", "value: en, name")]);
    assert_snapshot!(found);
}

#[test]
fn an_enums_name_is_here_twice() {
    let found = found(&[replace(TYPES, "value: de, name: German", "value: de, name: English")]);
    assert_snapshot!(found);
}

#[test]
fn an_enums_value_travels_otherwise() {
    let found = found(&[replace(TYPES, "value: de, name", "value: 4, name")]);
    assert_snapshot!(found);
}

#[test]
fn a_number_needs_a_name() {
    let found = found(&[replace(TYPES, "value: 2, name: Atlas,", "value: 2,")]);
    assert_snapshot!(found);
}

#[test]
fn a_value_needs_exactly_one_documented_row() {
    let found = found(&[replace(TYPES, "        why: { documented: both rows name the same kind }\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn a_documented_row_must_hold_the_value() {
    let found = found(&[replace(TYPES, "[2 = Atlas]", "[12 = Atlas]")]);
    assert_snapshot!(found);
}

#[test]
fn a_reason_for_a_documented_row_that_agrees() {
    let found = found(&[replace(TYPES, "documented: [2 = Atlas]", "documented: [2 = Atlas], why: { documented: no }")]);
    assert_snapshot!(found);
}

#[test]
fn a_member_is_here_twice() {
    let found = found(&[replace(TYPES, "name: Title, doc", "name: Id, doc")]);
    assert_snapshot!(found);
}

#[test]
fn always_on_an_arguments_member() {
    let found = found(&[replace(
        TYPES,
        "doc: How heavy it is., type: double",
        "doc: How heavy it is., type: double, always: so it is",
    )]);
    assert_snapshot!(found);
}

#[test]
fn a_question_mark_on_an_answers_member() {
    let found = found(&[replace(TYPES, "doc: Its title., type: string", "doc: Its title., type: string?")]);
    assert_snapshot!(found);
}

#[test]
fn a_struct_as_argument_and_answer() {
    let found = found(&[
        replace(BOOKS, "type: bool, why: { sample_type: the sample has no type there } }", "type: Parcel }"),
        write(
            "samples/BookService.sendParcel.response.xml",
            "<methodResponse><params><param><value><struct><member><name>Note</name><value>fragile</value></member></struct></value></param></params></methodResponse>",
        ),
    ]);
    assert_snapshot!(found);
}

#[test]
fn a_members_documented_type_differs() {
    let found = found(&[replace(TYPES, "documented: integer, type: BookId", "documented: string, type: BookId")]);
    assert_snapshot!(found);
}

#[test]
fn a_members_documented_type_is_unknown() {
    let found = found(&[replace(TYPES, "documented: integer, type: BookId", "documented: integr, type: BookId")]);
    assert_snapshot!(found);
}

#[test]
fn a_members_sample_has_another_type() {
    let found = found(&[replace(TYPES, "        why: { sample_type: the sample has no type there }\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn a_reason_for_a_members_sample_that_agrees() {
    let found = found(&[replace(
        TYPES,
        "doc: Its title., type: string",
        "doc: Its title., type: string, why: { sample_type: no }",
    )]);
    assert_snapshot!(found);
}

#[test]
fn a_member_that_no_sample_shows() {
    let found = found(&[replace(TYPES, ", why: { unsampled: the supplement names it }", "")]);
    assert_snapshot!(found);
}

#[test]
fn a_member_that_only_the_sample_shows() {
    let found = found(&[replace(TYPES, "      - { name: Bought, doc: When it was bought., type: dateTime }\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn a_wire_type_that_holds_anyway() {
    let found = found(&[replace(LOANS, "type: ReaderId\n        wire: string", "type: ReaderId\n        wire: int")]);
    assert_snapshot!(found);
}

#[test]
fn a_wire_type_that_is_impossible() {
    let found =
        found(&[replace(LOANS, "type: ReaderId\n        wire: string", "type: ReaderId\n        wire: double")]);
    assert_snapshot!(found);
}

#[test]
fn a_wire_type_that_is_unknown() {
    let found = found(&[replace(LOANS, "type: ReaderId\n        wire: string", "type: ReaderId\n        wire: text")]);
    assert_snapshot!(found);
}

#[test]
fn a_struct_that_holds_itself() {
    let found = found(&[
        replace(
            TYPES,
            "      - { name: Title, doc: Its title., type: string }\n",
            "      - { name: Title, doc: Its title., type: Series }\n",
        ),
        replace(
            TYPES,
            "  Order:\n",
            "  Series:\n    doc: A series.\n    members:\n      - { name: First, doc: Its first., type: Book }\n      - { name: Next, doc: The next., type: Series }\n  Order:\n",
        ),
    ]);
    let endless: Vec<&str> = found.lines().filter(|line| line.contains("itself")).collect();
    assert_snapshot!(endless.join("\n"));
}

#[test]
fn a_struct_can_hold_a_list_of_itself() {
    let catalog = changed(&[replace(
        TYPES,
        "      - { name: Bought,",
        "      - { name: Sequels, doc: What follows., type: array<Book>, why: { unsampled: the supplement names it } }\n      - { name: Bought,",
    )]);
    let files = codegen::generate(&catalog.folder).unwrap();
    assert!(files[Path::new("generated/structs.rs")].contains("pub sequels: Option<Vec<Book>>"));
}

#[test]
fn a_type_that_is_nested_too_deep() {
    let nested = |count: usize| String::leak(format!("type: {}Book{}", "array<".repeat(count), ">".repeat(count)));
    let deepest = found(&[replace(BOOKS, "type: array<Book>", nested(16))]);
    assert!(!deepest.contains("deep"), "{deepest}");
    let found = found(&[
        replace(BOOKS, "type: array<Book>", nested(200_000)),
        replace(API, "  array: array\n", String::leak(format!("  array: {}\n", "array<".repeat(200_000)))),
    ]);
    let deep: Vec<&str> = found.lines().filter(|line| line.contains("deep")).collect();
    assert_snapshot!(deep.join("\n"));
}

//! Files whose structure is wrong.

use insta::assert_snapshot;

use crate::{API, BOOKS, FAULTS, LOANS, TYPES, found, remove, replace, write};

#[test]
fn unknown_keys_are_named_with_the_nearest_known_one() {
    let found = found(&[replace(BOOKS, "    params:\n      - name: title\n", "    parms:\n      - name: title\n")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:10:5: books.addBook: unknown key "parms"; did you mean "params"?"#);
}

#[test]
fn unknown_keys_deep_inside_of_an_entry_are_found() {
    let found = found(&[replace(BOOKS, "limits: { min: 1, max: 100 }", "limits: { mni: 1, max: 100 }")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:69:92: books.findBooks: parameter "limit": unknown key "mni"; did you mean "min"?"#);
}

#[test]
fn missing_keys_are_reported_where_the_entry_starts() {
    let found = found(&[replace(BOOKS, "    effect: repeatable\n", "")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:90:5: books.sendParcel: the key "effect" is missing"#);
}

#[test]
fn wrong_types_are_said_in_words() {
    let found = found(&[replace(BOOKS, "    title: Find Books\n", "    title: [Find Books]\n")]);
    assert_snapshot!(found, @"catalog/services/books.yaml:58:12: books.findBooks: expected a text, found a list");
}

#[test]
fn numbers_where_a_text_is_expected_get_a_hint() {
    let found = found(&[replace(BOOKS, "    title: Find Books\n", "    title: 22\n")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:58:12: books.findBooks: expected a text, found the number 22; put it in quotes: "22""#);
}

#[test]
fn words_outside_of_a_list_are_answered_with_the_list() {
    let found = found(&[replace(BOOKS, "effect: repeatable", "effect: repeatible")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:93:13: books.sendParcel: expected one of "once", "read", "repeatable", found the text "repeatible"; did you mean "repeatable"?"#);
}

#[test]
fn a_sample_that_is_neither_text_nor_value_nor_placeholder() {
    let found = found(&[replace(BOOKS, "sample: { value: 2 }", "sample: { valu: 2 }")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:28:17: books.addBook: parameter "type": expected a placeholder's text, `{ value: … }` or `{ placeholder: … }`, found a mapping"#);
}

#[test]
fn an_unquoted_number_as_sample() {
    let found = found(&[replace(BOOKS, "sample: returnField", "sample: 22")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:74:17: books.findBooks: parameter "fields": expected a placeholder's text, `{ value: … }` or `{ placeholder: … }`, found the number 22"#);
}

#[test]
fn a_key_without_a_value() {
    let found = found(&[replace(BOOKS, "limits: { not_empty: true }", "limits:")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:15:16: books.addBook: parameter "title": expected a mapping, found nothing"#);
}

#[test]
fn numbers_outside_of_their_range() {
    let found = found(&[replace(BOOKS, "max: 100", "max: 3000000000")]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:69:105: books.findBooks: parameter "limit": 3000000000 is greater than the maximum of 2147483647"#);
}

#[test]
fn all_keys_that_stand_twice_are_found() {
    let found = found(&[
        replace(BOOKS, "title: Books\n", "title: Books\ntitle: Books again\n"),
        replace(BOOKS, "    returns: { type: array<Book> }", "    returns: { type: array<Book>, type: Book }"),
    ]);
    assert_snapshot!(found, @"
    catalog/services/books.yaml:4:1: this key is here twice
    catalog/services/books.yaml:86:35: this key is here twice
    ");
}

#[test]
fn empty_texts_say_nothing() {
    let found = found(&[replace(BOOKS, "why: { dropped: the server refuses it }", r#"why: { dropped: " " }"#)]);
    assert_snapshot!(found, @r#"catalog/services/books.yaml:80:25: books.findBooks: parameter "genre": an empty text says nothing"#);
}

#[test]
fn a_file_that_is_not_yaml_gives_its_first_error() {
    let found = found(&[replace(LOANS, "methods:\n", "methods: [\n")]);
    assert_snapshot!(found, @"catalog/services/loans.yaml:6:3: not readable as YAML: did not find expected node content, while parsing a flow node");
}

#[test]
fn an_empty_file_is_not_a_service() {
    let found = found(&[write(LOANS, "")]);
    assert_snapshot!(found, @"catalog/services/loans.yaml:1:1: expected a mapping, found nothing");
}

#[test]
fn a_list_where_a_file_has_a_mapping() {
    let found = found(&[write(FAULTS, "- 1\n")]);
    assert_snapshot!(found, @"catalog/faults.yaml:1:1: expected a mapping, found a list");
}

#[test]
fn a_broken_type_gives_no_errors_where_it_is_used() {
    let found = found(&[replace(TYPES, "  ReaderId: { doc: A reader. }", "  ReaderId: { dco: A reader. }")]);
    assert_snapshot!(found, @r#"
    catalog/types.yaml:3:13: ReaderId: the key "doc" is missing
    catalog/types.yaml:3:15: ReaderId: unknown key "dco"; did you mean "doc"?
    "#);
}

#[test]
fn a_wrong_fault_is_left_out_alone() {
    let found = found(&[
        replace(FAULTS, "code: 1,", "code: one,"),
        replace(FAULTS, "code: 7, token: Lent", "code: 1, token: Lent"),
    ]);
    assert_snapshot!(found, @r#"catalog/faults.yaml:2:13: NoCard: expected a whole number, found the text "one""#);
}

#[test]
fn a_missing_api_file_leaves_no_catalog() {
    let found = found(&[remove(API)]);
    assert_snapshot!(found, @"catalog/api.yaml:1:1: cannot be read: No such file or directory (os error 2)");
}

#[test]
fn other_files_among_the_services() {
    let found = found(&[write("services/notes.txt", "x")]);
    assert_snapshot!(found, @"catalog/services/notes.txt:1:1: only .yaml files belong here");
}

#[test]
fn infinite_numbers_are_refused() {
    let found = found(&[replace(BOOKS, "limit: 10,", "limit: .inf,")]);
    assert_snapshot!(found, @"catalog/services/books.yaml:88:49: not readable as YAML: methods[2].example.limit: a number must be finite");
}

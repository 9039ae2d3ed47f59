//! Files whose structure is wrong.

use insta::assert_snapshot;

use crate::{API, BOOK, BOOKS, FAULTS, LOAN, LOANS, TYPES, found, remove, replace, write};

#[test]
fn unknown_keys_are_named_with_the_nearest_known_one() {
    let found = found(&[replace(BOOKS, "    params:\n      - name: title\n", "    parms:\n      - name: title\n")]);
    assert_snapshot!(found);
}

#[test]
fn unknown_keys_deep_inside_of_an_entry_are_found() {
    let found = found(&[replace(BOOKS, "limits: { min: 1, max: 100 }", "limits: { mni: 1, max: 100 }")]);
    assert_snapshot!(found);
}

#[test]
fn missing_keys_are_reported_where_the_entry_starts() {
    let found = found(&[replace(BOOKS, "    effect: repeatable\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn a_misspelled_key_is_not_missing_too() {
    let found = found(&[
        replace(BOOKS, "    effect: repeatable\n", "    efect: repeatable\n"),
        replace(LOANS, "accessor: loans\n", "acessor: loans\n"),
    ]);
    assert_snapshot!(found);
}

#[test]
fn wrong_types_are_said_in_words() {
    let found = found(&[replace(BOOKS, "    title: Find Books\n", "    title: [Find Books]\n")]);
    assert_snapshot!(found);
}

#[test]
fn numbers_where_a_text_is_expected_get_a_hint() {
    let found = found(&[replace(BOOKS, "    title: Find Books\n", "    title: 22\n")]);
    assert_snapshot!(found);
}

#[test]
fn words_outside_of_a_list_are_answered_with_the_list() {
    let found = found(&[replace(BOOKS, "effect: repeatable", "effect: repeatible")]);
    assert_snapshot!(found);
}

#[test]
fn a_sample_that_is_neither_text_nor_value_nor_placeholder() {
    let found = found(&[replace(BOOKS, "sample: { value: 2 }", "sample: { valu: 2 }")]);
    assert_snapshot!(found);
}

#[test]
fn an_unquoted_number_as_sample() {
    let found = found(&[replace(BOOKS, "sample: returnField", "sample: 22")]);
    assert_snapshot!(found);
}

#[test]
fn a_key_without_a_value() {
    let found = found(&[replace(BOOKS, "limits: { not_empty: true }", "limits:")]);
    assert_snapshot!(found);
}

#[test]
fn numbers_outside_of_their_range() {
    let found = found(&[replace(BOOKS, "max: 100", "max: 3000000000")]);
    assert_snapshot!(found);
}

#[test]
fn all_keys_that_stand_twice_are_found() {
    let found = found(&[
        replace(BOOKS, "title: Books\n", "title: Books\ntitle: Books again\n"),
        replace(BOOKS, "    returns: { type: array<Book> }", "    returns: { type: array<Book>, type: Book }"),
    ]);
    assert_snapshot!(found);
}

#[test]
fn empty_texts_say_nothing() {
    let found = found(&[replace(BOOKS, "why: { dropped: the server refuses it }", r#"why: { dropped: " " }"#)]);
    assert_snapshot!(found);
}

#[test]
fn a_file_that_is_not_yaml_gives_its_first_error() {
    let found = found(&[replace(LOANS, "methods:\n", "methods: [\n")]);
    assert_snapshot!(found);
}

#[test]
fn an_empty_file_is_not_a_service() {
    let found = found(&[write(LOANS, "")]);
    assert_snapshot!(found);
}

#[test]
fn a_list_where_a_file_has_a_mapping() {
    let found = found(&[write(FAULTS, "- 1\n")]);
    assert_snapshot!(found);
}

#[test]
fn a_broken_type_gives_no_errors_where_it_is_used() {
    let found = found(&[replace(TYPES, "  ReaderId: { doc: A reader. }", "  ReaderId: { dco: A reader. }")]);
    assert_snapshot!(found);
}

#[test]
fn a_wrong_fault_is_left_out_alone() {
    let found = found(&[
        replace(FAULTS, "code: 1,", "code: one,"),
        replace(FAULTS, "code: 7, token: Lent", "code: 1, token: Lent"),
    ]);
    assert_snapshot!(found);
}

#[test]
fn a_missing_api_file_leaves_no_catalog() {
    let found = found(&[remove(API)]);
    assert_snapshot!(found);
}

#[test]
fn other_files_among_the_services() {
    let found = found(&[write("services/notes.txt", "x")]);
    assert_snapshot!(found);
}

#[test]
fn other_files_beside_the_catalogs() {
    let found = found(&[
        write("service/more.yaml", "service: MoreService\n"),
        write("fault.yaml", "faults: []\n"),
        write("tables.yaml", "table: Book\n"),
        write("wishes.txt", "x"),
        write("README.md", "x"),
        write("schema.json", "{}"),
        write(".hidden", "x"),
    ]);
    assert_snapshot!(found);
}

#[test]
fn a_misnamed_folder_is_the_only_mistake() {
    let found = found(&[remove(LOAN), remove(BOOK), write("table/Loan.yaml", "table: Loan\n")]);
    assert_snapshot!(found);
}

#[test]
fn infinite_numbers_are_refused() {
    let found = found(&[replace(BOOKS, "limit: 10,", "limit: .inf,")]);
    assert_snapshot!(found);
}

#[test]
fn missing_faults() {
    let found = found(&[remove(FAULTS)]);
    assert_snapshot!(found);
}

#[test]
fn defaults_that_are_spelled_out() {
    let found = found(&[
        replace(
            BOOKS,
            "    title: Find Books\n",
            "    title: Find Books\n    source: documented\n    document: main\n",
        ),
        replace(BOOKS, "doc: The shelf, type: int }", "doc: The shelf, type: int, sensitive: false, limits: {} }"),
        replace(BOOK, "order_key: Id\n", "order_key: Id\nwhy: {}\n"),
    ]);
    assert_snapshot!(found);
}

/// It says that there are none.
#[test]
fn a_list_that_is_empty_can_be_given() {
    let found = found(&[replace(LOANS, "    outcome: unreadable\n", "    outcome: unreadable\n    groups: []\n")]);
    assert_eq!(found, "");
}

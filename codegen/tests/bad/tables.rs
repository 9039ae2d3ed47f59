//! Mistakes in `tables/*.yaml`.

use insta::assert_snapshot;

use crate::{BOOK, LOAN, found, replace, write};

#[test]
fn an_unknown_type_word() {
    let found = found(&[replace(BOOK, "Bought, type: date,", "Bought, type: datetime,")]);
    assert_snapshot!(found);
}

#[test]
fn unknown_access_letters() {
    let found = found(&[replace(BOOK, "access: EAR", "access: EWR")]);
    assert_snapshot!(found);
}

#[test]
fn access_letters_in_another_order() {
    let found = found(&[replace(BOOK, "access: EAR", "access: RAE")]);
    assert_snapshot!(found);
}

#[test]
fn an_access_letter_is_here_twice() {
    let found = found(&[replace(BOOK, "access: EAR", "access: EAAR")]);
    assert_snapshot!(found);
}

#[test]
fn a_type_without_an_access() {
    let found = found(&[replace(BOOK, "type: date, access: EAR", "type: date")]);
    assert_snapshot!(found);
}

#[test]
fn a_field_is_here_twice() {
    let found = found(&[replace(BOOK, "name: Shelf", "name: Id")]);
    assert_snapshot!(found);
}

#[test]
fn a_field_is_here_twice_but_for_its_case() {
    let found = found(&[replace(BOOK, "name: Shelf", "name: ID")]);
    assert_snapshot!(found);
}

#[test]
fn fields_are_sorted() {
    let found = found(&[replace(BOOK, "name: Shelf", "name: Cover")]);
    assert_snapshot!(found);
}

#[test]
fn a_field_that_no_source_lists() {
    let found = found(&[replace(BOOK, "access: EAR, sources: 2", "access: EAR, sources: 0")]);
    assert_snapshot!(found);
}

#[test]
fn a_dot_in_a_fields_name() {
    let found = found(&[replace(LOAN, "name: Pin", "name: Card.Pin")]);
    assert_snapshot!(found);
}

#[test]
fn a_blank_in_a_tables_name() {
    let found = found(&[replace(LOAN, "table: Loan\n", "table: Lo an\n")]);
    assert_snapshot!(found);
}

#[test]
fn a_file_has_another_name_than_its_table() {
    let found = found(&[replace(LOAN, "table: Loan\n", "table: Lending\n")]);
    assert_snapshot!(found);
}

#[test]
fn other_files_among_the_tables() {
    let found = found(&[write("tables/notes.txt", "x")]);
    assert_snapshot!(found);
}

#[test]
fn the_order_key_does_not_exist() {
    let found = found(&[replace(BOOK, "order_key: Id", "order_key: id")]);
    assert_snapshot!(found);
}

#[test]
fn a_missing_order_key_needs_a_reason() {
    let found = found(&[replace(LOAN, "why: { order_key: no source lists an Id }\n", "")]);
    assert_snapshot!(found);
}

#[test]
fn an_order_key_needs_none() {
    let found = found(&[replace(BOOK, "order_key: Id\n", "order_key: Id\nwhy: { order_key: no }\n")]);
    assert_snapshot!(found);
}

#[test]
fn what_is_not_selected_needs_a_reason() {
    let found = found(&[replace(BOOK, ", why: { selected: the shelf refuses to tell }", "")]);
    assert_snapshot!(found);
}

#[test]
fn what_is_selected_needs_none() {
    let found = found(&[replace(BOOK, "access: EAR, sources: 2", "access: EAR, sources: 2, why: { selected: no }")]);
    assert_snapshot!(found);
}

#[test]
fn selected_by_default_is_not_said() {
    let found = found(&[replace(BOOK, "access: EAR, sources: 2", "access: EAR, sources: 2, selected: true")]);
    assert_snapshot!(found);
}

#[test]
fn what_cannot_be_read_is_not_selected() {
    let found = found(&[replace(LOAN, ", selected: false, why: { selected: it cannot be read }", "")]);
    assert_snapshot!(found);
}

#[test]
fn what_is_not_known_is_not_selected() {
    let found = found(&[replace(
        LOAN,
        "selected: false, why: { selected: neither its type nor its access is known }",
        "selected: true",
    )]);
    assert_snapshot!(found);
}

#[test]
fn a_relation_that_cannot_be_read() {
    let found = found(&[replace(LOAN, "Book.Id:MANY_ONE", "Book.Id:MANY_MANY")]);
    assert_snapshot!(found);
}

#[test]
fn a_relation_to_an_unknown_table() {
    let found = found(&[replace(LOAN, "relation: Book.Id:MANY_ONE", "relation: Boook.Id:MANY_ONE")]);
    assert_snapshot!(found);
}

#[test]
fn a_relation_to_an_unknown_field() {
    let found = found(&[replace(LOAN, "relation: Book.Id:MANY_ONE", "relation: Book.id:MANY_ONE")]);
    assert_snapshot!(found);
}

#[test]
fn a_target_of_ours_that_does_not_exist() {
    let found = found(&[replace(LOAN, "refers_to: Book.Id", "refers_to: Book.Isbn")]);
    assert_snapshot!(found);
}

#[test]
fn a_target_of_ours_that_the_relation_names() {
    let found = found(&[replace(LOAN, "Volume.id:ONE_ONE", "Book.Id:ONE_ONE")]);
    assert_snapshot!(found);
}

#[test]
fn a_target_of_ours_needs_a_reason() {
    let found = found(&[replace(LOAN, ", why: { relation: volumes are books }", "")]);
    assert_snapshot!(found);
}

#[test]
fn a_relation_without_a_target_of_ours_needs_none() {
    let found =
        found(&[replace(LOAN, "relation: Book.Id:MANY_ONE,", "relation: Book.Id:MANY_ONE, why: { relation: no },")]);
    assert_snapshot!(found);
}

#[test]
fn a_joined_table_that_does_not_exist() {
    let found = found(&[replace(LOAN, "  - table: Book\n", "  - table: Reader\n")]);
    assert_snapshot!(found);
}

#[test]
fn a_joined_table_is_here_twice() {
    let found = found(&[replace(
        LOAN,
        "joined:\n",
        "joined:\n  - { table: Book, through: SequelId, fields: [{ name: Id, type: id, access: R, sources: 1 }] }\n",
    )]);
    assert_snapshot!(found);
}

#[test]
fn a_join_through_an_unknown_field() {
    let found = found(&[replace(LOAN, "through: BookId", "through: BookID")]);
    assert_snapshot!(found);
}

#[test]
fn a_join_through_a_field_that_refers_to_nothing() {
    let found = found(&[replace(LOAN, "through: BookId", "through: Pin")]);
    assert_snapshot!(found);
}

#[test]
fn mistakes_in_joined_columns_are_found() {
    let found = found(&[replace(
        LOAN,
        "      - { name: Title, type: string, access: R, sources: 2 }",
        "      - { name: Title, type: string, access: E, sources: 2 }",
    )]);
    assert_snapshot!(found);
}

#[test]
fn a_broken_table_gives_no_errors_where_it_is_used() {
    let found = found(&[replace(BOOK, "table: Book\n", "table: [Book]\n")]);
    assert_snapshot!(found);
}

#[test]
fn a_broken_field_gives_no_errors_where_it_is_used() {
    let found = found(&[replace(BOOK, "name: Id, type: id,", "name: Id, type: 1,")]);
    assert_snapshot!(found);
}

#[test]
fn an_id_that_does_not_exist() {
    let found = found(&[replace(BOOK, "id: BookId", "id: BokId")]);
    assert_snapshot!(found);
}

#[test]
fn an_id_without_an_order_key() {
    let found = found(&[replace(LOAN, "joined:\n", "id: BookId\njoined:\n")]);
    assert_snapshot!(found);
}

#[test]
fn an_order_key_that_is_no_id() {
    let found = found(&[replace(BOOK, "order_key: Id", "order_key: Title")]);
    assert_snapshot!(found);
}

#[test]
fn a_fields_id_that_follows_from_its_relation() {
    let found = found(&[replace(LOAN, "relation: Book.Id:MANY_ONE,", "relation: Book.Id:MANY_ONE, id: BookId,")]);
    assert_snapshot!(found);
}

#[test]
fn a_fields_id_that_is_not_its_relations_needs_a_reason() {
    let found = found(&[replace(LOAN, "relation: Book.Id:MANY_ONE,", "relation: Book.Id:MANY_ONE, id: ReaderId,")]);
    assert_snapshot!(found);
}

#[test]
fn an_id_where_no_id_is_held() {
    let found = found(&[replace(BOOK, "Bought, type: date,", "Bought, type: date, id: BookId,")]);
    assert_snapshot!(found);
}

#[test]
fn only_a_text_is_sensitive() {
    let found = found(&[replace(BOOK, "Bought, type: date,", "Bought, type: date, sensitive: true,")]);
    assert_snapshot!(found);
}

#[test]
fn columns_that_would_have_the_same_name_in_rust() {
    let found = found(&[replace(LOAN, "name: Id, rust: book_row_id,", "name: Id,")]);
    assert_snapshot!(found);
}

#[test]
fn a_column_that_would_have_the_name_of_the_others() {
    let found = found(&[replace(BOOK, "name: Bought", "name: Extra")]);
    assert_snapshot!(found);
}

#[test]
fn a_table_with_a_name_that_generated_code_has() {
    let found = found(&[replace(LOAN, "table: Loan\n", "table: Record\n")]);
    assert_snapshot!(found);
}

#[test]
fn a_form_of_two_tables() {
    let found = found(&[replace(LOAN, "table: Loan\n", "table: Loan\nform: 7\n")]);
    assert_snapshot!(found);
}

#[test]
fn tables_that_differ_by_their_case_alone() {
    let found = found(&[write(
        "tables/BOOK.yaml",
        "table: BOOK\nwhy: { order_key: none }\nfields:\n  - { name: Id, type: id, access: R, sources: 1 }\n",
    )]);
    assert_snapshot!(found);
}

#[test]
fn aliases_that_the_docs_cannot_have() {
    let found = found(&[replace(BOOK, "aliases: [Volume]", r#"aliases: [Volume, Book, Volume, "Tome's"]"#)]);
    assert_snapshot!(found);
}
